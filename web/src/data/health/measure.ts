import { quantile } from '../latency'
import type { Piece, Running, Sent } from './model'

/** Figures out of the newest documents of a stream. */

const RECENT = 30_000

/** Media seconds that come in each second, over the last half minute of segments; null: too few to say. */
export function mediaRate(pieces: readonly Piece[]): number | null {
  const [first, ...rest] = recent(pieces)
  const last = rest.at(-1)
  if (!first || !last || last.finalizedAt <= first.finalizedAt) return null
  const media = rest.reduce((sum, piece) => sum + piece.end - piece.time, 0)
  return media / ((last.finalizedAt - first.finalizedAt) / 1000)
}

/** Bits of a second of media, over the same segments; null where sizes are not known. */
export function bitsPerSecond(pieces: readonly Piece[]): number | null {
  const sized = recent(pieces).filter(({ bytes }) => bytes !== null)
  const media = sized.reduce((sum, piece) => sum + piece.end - piece.time, 0)
  return media > 0 ? (8 * sized.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0)) / media : null
}

function recent(pieces: readonly Piece[]): readonly Piece[] {
  const last = pieces.at(-1)
  return last ? pieces.filter(({ finalizedAt }) => last.finalizedAt - finalizedAt <= RECENT) : []
}

/** EXT-X-TARGETDURATION as ingest chooses it (docs/contracts.md) for segments of so many seconds. */
export const targetDuration = (segment: number): number => [4, 6, 12].find((target) => target >= 1.2 * segment) ?? 12

export const longest = (pieces: readonly Piece[]): number => Math.max(0, ...pieces.map(({ time, end }) => end - time))

/** How long a stage took, in ms. */
export interface Timing {
  readonly p50: number
  readonly p95: number
  readonly count: number
}

/** One way that frames take: a kind, and who looked. */
export interface Looking {
  readonly kind: string
  readonly provider: string
  /** From the frame stored to its result. */
  readonly timing: Timing | null
  /** Of that, the provider's own (median, ms). */
  readonly own: number | null
  readonly failed: number
}

export function timing(times: readonly number[]): Timing | null {
  const sorted = times.map((time) => Math.max(0, time)).sort((a, b) => a - b)
  return sorted.length === 0 ? null : { p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95), count: sorted.length }
}

export const sampling = (pieces: readonly Piece[]): Timing | null =>
  timing(pieces.map(({ sampledAt, finalizedAt }) => sampledAt - finalizedAt))

/** Of each kind and provider, by kind. */
export function looking(sent: readonly Sent[]): readonly Looking[] {
  const found = new Map<string, { kind: string; provider: string; times: number[]; own: number[]; failed: number }>()
  for (const { answers, sampledAt, finalizedAt } of sent) {
    for (const [kind, { provider, tookMs, analyzedAt, error }] of answers) {
      const id = `${kind}/${provider}`
      const one = found.get(id) ?? { kind, provider, times: [], own: [], failed: 0 }
      found.set(id, one)
      if (error !== null) one.failed += 1
      else if (analyzedAt !== null) one.times.push(analyzedAt - (sampledAt ?? finalizedAt))
      if (error === null && tookMs !== null) one.own.push(tookMs)
    }
  }
  return [...found.values()]
    .map(({ times, own, ...one }) => ({ ...one, timing: timing(times), own: timing(own)?.p50 ?? null }))
    .sort((a, b) => a.kind.localeCompare(b.kind) || a.provider.localeCompare(b.provider))
}

/** From a segment stored to all results of a frame of it. */
export function whole(sent: readonly Sent[]): Timing | null {
  const complete = sent.filter(
    ({ kinds, answers }) => kinds?.length && kinds.every((kind) => isDone(answers.get(kind))),
  )
  return timing(
    complete.map(({ answers, finalizedAt }) => Math.max(...[...answers.values()].map(doneAt)) - finalizedAt),
  )
}

type Answered = ReturnType<Sent['answers']['get']>
const isDone = (answer: Answered): boolean => answer !== undefined && answer.error === null
const doneAt = (answer: Answered): number => answer?.analyzedAt ?? 0

/** What waits before a stage. */
export interface Backlog {
  /** Segments stored after the newest sampled one, and how much media they hold (s). */
  readonly segments: number
  readonly seconds: number
  /** Segments before it that never were: refused, perhaps. */
  readonly skipped: number
  /** Frames that lack results, and of those, by kind; a frame that `detect` has not begun with has none yet. */
  readonly frames: number
  readonly kinds: ReadonlyMap<string, number>
  /** When the frame was stored that has waited longest; null: none waits. */
  readonly oldest: number | null
}

export function backlog({ session, pieces, sent }: Pick<Running, 'session' | 'pieces' | 'sent'>): Backlog {
  const [first, last] = [pieces[0], pieces.at(-1)]
  const stored = session?.segments ?? 0
  const kinds = new Map<string, number>()
  const waiting = sent.filter((one) => one.kinds === null || missing(one).length > 0)
  for (const kind of waiting.flatMap(missing)) kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
  return {
    segments: last ? Math.max(0, stored - 1 - last.sequence) : stored,
    seconds: last && session ? Math.max(0, session.mediaSeconds - last.end) : 0,
    skipped: first && last ? last.sequence - first.sequence + 1 - pieces.length : 0,
    frames: waiting.length,
    kinds,
    oldest: waiting.length > 0 ? Math.min(...waiting.map(({ finalizedAt }) => finalizedAt)) : null,
  }
}

/** A kind that failed waits too: Pub/Sub brings it back. */
const missing = ({ kinds, answers }: Sent): readonly string[] =>
  kinds?.filter((kind) => !isDone(answers.get(kind))) ?? []
