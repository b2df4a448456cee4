import { lastAtMost } from '../../data/binary-search'
import type { Frame, Segment } from '../../data/documents/model'
import { Coverage, type Stretch } from './coverage'
import { Follower } from './follow'
import { type Lane, lanesOf } from './lanes'
import { joined, type Look, lookOf } from './looks'

/** Documents of the live end, and minutes of before. */
export interface Sources {
  readonly frames: readonly Frame[]
  readonly segments: readonly Segment[]
  readonly looks: readonly Look[]
  readonly stretches: readonly Stretch[]
}

/** All that is known of a session as lanes: laid out once for each change of what is known. */
export class History {
  lanes: readonly Lane[] = []
  looks: readonly Look[] = []
  coverage = new Coverage([])
  count = 0
  private readonly follower = new Follower()
  private before: Sources | null = null

  /** Whether anything is new. */
  update(now: Sources): boolean {
    const { before } = this
    const names = ['frames', 'segments', 'looks', 'stretches'] as const
    if (before && names.every((name) => before[name] === now[name])) return false
    this.before = now
    this.looks = joined(now.frames.map(lookOf), now.looks)
    this.coverage = new Coverage([...now.segments.map(({ time, end }) => ({ from: time, to: end })), ...now.stretches])
    const appearances = this.follower.follow(this.looks, this.coverage)
    this.count = appearances.length
    this.lanes = lanesOf(appearances)
    return true
  }

  /** End of what is known. */
  get end(): number {
    return Math.max(this.coverage.stretches.at(-1)?.to ?? 0, (this.looks.at(-1)?.ms ?? 0) / 1000)
  }

  /** The look that speaks for `time`, not before `from`; null: none does. */
  lookAt(time: number, from = 0): Look | null {
    const at = lastAtMost(this.looks, Math.max(time, from) * 1000 + 0.5, ({ ms }) => ms)
    return this.looks[at] ?? null
  }
}
