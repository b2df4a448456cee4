import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import type { Frame, Transcript } from '../data/documents/model'
import { base } from '../style/base'
import { type Action, perform } from './media/actions'
import { Captions } from './media/captions'
import { cuesOf } from './media/cues'
import { Floating } from './media/floating'
import { Playback } from './media/playback'
import { spokenCues } from './media/speech'
import { Filter } from './overlay/filter'
import { Overlay, type OverlayDrawn, type OverlaySource } from './overlay/overlay'
import type { Timeline } from './overlay/timeline'
import './help'
import type { Help } from './help'
import './player-bar'
import { away, missing, noteOf, waiting } from './player-cover'
import { playerStyles } from './player-styles'
import type { SnapshotAt } from './seek-bar'

/**
 * Plays one playlist and draws on it. Fires `overlay-drawn` (OverlayDrawn) for each presented frame, `copy-link` (seconds
 * of the session) where a link to the moment is asked for, `missed` where the moment to begin at cannot be played, and
 * `listen` (boolean) when captions of speech are turned on or off.
 */
@customElement('ma-player')
export class Player extends LitElement {
  static override styles = [base, playerStyles]

  /** Object of the playlist; empty: nothing to play. */
  @property() playlist = ''
  /** Wall clock (ms) of the session's media time 0. */
  @property({ type: Number }) started = 0
  @property({ type: Number }) fps = 30
  @property({ attribute: false }) timeline: Timeline | null = null
  @property({ attribute: false }) filter = new Filter()
  /** Frames that are known, for captions; and any frame, for previews. */
  @property({ attribute: false }) frames: readonly Frame[] = []
  /** Transcripts; null if it is not transcribed. */
  @property({ attribute: false }) transcripts: readonly Transcript[] | null = null
  @property({ attribute: false }) snapshotAt: SnapshotAt | null = null
  /** Text while there is no picture. */
  @property() waiting = 'Loading the picture…'
  /** Segments that are known to be stored: with some a playlist must be there. */
  @property({ type: Number }) stored = 0
  /** Whether this is still the session that was shown before: then its position is kept when the address changes. */
  @property() session = ''
  /** In a page of others, which have no links to moments. */
  @property({ type: Boolean }) embedded = false
  /** Start (s of the session); null for the live edge, or the beginning of a recording. */
  @property({ attribute: false }) startAt: number | null = null
  @query('.stage') private stage!: HTMLElement
  @query('ma-help') private help!: Help
  @state() private note = ''
  @state() private ready = false
  private video: HTMLVideoElement | null = null
  private playback: Playback | null = null
  private overlay: Overlay | null = null
  private captions: Captions<Frame> | null = null
  private speech: Captions<Transcript> | null = null
  private floating: Floating | null = null
  private wall: number | null = null
  /** Whether `startAt` has been used: a session that begins later is shown as it comes. */
  private begun = false
  private sessionTime: number | null = null
  private drawnStatus = ''

  override firstUpdated(): void {
    // Kept: in a window of their own they are not to be found here.
    const [video, canvas] = [this.stage.querySelector('video'), this.stage.querySelector('canvas')]
    if (!video || !canvas) return
    this.video = video
    this.playback = new Playback(video)
    this.playback.addEventListener('change', () => this.describe())
    this.playback.addEventListener('missed', () => this.missed())
    this.overlay = new Overlay(
      video,
      canvas,
      () => this.source(),
      (detail) => this.drawn(detail),
    )
    this.overlay.start()
    const mediaTime = (time: number): number | null => this.playback?.mediaTime(this.started + time * 1000) ?? null
    this.captions = new Captions(video, 'On-screen text', cuesOf, mediaTime)
    this.speech = new Captions(video, 'Speech', spokenCues, mediaTime)
    this.floating = new Floating(video, canvas, this.stage)
    this.floating.addEventListener('change', () => {
      this.overlay?.measure()
      this.requestUpdate()
    })
    this.requestUpdate()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.floating?.close()
    this.overlay?.stop()
    this.playback?.unload()
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has('playlist') || changed.has('session')) {
      const same = changed.get('session') === undefined || changed.get('session') === this.session
      if (this.playlist) this.playback?.load(this.playlist, same && this.wall !== null ? this.wall : this.beginning())
      else this.playback?.unload()
    }
    if (changed.has('filter')) this.redraw()
    if (changed.has('frames')) this.captions?.set(this.frames)
    if (changed.has('transcripts')) this.speech?.set(this.transcripts ?? [])
  }

  /** Documents changed, or what is shown of them: the frame on the screen may look otherwise. */
  redraw(): void {
    if (this.video?.paused) this.overlay?.redraw()
  }

  /** Shows the frame at `time` (s from the session's start). False where the playlist does not reach. */
  seekSession(time: number): boolean {
    return this.playback?.show(this.started + time * 1000) ?? false
  }

  /** The playable part, in seconds of the session; null if unknown. */
  get reach(): { from: number; to: number } | null {
    const walls = this.playback?.walls
    return walls ? { from: (walls.from - this.started) / 1000, to: (walls.to - this.started) / 1000 } : null
  }

  act(action: Action): void {
    const { video, playback } = this
    if (action.type === 'help') this.help.toggle()
    if (!video || !playback || !this.ready) return
    switch (action.type) {
      case 'captions':
        this.captions?.toggle()
        break
      case 'speech':
        this.listen()
        break
      case 'float':
        // Refused without a click, or before there is a picture: then nothing has changed.
        void this.floating?.toggle().catch(() => undefined)
        break
      case 'fullscreen':
        void (document.fullscreenElement ? document.exitFullscreen() : this.requestFullscreen()).catch(() => undefined)
        break
      case 'link':
        this.dispatchEvent(new CustomEvent<number>('copy-link', { detail: this.sessionTime ?? 0 }))
        break
      default:
        perform(action, video, playback, this.fps)
    }
    this.requestUpdate()
  }

  override render(): TemplateResult {
    const { floating, playback } = this
    return html`
      <div class="stage">
        <video muted autoplay playsinline crossorigin="anonymous" @click=${() => this.act({ type: 'toggle' })}></video>
        <canvas aria-hidden="true"></canvas>
        ${this.note ? html`<div class="note" role="status">${this.note}</div>` : nothing}
        ${this.cover()}
      </div>
      <ma-player-bar
        ?hidden=${!this.ready}
        .video=${this.video}
        .playback=${playback}
        .started=${this.started}
        .snapshotAt=${this.snapshotAt}
        .captions=${this.captions?.showing ?? false}
        .speech=${this.transcripts && (this.speech?.showing ?? false)}
        .embedded=${this.embedded}
        .floating=${floating?.supported ? floating.active : null}
        @bar-action=${(event: CustomEvent<Action>) => this.act(event.detail)}
      ></ma-player-bar>
      <slot></slot>
      <ma-help></ma-help>
    `
  }

  /** Cover while there is no picture. */
  private cover(): TemplateResult | typeof nothing {
    if (this.floating?.away) return away
    if (this.ready) return nothing
    if (this.playback?.missing && this.stored > 0) return missing(this.stored)
    return this.note ? nothing : waiting(this.waiting)
  }

  private listen(): void {
    if (!this.speech || !this.transcripts) return
    this.speech.toggle()
    this.dispatchEvent(new CustomEvent<boolean>('listen', { detail: this.speech.showing }))
  }

  private source(): OverlaySource | null {
    const { playback, timeline, filter, started, fps } = this
    return playback && timeline && started ? { clock: playback.clock, timeline, filter, started, fps } : null
  }

  /** Start of a session that is shown for the first time (ms since 1970). */
  private beginning(): number | null {
    this.wall = null
    const at = this.begun ? null : this.startAt
    this.begun = true
    return at === null ? null : this.started + at * 1000
  }

  private missed(): void {
    if (this.wall === null) this.dispatchEvent(new Event('missed'))
  }

  private drawn(detail: OverlayDrawn): void {
    if (detail.wall !== null) this.wall = detail.wall
    this.sessionTime = detail.sessionTime
    if (detail.moment.status !== this.drawnStatus) {
      this.drawnStatus = detail.moment.status
      this.describe()
    }
    this.dispatchEvent(new CustomEvent('overlay-drawn', { detail, bubbles: true, composed: true }))
  }

  private describe(): void {
    const { playback } = this
    if (playback?.status === 'ready') this.ready = true
    else if (playback?.status === 'loading' || playback?.status === 'empty') this.ready = false
    this.note = playback ? noteOf(playback, this.drawnStatus) : ''
    this.requestUpdate()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-player': Player
  }
}
