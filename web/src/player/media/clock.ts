import { lastAtMost } from '../../data/binary-search'

/** One fragment as it lies in the video element's buffer. Seconds; `wall` is milliseconds since 1970. */
export interface Span {
  readonly start: number
  readonly end: number
  /** The element's time of the fragment's first video frame, as it would be had hls.js not moved that frame. */
  readonly origin: number
  /** Program date time of that frame. */
  readonly wall: number
  /** The first fragment after a discontinuity: its number, and how long the playlist says it is. */
  readonly joint: { readonly sn: number; readonly duration: number } | null
  readonly sn: number
}

/** The part of an hls.js fragment that is needed here. */
export interface FragmentLike {
  readonly sn: number | 'initSegment'
  readonly start: number
  readonly end: number
  readonly programDateTime: number | null
  readonly elementaryStreams: Readonly<Record<string, { startPTS: number; endPTS: number } | null>>
  /** Lines of the playlist about it: ["INF", seconds, title], ["DIS"]. */
  readonly tagList: readonly (readonly string[])[]
}

/**
 * Start of the video track of a fragment. hls.js sets `frag.start` to the track that starts first; where audio leads, that
 * is not the first frame, whose instant is what PROGRAM-DATE-TIME names. So the video's own start is taken.
 *
 * Not so after a discontinuity: where the new picture does not begin right where the old one ended (its sound leads by
 * more, say), hls.js moves its first frame there and leaves the others alone. What it does not move is the end.
 */
export function spanOf(fragment: FragmentLike): Span | null {
  if (fragment.programDateTime === null) return null
  const video = fragment.elementaryStreams.video ?? fragment.elementaryStreams.audiovideo
  const start = video?.startPTS ?? fragment.start
  const end = video?.endPTS ?? fragment.end
  const sn = typeof fragment.sn === 'number' ? fragment.sn : -1
  const duration = Number(fragment.tagList.find(([tag]) => tag === 'INF')?.[1])
  const joint = video && duration > 0 && fragment.tagList.some(([tag]) => tag === 'DIS') ? { sn, duration } : null
  return { start, end, origin: joint ? end - joint.duration : start, wall: fragment.programDateTime, joint, sn }
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
    const again = before && Math.abs(before.start - span.start) < 0.001
    if (again) this.spans[at] = span
    else this.spans.splice(at + 1, 0, span)
    this.join(again ? at - 1 : at, span)
    if (this.spans.length > this.capacity) this.spans.splice(at < this.capacity / 2 ? this.spans.length - 1 : 0, 1)
  }

  /** The end of a fragment rests on a guess, how long its last frame is; the start of the next one is exact. */
  private join(at: number, next: Span): void {
    const span = this.spans[at]
    if (span?.joint && !next.joint && next.sn === span.sn + 1) {
      this.spans[at] = { ...span, origin: next.origin - span.joint.duration }
    }
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
    // A first frame that was moved ahead is still the first frame.
    return span.wall + Math.max(0, mediaTime - span.origin) * 1000
  }

  /** Media time at which the frame of this wall clock (ms) is shown, or null where no fragment is known there. */
  media(wall: number): number | null {
    for (const span of this.spans) {
      const time = span.origin + (wall - span.wall) / 1000
      if (time >= span.origin - 0.002 && time < span.end) return time
    }
    return null
  }
}
