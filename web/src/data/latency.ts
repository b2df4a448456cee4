import type { Frame } from './documents/model'

export interface Latency {
  readonly p50: number
  readonly p95: number
}

/** Seconds from a segment stored to all results of its frames, over frames whose analyses are complete. */
export function latency(frames: readonly Frame[]): Latency | null {
  const taken: number[] = []
  for (const { finalizedAt, analyses, kinds } of frames) {
    if (finalizedAt === null || analyses.size === 0 || kinds.some((kind) => !analyses.has(kind))) continue
    const times = [...analyses.values()].map(({ analyzedAt }) => analyzedAt)
    if (times.every((time) => time !== null)) taken.push((Math.max(...times) - finalizedAt) / 1000)
  }
  taken.sort((a, b) => a - b)
  return taken.length === 0 ? null : { p50: quantile(taken, 0.5), p95: quantile(taken, 0.95) }
}

/** Of a sorted, non-empty list: the smallest value that at least `q` of them do not exceed. */
export function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN
}
