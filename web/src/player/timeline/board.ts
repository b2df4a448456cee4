import { hueOf } from '../overlay/colors'
import { type Choice, kept } from './choice'
import type { Appearance } from './follow'
import { History, type Sources } from './history'
import { hit, kindsOf, type Lane } from './lanes'
import { ROW } from './paint'
import { entire, follow, isWhole, pan, reveal, Scale, span, type View, zoom } from './view'

/** Lanes that are shown at first, and when all are asked for. */
export const FEW = 8
const MOST = 48

/** State of a timeline: the lanes of a session, the part in view, and the chosen appearance. */
export class Board {
  lanes: readonly Lane[] = []
  hues: readonly number[] = []
  view: View = entire(0)
  end = 0
  choice: Choice | null = null
  /** Only lanes of this kind; empty: of all. */
  kind = ''
  all = false
  private readonly history = new History()

  /** Takes what is known now of a session of `seconds`. */
  update(sources: Sources, seconds: number): void {
    const fresh = this.history.update(sources)
    const end = Math.max(this.history.end, seconds)
    this.view = follow(this.view, this.end, end)
    this.end = end
    if (fresh) this.arrange()
  }

  /** Shows other lanes. */
  select(kind: string, all: boolean): void {
    this.kind = kind
    this.all = all
    this.arrange()
  }

  private arrange(): void {
    const { lanes } = this
    this.lanes = this.matching.slice(0, this.all ? MOST : FEW)
    this.hues = this.lanes.map(({ label }) => hueOf(label))
    this.choice = kept(this.choice, lanes, this.lanes)
  }

  /** All lanes of the kind, shown or not. */
  get matching(): readonly Lane[] {
    return this.history.lanes.filter(({ kind }) => this.kind === '' || kind === this.kind)
  }

  get kinds(): readonly string[] {
    return kindsOf(this.history.lanes)
  }

  get known(): History['coverage']['stretches'] {
    return this.history.coverage.stretches
  }

  /** Number of appearances, shown or not. */
  get count(): number {
    return this.matching.reduce((sum, { appearances }) => sum + appearances.length, 0)
  }

  get whole(): boolean {
    return isWhole(this.view, this.end)
  }

  zoom(factor: number, at = (this.view.from + this.view.to) / 2): void {
    this.view = zoom(this.view, factor, at, this.end)
  }

  /** By so many seconds. */
  pan(by: number): void {
    this.view = pan(this.view, by, this.end)
  }

  fit(): void {
    this.view = entire(this.end)
  }

  /** By a share of what is seen. */
  turn(share: number): void {
    this.pan(share * span(this.view))
  }

  choose(choice: Choice | null): void {
    this.choice = choice
    const one = this.chosen
    if (one) this.view = reveal(this.view, one.from, one.to, this.end)
  }

  get chosen(): Appearance | null {
    return this.choice && this.appearance(this.choice)
  }

  appearance({ lane, at }: Choice): Appearance | null {
    return this.lanes[lane]?.appearances[at] ?? null
  }

  /** The lane and appearance at a place of a timeline that is `width` wide, within a few pixels. */
  at(x: number, y: number, width: number): Choice | null {
    const scale = new Scale(this.view, width)
    const row = Math.floor(y / ROW)
    const lane = this.lanes[row]
    const found = lane ? hit(lane, scale.time(x), scale.seconds(4)) : -1
    return found < 0 ? null : { lane: row, at: found }
  }

  /** Milliseconds of the look that speaks for `time`, not before `from` (s); null: none does. */
  lookAt(time: number, from = 0): number | null {
    return this.history.lookAt(time, from)?.ms ?? null
  }
}
