import { Coverage } from './coverage'
import { type Look, type Seen, type Span, type Spans, same } from './looks'

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

/** `passing`: it led up to a look that has not seen it, and ends there unless it leads on. */
type Open = { -readonly [name in keyof Appearance]: Appearance[name] } & { passing: boolean }

/** The last look of a kind, what it saw, and how long that is there. */
interface Last {
  readonly time: number
  readonly open: Map<string, Open>
  readonly spans: Spans | undefined
}

/** Checkpoint of following: before the look at `index`, with `ended` appearances ended. */
interface Checkpoint {
  readonly index: number
  readonly ended: number
  readonly kinds: ReadonlyMap<string, Last>
}

/** Seconds of which nothing may be known within an appearance (docs/exposure.md). */
const BRIDGE = 3
/** A look is named in whole milliseconds (s). */
const SAME = 0.002
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
      if (seen === null) continue
      this.lead(kind, look.ms)
      this.kinds.set(kind, { time, open: this.goOn(kind, time, seen), spans: look.followed?.get(kind) })
    }
  }

  /** Takes the open appearances of a kind along their spans, up to the look at `ms`. */
  private lead(kind: string, ms: number): void {
    const last = this.kinds.get(kind)
    if (!last) return
    const led = new Set<Open>()
    for (const span of last.spans?.to === ms ? last.spans.spans : []) led.add(this.along(last, kind, span, led))
    for (const [label, one] of last.open) {
      if (led.has(one) ? one.to >= ms / 1000 - SAME : !one.passing) continue
      this.end(one)
      last.open.delete(label)
    }
    for (const one of led) one.passing = true
  }

  /** The appearance that is there for a span: the open one, if it goes on from where that is known to be, or a new one. */
  private along({ time, open }: Last, kind: string, { label, from, to, confidence }: Span, led: Set<Open>): Open {
    const before = open.get(label)
    if (before && (led.has(before) ? before.to : time) >= from - SAME) {
      before.to = to
      return before
    }
    if (before) this.end(before)
    const fresh = { kind, label, from, to, confidence, surest: from, passing: true }
    open.set(label, fresh)
    return fresh
  }

  /** What the look has not seen has ended, unless it leads up to it. */
  private leave(label: string, one: Open, known: number, open: Map<string, Open>): void {
    if (one.passing && !open.has(label)) open.set(label, one)
    else this.end({ ...one, to: known })
  }

  private end({ passing: _, ...one }: Open): void {
    this.ended.push(one)
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
        before.passing = false
        if (confidence > before.confidence) Object.assign(before, { confidence, surest: time })
        last?.open.delete(label)
      }
      open.set(label, before ?? { kind, label, from: time, to: time, confidence, surest: time, passing: false })
    }
    for (const [label, one] of last?.open ?? []) this.leave(label, one, known, open)
    return open
  }

  private stillOpen(): readonly Appearance[] {
    return [...this.kinds.values()].flatMap(({ time, open }) => {
      const to = this.coverage.until(time, Number.POSITIVE_INFINITY)
      return [...open.values()].map(({ passing, ...one }) => ({ ...one, to: passing ? one.to : to }))
    })
  }
}

function copied(kinds: ReadonlyMap<string, Last>): Map<string, Last> {
  const copy = ({ time, open, spans }: Last): Last => ({
    time,
    spans,
    open: new Map([...open].map(([label, one]) => [label, { ...one }])),
  })
  return new Map([...kinds].map(([kind, last]) => [kind, copy(last)]))
}
