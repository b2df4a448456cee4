import { lastAtMost } from '../search'

/** One fragment as it lies in the video element's buffer. Seconds; `wall` is milliseconds since 1970. */
export interface Span {
  /** The element's time of the fragment's first video frame. */
  readonly start: number
  readonly end: number
  /** Program date time of that frame. */
  readonly wall: number
}

/** What of an hls.js fragment is needed here. */
export interface FragmentLike {
  readonly start: number
  readonly end: number
  readonly programDateTime: number | null
  readonly elementaryStreams: Readonly<Record<string, { startPTS: number; endPTS: number } | null>>
}

/**
 * Where the video track of a fragment lies. hls.js sets `frag.start` to whatever starts first; where audio leads, that
 * is not the first frame, whose instant is what PROGRAM-DATE-TIME names. So the video's own start is taken.
 */
export function spanOf(fragment: FragmentLike): Span | null {
  if (fragment.programDateTime === null) return null
  const video = fragment.elementaryStreams.video ?? fragment.elementaryStreams.audiovideo
  const start = video?.startPTS ?? fragment.start
  return { start, end: video?.endPTS ?? fragment.end, wall: fragment.programDateTime }
}

/**
 * From the element's media time to the wall clock of the frame, and back. It remembers fragments as they were buffered,
 * so that it still knows those that have since left a live playlist. A presented frame always comes from one of them.
 */
export class MediaClock {
  private spans: Span[] = []

  constructor(private readonly capacity = 4096) {}

  add(span: Span): void {
    const at = lastAtMost(this.spans, span.start, (s) => s.start)
    const before = this.spans[at]
    // The same fragment, fetched again after its part of the buffer was dropped.
    if (before && Math.abs(before.start - span.start) < 0.001) this.spans[at] = span
    else this.spans.splice(at + 1, 0, span)
    if (this.spans.length > this.capacity) this.spans.splice(at < this.capacity / 2 ? this.spans.length - 1 : 0, 1)
  }

  clear(): void {
    this.spans = []
  }

  get size(): number {
    return this.spans.length
  }

  /** Wall clock (ms) of the frame with this media time, or null where no fragment is known there. */
  wall(mediaTime: number): number | null {
    // Chromium rounds media times to the microsecond: a first frame may seem to lie just before its fragment.
    const span = this.spans[lastAtMost(this.spans, mediaTime + 0.002, (s) => s.start)]
    if (!span || mediaTime > span.end + 0.5) return null
    return span.wall + (mediaTime - span.start) * 1000
  }

  /** Media time at which the frame of this wall clock (ms) is shown, or null where no fragment is known there. */
  media(wall: number): number | null {
    for (const span of this.spans) {
      const time = span.start + (wall - span.wall) / 1000
      if (time >= span.start - 0.002 && time < span.end) return time
    }
    return null
  }
}
