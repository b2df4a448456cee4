import type { Box, Detection, Frame, Segment } from '../model'
import { lastAtMost } from '../search'

/** A detection at one instant: measured there, or moved between two sampled frames. */
export interface Shown extends Detection {
  readonly provider: string
  /** The sampled frame it was seen on, and where it was there (for crops and links). */
  readonly frame: Frame
  readonly seen: Box | null
}

/**
 * covered: the analysis speaks for this instant. analysing: the picture is not analysed up to here yet.
 * failed: the provider failed on this frame. unknown: nothing is loaded for this instant.
 */
export type Status = 'covered' | 'analysing' | 'failed' | 'unknown'

export interface Moment {
  readonly status: Status
  readonly shown: readonly Shown[]
  /** The sampled frame that speaks for this instant. */
  readonly frame: Frame | null
  /**
   * Whether boxes are where things are: nothing changed since the sampled frame, or the next one is analysed too. Until
   * then they are held where they were: what moves may have left them behind.
   */
  readonly settled: boolean
}

export const NOTHING: Moment = { status: 'unknown', shown: [], frame: null, settled: false }

interface Pair {
  readonly from: Detection
  readonly to: Detection | null
}

/** Segments that touch may lie this far apart (s) where their times were rounded. */
const GAP = 0.1

/** A sampled frame is named in whole milliseconds (s). */
const SAME = 0.002

/**
 * Detections by media time. A lookup is two binary searches; how boxes of two frames belong together is worked out once
 * per pair of frames. It holds what it is given: whoever fills it bounds it.
 */
export class Timeline {
  private frames: readonly Frame[] = []
  private segments: readonly Segment[] = []
  private pairs = new WeakMap<Frame, Map<string, { next: Frame | undefined; pairs: readonly Pair[] }>>()

  /** Both sorted by time. Frames keep their identity as long as they are unchanged. */
  set(frames: readonly Frame[], segments: readonly Segment[]): void {
    this.frames = frames
    this.segments = segments
  }

  /** What is known of `time` (s from the session's start). A sampled frame within `tolerance` s is that very frame. */
  at(time: number, tolerance = 0.008): Moment {
    const index = lastAtMost(this.frames, time + tolerance, (frame) => frame.time)
    const frame = this.frames[index]
    if (!frame)
      return { ...NOTHING, status: this.segments.length > 0 || this.frames.length > 0 ? 'analysing' : 'unknown' }
    const exact = time - frame.time <= tolerance
    if (!exact && !this.lookedAt(time)) return { ...NOTHING, status: 'analysing' }
    const next = this.frames[index + 1]
    const still = Math.max(frame.time, this.stillUntil(frame))
    const rests = exact || time < still
    const share = rests || !next || next.time <= still ? 0 : (time - still) / (next.time - still)
    return this.moment(frame, next, share, rests || isAnalysed(next))
  }

  /** Until when segments without frames of their own inherit what `frame` shows: nothing changed. -1: none does. */
  private stillUntil(frame: Frame): number {
    let until = -1
    for (let i = lastAtMost(this.segments, frame.time, (s) => s.time) + 1; i < this.segments.length; i++) {
      const segment = this.segments[i]
      if (!segment || segment.sameAs === null || Math.abs(segment.sameAs - frame.time) > SAME) break
      until = segment.end
    }
    return until
  }

  /** Whether the segment at `time` has been sampled. Its document is written last: it says that all frames are known. */
  private lookedAt(time: number): boolean {
    const index = lastAtMost(this.segments, time, (s) => s.time)
    const [segment, next] = [this.segments[index], this.segments[index + 1]]
    if (!segment) return false
    return time < segment.end || (next !== undefined && next.time - segment.end <= GAP)
  }

  private moment(frame: Frame, next: Frame | undefined, share: number, settled: boolean): Moment {
    const kinds = new Set([...frame.kinds, ...frame.analyses.keys()])
    const shown: Shown[] = []
    let pending = kinds.size === 0
    let failed = false
    for (const kind of kinds) {
      const analysis = frame.analyses.get(kind)
      if (!analysis) pending = true
      else if (analysis.error !== null) failed = true
      else {
        for (const pair of this.pairsOf(frame, next, kind)) {
          shown.push({ ...between(pair, share), provider: analysis.provider, frame, seen: pair.from.box })
        }
      }
    }
    return { status: pending ? 'analysing' : failed ? 'failed' : 'covered', shown, frame, settled }
  }

  private pairsOf(frame: Frame, next: Frame | undefined, kind: string): readonly Pair[] {
    let kinds = this.pairs.get(frame)
    if (!kinds) {
      kinds = new Map()
      this.pairs.set(frame, kinds)
    }
    const known = kinds.get(kind)
    if (known && known.next === next) return known.pairs
    const later = next?.analyses.get(kind)
    const pairs = match(
      frame.analyses.get(kind)?.detections ?? [],
      later && later.error === null ? later.detections : [],
    )
    kinds.set(kind, { next, pairs })
    return pairs
  }
}

function isAnalysed(frame: Frame | undefined): boolean {
  return frame !== undefined && frame.kinds.length > 0 && frame.kinds.every((kind) => frame.analyses.has(kind))
}

/** The pair at `share` (0 to 1) of the way: in between where it is seen on both frames, else where it was. */
function between({ from, to }: Pair, share: number): Detection {
  if (!from.box || !to?.box || share === 0) return from
  return { ...from, box: mix(from.box, to.box, share), confidence: lerp(from.confidence, to.confidence, share) }
}

const lerp = (a: number, b: number, share: number): number => a + (b - a) * share

/** The box `share` of the way from `a` to `b`. */
export function mix(a: Box, b: Box, share: number): Box {
  return {
    x: lerp(a.x, b.x, share),
    y: lerp(a.y, b.y, share),
    width: lerp(a.width, b.width, share),
    height: lerp(a.height, b.height, share),
  }
}

/** Each detection of the earlier frame with the nearest of the same label in the later one, nearest pairs first. */
export function match(earlier: readonly Detection[], later: readonly Detection[]): readonly Pair[] {
  const candidates = earlier.flatMap((from) =>
    later
      .filter((to) => to.label === from.label && to.kind === from.kind)
      .map((to) => ({ from, to, cost: distance(from.box, to.box) }))
      .filter(({ cost }) => cost < Number.POSITIVE_INFINITY),
  )
  candidates.sort((a, b) => a.cost - b.cost)
  const partner = new Map<Detection, Detection>()
  const taken = new Set<Detection>()
  for (const { from, to } of candidates) {
    if (partner.has(from) || taken.has(to)) continue
    partner.set(from, to)
    taken.add(to)
  }
  return earlier.map((from) => ({ from, to: partner.get(from) ?? null }))
}

/** Between centres, in frames; boxes that overlap come first, and those of quite another size are never the same. */
function distance(a: Box | null, b: Box | null): number {
  if (!a || !b) return Number.POSITIVE_INFINITY
  const ratio = (a.width * a.height) / (b.width * b.height)
  if (!(ratio > 1 / 9 && ratio < 9)) return Number.POSITIVE_INFINITY
  const centres = Math.hypot(a.x + a.width / 2 - b.x - b.width / 2, a.y + a.height / 2 - b.y - b.height / 2)
  return centres - 2 * overlap(a, b)
}

/** Intersection over union. */
export function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  if (width <= 0 || height <= 0) return 0
  const both = width * height
  return both / (a.width * a.height + b.width * b.height - both)
}
