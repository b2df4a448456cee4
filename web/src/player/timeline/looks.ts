import type { Detection, Frame } from '../../data/documents/model'

export interface Seen {
  readonly label: string
  readonly confidence: number
}

/** Labels of a sampled frame by kind, each once; null if its analysis failed. */
export interface Look {
  /** Milliseconds of media time: the frame's name. */
  readonly ms: number
  readonly kinds: ReadonlyMap<string, readonly Seen[] | null>
}

const known = new WeakMap<Frame, Look>()

/** A frame as a look; the same frame is the same look. */
export function lookOf(frame: Frame): Look {
  const before = known.get(frame)
  if (before) return before
  const kinds = new Map<string, readonly Seen[] | null>()
  for (const [kind, { error, detections }] of frame.analyses) {
    kinds.set(kind, error === null ? surest(detections) : null)
  }
  const look = { ms: Math.round(frame.time * 1000), kinds }
  known.set(frame, look)
  return look
}

function surest(detections: readonly Detection[]): readonly Seen[] {
  const found = new Map<string, Seen>()
  for (const { label, confidence } of detections) {
    if (confidence > (found.get(label)?.confidence ?? -1)) found.set(label, { label, confidence })
  }
  return [...found.values()]
}

/** Two lists by time as one; where both have a look, the one of `first` counts. */
export function joined(first: readonly Look[], second: readonly Look[]): readonly Look[] {
  if (first.length === 0 || second.length === 0) return first.length === 0 ? second : first
  const all: Look[] = []
  let at = 0
  for (const look of first) {
    for (let other = second[at]; other && other.ms <= look.ms; other = second[++at]) {
      if (other.ms < look.ms) all.push(other)
    }
    all.push(look)
  }
  return all.concat(second.slice(at))
}

/** Number of looks at which two lists by time begin to differ. */
export function same(before: readonly Look[], after: readonly Look[]): number {
  const most = Math.min(before.length, after.length)
  let count = 0
  while (count < most && before[count] === after[count]) count += 1
  return count
}

/** The object of a sampled frame (docs/contracts.md). */
export const snapshotOf = (stream: string, session: string, ms: number): string =>
  `frames/${stream}/${session}/${String(ms).padStart(10, '0')}.jpg`
