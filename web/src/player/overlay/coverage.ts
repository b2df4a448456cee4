import { lastAtMost } from '../../data/binary-search'
import type { Segment } from '../../data/documents/model'

/** Segments that touch may lie this far apart (s) where their times were rounded. */
const GAP = 0.1

/** A sampled frame is named in whole milliseconds (s). */
const SAME = 0.002

/** Coverage of an instant by the sampled segments. */
export class Coverage {
  /** `segments`: sorted by time. */
  constructor(private readonly segments: readonly Segment[]) {}

  get empty(): boolean {
    return this.segments.length === 0
  }

  /** Whether the segment at `time` has been sampled. Its document is written last: it says that all frames are known. */
  lookedAt(time: number): boolean {
    const index = lastAtMost(this.segments, time, (s) => s.time)
    const [segment, next] = [this.segments[index], this.segments[index + 1]]
    if (!segment) return false
    return time < segment.end || (next !== undefined && next.time - segment.end <= GAP)
  }

  /** Whether every segment from `from` to `to` has been sampled. */
  whole(from: number, to: number): boolean {
    let until = from
    for (let i = lastAtMost(this.segments, from, (s) => s.time); i >= 0 && i < this.segments.length; i++) {
      const segment = this.segments[i]
      if (!segment || segment.time - until > GAP) return false
      until = segment.end
      if (until >= to - GAP) return true
    }
    return false
  }

  /** Until when segments without frames of their own inherit what the frame at `time` shows: else that time itself. */
  stillUntil(time: number): number {
    let until = time
    for (let i = lastAtMost(this.segments, time, (s) => s.time) + 1; i < this.segments.length; i++) {
      const segment = this.segments[i]
      if (!segment || segment.sameAs === null || Math.abs(segment.sameAs - time) > SAME) break
      until = segment.end
    }
    return until
  }
}
