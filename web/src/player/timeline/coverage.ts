import { lastAtMost } from '../../data/binary-search'

/** Media that was sampled without a hole, in seconds. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

/** Stretches so near to each other touch: their times were rounded. */
const GAP = 0.1

/** The parts of a session that are known. */
export class Coverage {
  readonly stretches: readonly Stretch[]

  /** `parts` in any order; they may overlap. */
  constructor(parts: readonly Stretch[]) {
    const found: { from: number; to: number }[] = []
    for (const { from, to } of [...parts].sort((a, b) => a.from - b.from)) {
      const last = found.at(-1)
      if (last && from - last.to <= GAP) last.to = Math.max(last.to, to)
      else found.push({ from, to })
    }
    this.stretches = found
  }

  /** End of what is known without a hole from `at` on, `limit` at most; `at` itself if nothing is. */
  until(at: number, limit: number): number {
    const stretch = this.stretches[lastAtMost(this.stretches, at + GAP, ({ from }) => from)]
    return Math.max(at, Math.min(limit, stretch?.to ?? at))
  }

  /** The first instant at which `other` differs; Infinity if it does not. */
  differs(other: Coverage): number {
    const most = Math.max(this.stretches.length, other.stretches.length)
    for (let at = 0; at < most; at += 1) {
      const [a, b] = [this.stretches[at], other.stretches[at]]
      if (!a || !b) return (a ?? b)?.from ?? 0
      if (a.from !== b.from) return Math.min(a.from, b.from)
      if (a.to !== b.to) return Math.min(a.to, b.to)
    }
    return Number.POSITIVE_INFINITY
  }
}
