import type { Appearance } from './follow'

/** One label's appearances by time. Numbers lie in arrays of their own: painting thousands of them touches no object. */
export interface Lane {
  readonly key: string
  readonly kind: string
  readonly label: string
  readonly from: Float64Array
  readonly to: Float64Array
  readonly appearances: readonly Appearance[]
  /** For how long it was on the picture. */
  readonly seconds: number
}

const KINDS: readonly string[] = ['logo', 'object', 'text', 'face', 'label', 'safe_search']
const rank = (kind: string): number => (KINDS.indexOf(kind) + KINDS.length + 1) % (KINDS.length + 1)

/** A lane for each label: by kind, and what was seen longest first. */
export function lanesOf(appearances: readonly Appearance[]): readonly Lane[] {
  const groups = new Map<string, Appearance[]>()
  for (const one of appearances) {
    const key = `${one.kind}/${one.label}`
    const group = groups.get(key)
    if (group) group.push(one)
    else groups.set(key, [one])
  }
  return [...groups]
    .map(([key, group]) => laneOf(key, group))
    .sort((a, b) => rank(a.kind) - rank(b.kind) || b.seconds - a.seconds || a.label.localeCompare(b.label))
}

function laneOf(key: string, group: Appearance[]): Lane {
  const appearances = group.sort((a, b) => a.from - b.from)
  const [first] = appearances
  return {
    key,
    kind: first?.kind ?? '',
    label: first?.label ?? '',
    from: Float64Array.from(appearances, ({ from }) => from),
    to: Float64Array.from(appearances, ({ to }) => to),
    appearances,
    seconds: appearances.reduce((sum, { from, to }) => sum + to - from, 0),
  }
}

/** Kinds that have lanes, in their order. */
export const kindsOf = (lanes: readonly Lane[]): readonly string[] => [...new Set(lanes.map(({ kind }) => kind))]

/** Index of the last value that is at most `key`, or -1. */
export function atMost(values: Float64Array, key: number): number {
  let low = 0
  let high = values.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((values[middle] as number) <= key) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** First and one past the last of a lane's appearances that touch `from` to `to`. A lane's own never overlap. */
export function between(lane: Lane, from: number, to: number): readonly [number, number] {
  const before = atMost(lane.from, from)
  const first = before >= 0 && (lane.to[before] as number) >= from ? before : before + 1
  return [first, Math.max(first, atMost(lane.from, to) + 1)]
}

/** Index of a lane's appearance at `time`, or nearest to it within `slack` seconds; -1 if there is none. */
export function hit(lane: Lane, time: number, slack: number): number {
  const [first, end] = between(lane, time - slack, time + slack)
  let best = -1
  let least = Number.POSITIVE_INFINITY
  for (let at = first; at < end; at += 1) {
    const away = Math.max((lane.from[at] as number) - time, time - (lane.to[at] as number), 0)
    if (away < least) [best, least] = [at, away]
  }
  return best
}

/** Index of a lane's appearance that begins nearest to `time`; -1 if it has none. */
export function nearest(lane: Lane, time: number): number {
  const before = atMost(lane.from, time)
  const after = before + 1
  if (before < 0 || after >= lane.from.length) return Math.min(Math.max(before, 0), lane.from.length - 1)
  return time - (lane.from[before] as number) <= (lane.from[after] as number) - time ? before : after
}
