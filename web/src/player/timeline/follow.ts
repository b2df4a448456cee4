import { Coverage } from './coverage'
import { type Look, type Seen, same } from './looks'

/** A label that is on the picture without a break, in seconds of the session. */
export interface Appearance {
  readonly kind: string
  readonly label: string
  readonly from: number
  readonly to: number
  /** The highest confidence, and when that was. */
  readonly confidence: number
  readonly surest: number
}

type Open = { -readonly [name in keyof Appearance]: Appearance[name] }

/** The last look of a kind, and what it saw. */
interface Last {
  readonly time: number
  readonly open: Map<string, Open>
}

/** Checkpoint of following: before the look at `index`, with `ended` appearances ended. */
interface Checkpoint {
  readonly index: number
  readonly ended: number
  readonly kinds: ReadonlyMap<string, Last>
}

/** Seconds of which nothing may be known within an appearance (docs/exposure.md). */
const BRIDGE = 3
const EVERY = 256

/**
 * Looks to appearances: what a look sees is there until the next look of that kind, as far as the media was sampled. A
 * look whose analysis failed, or has yet to come, says nothing. What came last time and has not changed is not
 * followed again.
 */
export class Follower {
  private looks: readonly Look[] = []
  private coverage = new Coverage([])
  private ended: Appearance[] = []
  private kinds = new Map<string, Last>()
  private checkpoints: Checkpoint[] = []
  /** Looks that were followed, over all: what tests hold against what changed. */
  followed = 0

  /** The appearances in `looks` (by time), in no particular order. */
  follow(looks: readonly Look[], coverage: Coverage): readonly Appearance[] {
    const start = this.rewind(looks, coverage)
    this.looks = looks
    this.coverage = coverage
    for (let index = start; index < looks.length; index += 1) {
      if (index % EVERY === 0 && index > start) this.checkpoints.push(this.saved(index))
      this.add(looks[index] as Look)
    }
    this.followed += looks.length - start
    return [...this.ended, ...this.stillOpen()]
  }

  /** Goes back to the last checkpoint before anything that has changed; from which look to go on. */
  private rewind(looks: readonly Look[], coverage: Coverage): number {
    const unchanged = same(this.looks, looks)
    const until = this.coverage.differs(coverage)
    while (this.checkpoints.length > 0) {
      const last = this.checkpoints.at(-1) as Checkpoint
      const before = this.looks[last.index - 1]
      if (last.index <= unchanged && before && before.ms / 1000 <= until) break
      this.checkpoints.pop()
    }
    const point = this.checkpoints.at(-1)
    this.ended.length = point?.ended ?? 0
    this.kinds = copied(point?.kinds ?? new Map())
    return point?.index ?? 0
  }

  private saved(index: number): Checkpoint {
    return { index, ended: this.ended.length, kinds: copied(this.kinds) }
  }

  private add(look: Look): void {
    const time = look.ms / 1000
    for (const [kind, seen] of look.kinds) {
      if (seen !== null) this.kinds.set(kind, { time, open: this.goOn(kind, time, seen) })
    }
  }

  /** Updates the open appearances of a kind after a look at `time`; labels that it lacks have ended. */
  private goOn(kind: string, time: number, seen: readonly Seen[]): Map<string, Open> {
    const last = this.kinds.get(kind)
    const known = last ? this.coverage.until(last.time, time) : time
    const open = new Map<string, Open>()
    for (const { label, confidence } of seen) {
      const before = time - known <= BRIDGE ? last?.open.get(label) : undefined
      if (before) {
        before.to = time
        if (confidence > before.confidence) Object.assign(before, { confidence, surest: time })
        last?.open.delete(label)
      }
      open.set(label, before ?? { kind, label, from: time, to: time, confidence, surest: time })
    }
    for (const one of last?.open.values() ?? []) this.ended.push({ ...one, to: known })
    return open
  }

  private stillOpen(): readonly Appearance[] {
    return [...this.kinds.values()].flatMap(({ time, open }) => {
      const to = this.coverage.until(time, Number.POSITIVE_INFINITY)
      return [...open.values()].map((one) => ({ ...one, to }))
    })
  }
}

function copied(kinds: ReadonlyMap<string, Last>): Map<string, Last> {
  const copy = ({ time, open }: Last): Last => ({
    time,
    open: new Map([...open].map(([label, one]) => [label, { ...one }])),
  })
  return new Map([...kinds].map(([kind, last]) => [kind, copy(last)]))
}
