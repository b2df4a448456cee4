import type { Detection, Frame } from '../../data/documents/model'
import type { Coverage } from './coverage'
import { type Matched, match } from './match'
import type { Course } from './motion'

/** Pairs of detections on neighbouring frames, computed once for each two frames and kind. */
export class Pairing {
  private readonly known = new WeakMap<Frame, Map<string, { next: Frame; matched: Matched }>>()

  of(frame: Frame, next: Frame | undefined, kind: string): Matched {
    if (!next) return match(detections(frame, kind), [])
    let kinds = this.known.get(frame)
    if (!kinds) {
      kinds = new Map()
      this.known.set(frame, kinds)
    }
    const known = kinds.get(kind)
    if (known?.next === next) return known.matched
    const matched = match(detections(frame, kind), detections(next, kind))
    kinds.set(kind, { next, matched })
    return matched
  }

  /** Motion of a detection between two frames; null if a cut lies there, or a frame was not analysed. */
  course(
    frame: Frame | undefined,
    next: Frame | undefined,
    coverage: Coverage,
    kind: string,
    detection: Detection,
  ): Course | null {
    if (!frame || !next || next.reason === 'cut' || !coverage.whole(frame.time, next.time)) return null
    const pair = this.of(frame, next, kind).pairs.find(({ from, to }) => from === detection || to === detection)
    const seconds = next.time - coverage.stillUntil(frame.time)
    return pair?.from.box && pair.to?.box && seconds > 0 ? { from: pair.from.box, to: pair.to.box, seconds } : null
  }
}

/** Whether `frame` was looked at for this kind, and with success. */
export const speaks = (frame: Frame | undefined, kind: string): boolean => frame?.analyses.get(kind)?.error === null

/** What was found on `frame` of this kind. */
export const detections = (frame: Frame, kind: string): readonly Detection[] =>
  speaks(frame, kind) ? (frame.analyses.get(kind)?.detections ?? []) : []
