import type { Firestore } from '@firebase/firestore'
import { consume } from '@lit/context'
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import type { Frame, Segment, Session } from '../data/documents/model'
import { clock } from '../data/format'
import { database } from '../data/services'
import { base, labelColor, panel } from '../style/base'
import { styled } from '../style/styled'
import type { OverlayDrawn } from './overlay/overlay'
import { Board } from './timeline/board'
import { type Choice, chosenBy } from './timeline/choice'
import type { Stretch } from './timeline/coverage'
import { Gestures, type Handled } from './timeline/gestures'
import { type TimelineAction, timelineAction } from './timeline/keys'
import { type Look, snapshotOf } from './timeline/looks'
import { AXIS, ROW, type Scene } from './timeline/paint'
import { SessionMinutes } from './timeline/session-minutes'
import { Stage } from './timeline/stage'
import { Scale } from './timeline/view'
import { foot, head, nameOf, names, option, totals } from './timeline-parts'
import { timelineStyles } from './timeline-styles'
import './timeline-tip'
import type { Tip } from './timeline-tip'

/** New results are laid out at this pace (ms), and what can be played is asked for at that one. */
const PACE = 250
const REACH_PACE = 1000
const TIP = 216
/** About the height of the card. */
const CARD = 190

/** A whole session, one lane per label. Fires `jump` (seconds of the session). */
@customElement('ma-session-timeline')
export class SessionTimeline extends LitElement {
  static override styles = [base, panel, labelColor, timelineStyles]

  @consume({ context: database }) db!: Firestore
  @property() stream = ''
  @property({ attribute: false }) session: Session | null = null
  /** Documents that the page follows live, and the time from which they are complete (s). */
  @property({ attribute: false }) frames: readonly Frame[] = []
  @property({ attribute: false }) segments: readonly Segment[] = []
  @property({ type: Number }) since = 0
  /** Returns what can be played now, in seconds of the session; null if unknown. */
  @property({ attribute: false }) reach: () => Stretch | null = () => null
  @state() private tip: (Tip & { readonly x: number; readonly y: number }) | null = null
  @state() private note = ''
  @query('canvas') private canvas!: HTMLCanvasElement
  @query('.stage') private field!: HTMLElement
  @query('.playhead') private playhead!: HTMLElement
  @query('.cursor') private cursor!: HTMLElement
  private board = new Board()
  private minutes: SessionMinutes | null = null
  private stage: Stage | null = null
  private time: number | null = null
  private pointed: number | null = null
  private playable: Stretch | null = null
  private asked = 0
  private timer = 0
  private laidOut = 0
  private placed = 0
  private root: Node | null = null

  override connectedCallback(): void {
    super.connectedCallback()
    // The picture is drawn beside this element: its events pass through what both lie in.
    this.root = this.getRootNode()
    this.root.addEventListener('overlay-drawn', this.drawn)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.root?.removeEventListener('overlay-drawn', this.drawn)
    window.clearTimeout(this.timer)
    this.timer = 0
    this.stage?.close()
    this.stage = null
    this.minutes?.close()
    this.minutes = null
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('session') && changed.get('session')?.id !== this.session?.id) this.begin()
    if ((['frames', 'segments', 'session', 'since'] as const).some((name) => changed.has(name))) this.soon()
  }

  override firstUpdated(): void {
    new Gestures(this.field, this.handled, () => this.shadowRoot?.activeElement === this.field)
  }

  override updated(): void {
    this.stage ??= new Stage(this.canvas, this.scene, this.place)
    this.stage.request()
  }

  override render(): TemplateResult {
    const { board } = this
    const some = board.lanes.length > 0
    return html`
      ${head(board, this.select, this.act)}
      <div class="rows">
        ${names(board)}
        <div class="track">
          <div
            class="stage ${this.tip?.appearance ? 'over' : ''}"
            role=${some ? 'listbox' : nothing}
            tabindex=${some ? 0 : nothing}
            aria-label=${some ? 'Appearances' : nothing}
            aria-describedby=${some ? 'keys' : nothing}
            aria-activedescendant=${board.choice ? nameOf(board.choice) : nothing}
            @keydown=${this.key}
            @focus=${this.focused}
            @blur=${this.hideTip}
          >
            <canvas aria-hidden="true" ${styled({ height: `${board.lanes.length * ROW + AXIS}px` })}></canvas>
            ${option(board)}
          </div>
          <i class="cursor" hidden></i>
          <i class="playhead" hidden></i>
          ${this.card()}
        </div>
        ${totals(board)}
      </div>
      ${foot(board, this.minutes, this.note, this.select)}
    `
  }

  private card(): TemplateResult | typeof nothing {
    const { tip } = this
    if (!tip) return nothing
    const left = Math.max(0, Math.min(this.width - TIP, tip.x - TIP / 2))
    const { top } = this.field.getBoundingClientRect()
    // Under its lane, or above it where the screen ends.
    const above = top + tip.y + CARD > window.innerHeight && top > CARD
    const y = above ? `calc(${tip.y - ROW}px - 100%)` : `${tip.y}px`
    const place = { transform: `translate(${left.toFixed(1)}px, ${y})` }
    return html`<ma-timeline-tip .tip=${tip} ${styled(place)}></ma-timeline-tip>`
  }

  /** Another session: nothing of the one before stays. */
  private begin(): void {
    const { kind, all } = this.board
    this.board = new Board()
    this.board.select(kind, all)
    this.minutes?.close()
    this.minutes = this.db && this.session ? new SessionMinutes(this.db, this.stream, this.session.id) : null
    this.minutes?.addEventListener('change', this.soon)
    this.playable = null
    this.tip = null
    this.note = ''
    this.laidOut = 0
  }

  /** Lays out again, throttled: documents come many at a time. */
  private readonly soon = (): void => {
    if (this.timer !== 0) return
    this.timer = window.setTimeout(this.layOut, Math.max(0, this.laidOut + PACE - performance.now()))
  }

  private readonly layOut = (): void => {
    this.timer = 0
    this.laidOut = performance.now()
    const { frames, segments, minutes } = this
    const [looks, stretches] = [minutes?.looks ?? NO_LOOKS, minutes?.stretches ?? NO_STRETCHES]
    this.board.update({ frames, segments, looks, stretches }, this.session?.mediaSeconds ?? 0)
    this.changed()
  }

  /** The view, or what is in it, is another: it is painted, and read where it is not known yet. */
  private readonly changed = (): void => {
    this.minutes?.want(this.board.view, this.since)
    this.requestUpdate()
  }

  private readonly scene = (): Scene | null => {
    const { view, end, lanes, hues, known, choice } = this.board
    return { view, end, lanes, hues, known, reach: this.playable, chosen: choice }
  }

  /** Playhead and cursor lie over the canvas: moving them paints nothing. */
  private readonly place = (): void => {
    if (this.width !== this.placed) this.resized()
    const scale = new Scale(this.board.view, this.width)
    for (const [line, time] of [
      [this.playhead, this.time],
      [this.cursor, this.pointed],
    ] as const) {
      const x = time === null ? -1 : scale.x(time)
      line.hidden = x < 0 || x > this.width
      line.style.transform = `translateX(${x.toFixed(1)}px)`
    }
  }

  /** The card was where its place is no more. */
  private resized(): void {
    this.placed = this.width
    if (this.tip) this.showChosen()
  }

  private get width(): number {
    return this.stage?.width ?? 0
  }

  private readonly drawn = (event: Event): void => {
    this.time = (event as CustomEvent<OverlayDrawn>).detail.sessionTime
    this.place()
    const now = performance.now()
    if (now - this.asked < REACH_PACE) return
    this.asked = now
    this.playable = this.reached()
    this.stage?.request()
  }

  /** A recording can be played whole: then there is nothing to mark. */
  private reached(): Stretch | null {
    return this.session?.ended === null ? this.reach() : null
  }

  private readonly select = (kind: string, all: boolean): void => {
    this.board.select(kind, all)
    this.hideTip()
    this.changed()
  }

  private readonly handled: Handled = {
    zoom: (factor, x) => {
      this.board.zoom(factor, this.scale.time(x))
      this.changed()
    },
    pan: (pixels) => {
      this.board.pan(this.scale.seconds(pixels))
      this.changed()
    },
    hover: (place) => {
      this.pointed = place && this.scale.time(place.x)
      this.tip = place && this.tipAt(this.board.at(place.x, place.y, this.width), place.x)
      this.place()
    },
    click: (x, y) => {
      const choice = this.board.at(x, y, this.width)
      const one = choice && this.board.appearance(choice)
      const time = this.scale.time(x)
      this.board.choice = choice
      this.tip = this.tipAt(choice, x)
      // A sliver is hard to hit: it is gone to where it begins.
      this.jump(one && this.scale.x(one.to) - this.scale.x(one.from) < 12 ? one.from : time)
      this.changed()
    },
  }

  private get scale(): Scale {
    return new Scale(this.board.view, this.width)
  }

  private tipAt(choice: Choice | null, x: number): Tip & { x: number; y: number } {
    const appearance = choice && this.board.appearance(choice)
    const time = this.scale.time(x)
    const inside = appearance ? Math.min(appearance.to, Math.max(appearance.from, time)) : time
    const ms = this.board.lookAt(inside, appearance?.from)
    const snapshot = ms === null || !this.session ? '' : snapshotOf(this.stream, this.session.id, ms)
    const y = choice ? (choice.lane + 1) * ROW : this.board.lanes.length * ROW + AXIS
    return { appearance, time: inside, snapshot, x, y }
  }

  private readonly hideTip = (): void => {
    this.tip = null
  }

  private jump(time: number): void {
    const playable = this.reached()
    this.playable = playable
    const outside = playable && (time < playable.from || time > playable.to)
    this.note = outside
      ? `While the stream is live, ${clock(Math.max(0, playable.from))} to ${clock(playable.to)} can be watched; all of it once it has ended.`
      : ''
    if (!outside) this.dispatchEvent(new CustomEvent<number>('jump', { detail: time }))
  }

  private readonly focused = (): void => {
    // By a click something is chosen already, or meant not to be.
    if (this.field.matches(':focus-visible') && !this.board.choice) this.act({ type: 'first' })
  }

  private readonly key = (event: KeyboardEvent): void => {
    const action = timelineAction(event)
    if (!action) return
    event.preventDefault()
    event.stopPropagation()
    this.act(action)
  }

  private readonly act = (action: TimelineAction): void => {
    const { board } = this
    const one = board.chosen
    if (action.type === 'zoom') board.zoom(action.by, this.middle())
    else if (action.type === 'pan') board.turn(action.by)
    else if (action.type === 'fit') board.fit()
    else if (action.type === 'clear') board.choose(null)
    else if (action.type === 'jump') this.jump(one?.from ?? this.time ?? 0)
    else board.choose(chosenBy(action, board.lanes, board.choice, this.time ?? 0))
    this.showChosen()
    this.changed()
  }

  /** Fixed point of a zoom by keys and buttons: the chosen appearance, or the playhead, if it is in view. */
  private middle(): number {
    const { view, chosen } = this.board
    const wanted = chosen ? (chosen.from + chosen.to) / 2 : this.time
    return wanted !== null && wanted > view.from && wanted < view.to ? wanted : (view.from + view.to) / 2
  }

  private showChosen(): void {
    const { choice, chosen, view } = this.board
    if (!choice || !chosen) {
      this.hideTip()
      return
    }
    const [from, to] = [Math.max(chosen.from, view.from), Math.min(chosen.to, view.to)]
    const time = Math.min(to, Math.max(from, chosen.surest))
    this.tip = this.tipAt(choice, this.scale.x(time))
  }
}

const NO_LOOKS: readonly Look[] = []
const NO_STRETCHES: readonly Stretch[] = []

declare global {
  interface HTMLElementTagNameMap {
    'ma-session-timeline': SessionTimeline
  }
}
