import { lastAtMost } from '../../data/binary-search'
import type { Box, Detection, Frame, Segment } from '../../data/documents/model'
import { Coverage } from './coverage'
import { overlap } from './match'
import { coming, leaving, type Placed } from './motion'
import { detections, Pairing, speaks } from './pairing'
import { boxAt, type Following, isThere, Tracking } from './tracks'

/** A detection at one instant: measured there, followed to there, or moved between two sampled frames. */
export interface Shown extends Detection {
  readonly provider: string
  /** The sampled frame it was seen on, and where it was there (for crops and links). */
  readonly frame: Frame
  readonly seen: Box | null
  /** Whether its box is where it was seen, or lies between two places where it was; else it is a guess. */
  readonly settled: boolean
}

/**
 * covered: the analysis speaks for this instant. analysing: the picture is not analysed up to here yet.
 * failed: the provider failed on this frame. unknown: nothing is loaded for this instant.
 */
export type Status = 'covered' | 'analysing' | 'failed' | 'unknown'

export interface Moment {
  readonly status: Status
  readonly shown: readonly Shown[]
  /** Number of detections that a filter hides. */
  readonly hidden: number
  /** The sampled frame that speaks for this instant. */
  readonly frame: Frame | null
  /**
   * Whether nothing changed since the sampled frame, or the next one is analysed too, or tracks speak for all that is shown.
   * Until then places are guesses.
   */
  readonly settled: boolean
}

export const NOTHING: Moment = { status: 'unknown', shown: [], hidden: 0, frame: null, settled: false }

/** An instant between the frame at `index` and the next one. */
interface Instant {
  readonly index: number
  /** Seconds since the earlier frame; 0: it is that very frame. */
  readonly elapsed: number
  /** Instants that lie this near to each other are the same (s). */
  readonly tolerance: number
  /** 0 on the earlier frame to 1 on the later one; 0 as long as nothing changes. */
  readonly share: number
  /** Seconds since things began to move, and until the later frame. */
  readonly since: number
  readonly until: number
  /** Nothing has changed since the earlier frame. */
  readonly rests: boolean
}

/**
 * Detections by media time. A lookup is a few binary searches; how boxes of two frames belong together, and which tracks are
 * theirs, is worked out once per pair of frames. It holds what it is given: its caller bounds it.
 */
export class Timeline {
  /** Rises whenever there is something new to look up. */
  revision = 0
  private frames: readonly Frame[] = []
  private coverage = new Coverage([])
  private readonly pairing = new Pairing()
  private readonly tracking = new Tracking(this.pairing)

  /** Both sorted by time. Frames keep their identity as long as they are unchanged. */
  set(frames: readonly Frame[], segments: readonly Segment[]): void {
    this.frames = frames
    this.coverage = new Coverage(segments)
    this.revision += 1
  }

  /** The last sampled frame at or before `time`. */
  frameAt(time: number): Frame | null {
    return this.frames[lastAtMost(this.frames, time, (frame) => frame.time)] ?? null
  }

  /** The state at `time` (s from the session's start). A sampled frame within `tolerance` s is that very frame. */
  at(time: number, tolerance = 0.008): Moment {
    const index = lastAtMost(this.frames, time + tolerance, (frame) => frame.time)
    const frame = this.frames[index]
    if (!frame) {
      return { ...NOTHING, status: this.coverage.empty && this.frames.length === 0 ? 'unknown' : 'analysing' }
    }
    const exact = time - frame.time <= tolerance
    if (!exact && !this.coverage.lookedAt(time)) return { ...NOTHING, status: 'analysing' }
    const begun = this.coverage.stillUntil(frame.time)
    const until = (this.frames[index + 1]?.time ?? time) - time
    const rests = exact || time < begun
    const since = rests ? 0 : time - begun
    const share = until > 0 ? since / (since + until) : 0
    return this.moment(frame, { index, elapsed: exact ? 0 : time - frame.time, tolerance, share, since, until, rests })
  }

  private moment(frame: Frame, instant: Instant): Moment {
    const kinds = new Set([...frame.kinds, ...frame.analyses.keys()])
    const shown: Shown[] = []
    let pending = kinds.size === 0
    let failed = false
    for (const kind of kinds) {
      const analysis = frame.analyses.get(kind)
      if (!analysis) pending = true
      else if (analysis.error !== null) failed = true
      else shown.push(...this.ofKind(frame, kind, instant))
    }
    const settled = instant.rests || isAnalysed(this.frames[instant.index + 1]) || this.followed(frame, kinds, instant)
    return { status: pending ? 'analysing' : failed ? 'failed' : 'covered', shown, hidden: 0, frame, settled }
  }

  /** Whether tracks speak for all kinds at this instant. */
  private followed(frame: Frame, kinds: ReadonlySet<string>, instant: Instant): boolean {
    for (const kind of kinds) if (!this.following(frame, kind, instant)) return false
    return kinds.size > 0
  }

  /** On a sampled frame itself, what was seen there counts. */
  private following(frame: Frame, kind: string, { index, elapsed }: Instant): Following | null {
    return elapsed > 0 ? this.tracking.of(frame, this.frames[index + 1], kind) : null
  }

  private ofKind(frame: Frame, kind: string, instant: Instant): readonly Shown[] {
    const { frames, coverage, pairing } = this
    const [before, next, after] = [-1, 1, 2].map((by) => frames[instant.index + by])
    const following = this.following(frame, kind, instant)
    const stretch = {
      ...instant,
      matched: following?.boxless ?? pairing.of(frame, next, kind),
      known: speaks(next, kind),
      cut: next?.reason === 'cut',
      before: (detection: Detection) =>
        // A thing that has rested since has stopped.
        coverage.stillUntil(frame.time) > frame.time ? null : pairing.course(before, frame, coverage, kind, detection),
      after: (detection: Detection) =>
        next && coverage.stillUntil(next.time) > next.time
          ? null
          : pairing.course(next, after, coverage, kind, detection),
    }
    const settled = stretch.known || instant.rests
    const later = next ? coming(stretch).map((placed) => shownOn(next, kind, placed, true)) : []
    const rest = [...leaving(stretch).map((placed) => shownOn(frame, kind, placed, settled)), ...later]
    if (following) return [...tracked(following, kind, instant), ...rest]
    return instant.elapsed > 0 ? rest : [...rest, ...this.passing(frame, kind, instant)]
  }

  /** What tracks lead through a sampled frame, though it was not seen on it. */
  private passing(frame: Frame, kind: string, { index, tolerance }: Instant): readonly Shown[] {
    const [before, next] = [this.frames[index - 1], this.frames[index + 1]]
    const coming = before ? this.tracking.of(before, frame, kind) : null
    const going = this.tracking.of(frame, next, kind)
    const ways = [
      ...(before && coming ? tracked(coming, kind, { elapsed: frame.time - before.time, tolerance }) : []),
      ...(going ? tracked(going, kind, { elapsed: 0, tolerance }) : []),
    ]
    const seen = detections(frame, kind)
    return ways.filter((one, number) => ![...seen, ...ways.slice(0, number)].some((other) => alike(one, other)))
  }
}

const alike = (a: Detection, b: Detection): boolean =>
  a.label === b.label && a.box !== null && b.box !== null && overlap(a.box, b.box) > 0

function tracked(
  { followed }: Following,
  kind: string,
  { elapsed, tolerance }: Pick<Instant, 'elapsed' | 'tolerance'>,
): readonly Shown[] {
  return followed
    .filter(({ track }) => isThere(track, elapsed, tolerance))
    .map(({ track, detection, frame }) => {
      const placed = { detection: { ...detection, box: boxAt(track, elapsed) }, seen: detection.box, guessed: false }
      return shownOn(frame, kind, placed, true)
    })
}

function shownOn(frame: Frame, kind: string, { detection, seen, guessed }: Placed, settled: boolean): Shown {
  const provider = frame.analyses.get(kind)?.provider ?? ''
  return { ...detection, provider, frame, seen, settled: settled && !guessed }
}

function isAnalysed(frame: Frame | undefined): boolean {
  return frame !== undefined && frame.kinds.length > 0 && frame.kinds.every((kind) => frame.analyses.has(kind))
}
