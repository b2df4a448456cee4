import type { Box } from '../../data/documents/model'
import { onDensity } from '../../ui/density'
import type { MediaClock } from '../media/clock'
import { Easing } from './easing'
import type { Filter } from './filter'
import { contain, paint, type Size } from './paint'
import { type Moment, NOTHING, type Timeline } from './timeline'

/** Detail of `overlay-drawn`: what was drawn on the frame that is on the screen. Times in seconds, wall in ms. */
export interface OverlayDrawn {
  readonly mediaTime: number
  readonly sessionTime: number | null
  readonly wall: number | null
  readonly boxes: readonly (Box & { label: string; kind: string; confidence: number })[]
  readonly moment: Moment
  /** Drawn again for the same frame: data came, or the size changed. */
  readonly repaint: boolean
}

/** Read again for each frame. */
export interface OverlaySource {
  readonly clock: MediaClock
  readonly timeline: Timeline
  readonly filter: Filter
  /** Wall clock (ms) of media time 0. */
  readonly started: number
  readonly fps: number
}

/** Draws, for every frame the browser presents, what is known of that frame: on media time, never the wall clock. */
export class Overlay {
  private handle = 0
  private mediaTime: number | null = null
  private size: Size = { width: 0, height: 0 }
  private readonly resized: ResizeObserver
  private endDensity: () => void = () => undefined
  private readonly easing = new Easing()
  private readonly calm = window.matchMedia('(prefers-reduced-motion: reduce)')

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly canvas: HTMLCanvasElement,
    private readonly source: () => OverlaySource | null,
    private readonly drawn: (detail: OverlayDrawn) => void,
  ) {
    this.resized = new ResizeObserver(() => this.resize())
  }

  start(): void {
    this.resized.observe(this.canvas)
    this.endDensity = onDensity(this.redraw)
    this.video.addEventListener('seeked', this.redraw)
    this.video.addEventListener('emptied', this.clear)
    this.next()
  }

  stop(): void {
    this.resized.disconnect()
    this.endDensity()
    this.video.removeEventListener('seeked', this.redraw)
    this.video.removeEventListener('emptied', this.clear)
    this.cancel()
  }

  /** The picture has moved to another window, or its window changed: neither observers nor callbacks go along. */
  measure(): void {
    this.cancel()
    this.next()
    this.resize()
  }

  /** Draws the frame on the screen once more; while playing, the next one is soon enough. */
  readonly redraw = (): void => {
    if (this.mediaTime !== null) this.draw(this.mediaTime, true)
  }

  private readonly clear = (): void => {
    this.mediaTime = null
    const context = this.canvas.getContext('2d')
    if (context) paint(context, { x: 0, y: 0, ...this.size }, [], 1)
  }

  private resize(): void {
    const { clientWidth: width, clientHeight: height } = this.canvas
    if (width === this.size.width && height === this.size.height) return
    this.size = { width, height }
    this.redraw()
  }

  private cancel(): void {
    if ('cancelVideoFrameCallback' in this.video) this.video.cancelVideoFrameCallback(this.handle)
    else cancelAnimationFrame(this.handle)
  }

  private next(): void {
    if ('requestVideoFrameCallback' in this.video) {
      this.handle = this.video.requestVideoFrameCallback((_, frame) => this.presented(frame.mediaTime))
    } else {
      // Without the callback the element's own clock has to do; it may be a frame off.
      this.handle = requestAnimationFrame(() => this.presented((this.video as HTMLVideoElement).currentTime))
    }
  }

  private presented(mediaTime: number): void {
    this.mediaTime = mediaTime
    this.draw(mediaTime, false)
    this.next()
  }

  private draw(mediaTime: number, repaint: boolean): void {
    const source = this.source()
    const wall = source?.clock.wall(mediaTime) ?? null
    const sessionTime = source && wall !== null ? (wall - source.started) / 1000 : null
    const moment = source && sessionTime !== null ? this.moment(source, sessionTime, repaint) : NOTHING
    this.paint(moment)
    const boxes = moment.shown.flatMap(({ label, kind, confidence, box }) =>
      box ? [{ label, kind, confidence, ...box }] : [],
    )
    this.drawn({ mediaTime, sessionTime, wall, boxes, moment, repaint })
  }

  /** Detections to draw at `time`; corrections are eased to during playback. */
  private moment({ timeline, filter, fps }: OverlaySource, time: number, repaint: boolean): Moment {
    const moment = filter.moment(timeline.at(time, 0.5 / fps))
    if (repaint || this.video.paused || this.calm.matches) {
      this.easing.reset()
      return moment
    }
    const again = (before: number) => timeline.at(before, 0.5 / fps).shown
    const shown = this.easing.ease(time, moment.shown, timeline.revision, again)
    return shown === moment.shown ? moment : { ...moment, shown }
  }

  private paint(moment: Moment): void {
    const context = this.canvas.getContext('2d')
    if (!context) return
    const ratio = window.devicePixelRatio || 1
    const width = Math.round(this.size.width * ratio)
    const height = Math.round(this.size.height * ratio)
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height })
    const picture = { width: this.video.videoWidth, height: this.video.videoHeight }
    paint(context, contain(picture, this.size), moment.shown, ratio)
  }
}
