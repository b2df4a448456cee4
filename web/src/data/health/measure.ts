import type { Analysis } from '../documents/model'
import { quantile } from '../latency'
import type { MeasuredSegment, Running, StoredFrame } from './model'

/** Measures of a stream, computed from its newest documents. */

const RECENT = 30_000

/** Media seconds that come in each second, over the last half minute of segments; null: too few to say. */
export function mediaRate(segments: readonly MeasuredSegment[]): number | null {
  const [first, ...rest] = recent(segments)
  const last = rest.at(-1)
  if (!first || !last || last.finalizedAt <= first.finalizedAt) return null
  const media = rest.reduce((sum, segment) => sum + segment.end - segment.time, 0)
  return media / ((last.finalizedAt - first.finalizedAt) / 1000)
}

/** Bits of a second of media, over the same segments; null where sizes are not known. */
export function bitsPerSecond(segments: readonly MeasuredSegment[]): number | null {
  const sized = recent(segments).filter(({ bytes }) => bytes !== null)
  const media = sized.reduce((sum, segment) => sum + segment.end - segment.time, 0)
  return media > 0 ? (8 * sized.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0)) / media : null
}

function recent(segments: readonly MeasuredSegment[]): readonly MeasuredSegment[] {
  const last = segments.at(-1)
  return last ? segments.filter(({ finalizedAt }) => last.finalizedAt - finalizedAt <= RECENT) : []
}

/** EXT-X-TARGETDURATION as ingest chooses it (docs/contracts.md) for segments of so many seconds. */
export const targetDuration = (segment: number): number => [4, 6, 12].find((target) => target >= 1.2 * segment) ?? 12

export const longest = (segments: readonly MeasuredSegment[]): number =>
  Math.max(0, ...segments.map(({ time, end }) => end - time))

/** Duration of a stage, in ms. */
export interface Timing {
  readonly p50: number
  readonly p95: number
  readonly count: number
}

/** Analyses of one kind by one provider. */
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

export const sampling = (segments: readonly MeasuredSegment[]): Timing | null =>
  timing(segments.map(({ sampledAt, finalizedAt }) => sampledAt - finalizedAt))

/** Of each kind and provider, by kind. */
export function looking(frames: readonly StoredFrame[]): readonly Looking[] {
  const found = new Map<string, { kind: string; provider: string; times: number[]; own: number[]; failed: number }>()
  for (const { analyses, sampledAt, finalizedAt } of frames) {
    for (const [kind, { provider, tookMs, analyzedAt, error }] of analyses) {
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
export function whole(frames: readonly StoredFrame[]): Timing | null {
  const complete = frames.filter(
    ({ kinds, analyses }) => kinds.length > 0 && kinds.every((kind) => isDone(analyses.get(kind))),
  )
  return timing(
    complete.map(({ analyses, finalizedAt }) => Math.max(...[...analyses.values()].map(doneAt)) - finalizedAt),
  )
}

const isDone = (analysis: Analysis | undefined): boolean => analysis !== undefined && analysis.error === null
const doneAt = ({ analyzedAt }: Analysis): number => analyzedAt ?? 0

/** Work that waits before a stage. */
export interface Backlog {
  /** Segments stored after the newest sampled one, and how much media they hold (s). */
  readonly segments: number
  readonly seconds: number
  /** Earlier segments that were never sampled; they may have been refused. */
  readonly skipped: number
  /** Frames that lack results, and of those, by kind; a frame that `detect` has not begun with has none yet. */
  readonly frames: number
  readonly kinds: ReadonlyMap<string, number>
  /** When the frame was stored that has waited longest; null: none waits. */
  readonly oldest: number | null
}

export function backlog({ session, segments, frames }: Pick<Running, 'session' | 'segments' | 'frames'>): Backlog {
  const [first, last] = [segments[0], segments.at(-1)]
  const stored = session?.segments ?? 0
  const kinds = new Map<string, number>()
  const waiting = frames.filter((one) => !one.begun || missing(one).length > 0)
  for (const kind of waiting.flatMap(missing)) kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
  return {
    segments: last ? Math.max(0, stored - 1 - last.sequence) : stored,
    seconds: last && session ? Math.max(0, session.mediaSeconds - last.end) : 0,
    skipped: first && last ? last.sequence - first.sequence + 1 - segments.length : 0,
    frames: waiting.length,
    kinds,
    oldest: waiting.length > 0 ? Math.min(...waiting.map(({ finalizedAt }) => finalizedAt)) : null,
  }
}

/** A kind that failed waits too: Pub/Sub brings it back. */
const missing = ({ kinds, analyses }: StoredFrame): readonly string[] =>
  kinds.filter((kind) => !isDone(analyses.get(kind)))
