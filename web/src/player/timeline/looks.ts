import type { Detection, Frame, Tracks } from '../../data/documents/model'

export interface Seen {
  readonly label: string
  readonly confidence: number
}

/** A label that is there for a time, in seconds of the session. */
export interface Span extends Seen {
  readonly from: number
  readonly to: number
}

/** When the labels of a look are there, up to the look at `to` (ms): each label's spans by time. */
export interface Spans {
  readonly to: number
  readonly spans: readonly Span[]
}

/** Labels of a sampled frame by kind, each once; null if its analysis failed. */
export interface Look {
  /** Milliseconds of media time: the frame's name. */
  readonly ms: number
  readonly kinds: ReadonlyMap<string, readonly Seen[] | null>
  /** By kind, where its things have been followed. */
  readonly followed?: ReadonlyMap<string, Spans>
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
  const { tracks } = frame
  const ms = Math.round(frame.time * 1000)
  const look = tracks ? { ms, kinds, followed: spansOf(tracks, frame, kinds) } : { ms, kinds }
  known.set(frame, look)
  return look
}

function spansOf(
  { to, kinds: named, items }: Tracks,
  { time }: Frame,
  kinds: ReadonlyMap<string, readonly Seen[] | null>,
): ReadonlyMap<string, Spans> {
  const found = new Map<string, Spans>()
  for (const kind of named) {
    const confidences = new Map(kinds.get(kind)?.map(({ label, confidence }) => [label, confidence]))
    const spans = items
      .filter((item) => item.kind === kind)
      .map(({ label, first, last, confidence }) => ({
        label,
        confidence: confidences.get(label) ?? confidence ?? 0,
        from: time + first.after,
        to: time + last.after,
      }))
    found.set(kind, { to: Math.round(to * 1000), spans: merged(spans) })
  }
  return found
}

/** Spans by time; those of one label that meet are one. */
export function merged(spans: readonly Span[]): readonly Span[] {
  const found: { -readonly [name in keyof Span]: Span[name] }[] = []
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const before = found.findLast(({ label }) => label === span.label)
    if (before && span.from <= before.to) before.to = Math.max(before.to, span.to)
    else found.push({ ...span })
  }
  return found
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

const IMPORT = /^\d{8}T\d{6}Z-[0-9a-f]{12}$/

/** The object of a sampled frame (docs/contracts.md): those of imports lie under batch/. */
export const snapshotOf = (stream: string, session: string, ms: number): string =>
  `${IMPORT.test(session) ? 'batch/' : ''}frames/${stream}/${session}/${String(ms).padStart(10, '0')}.jpg`
