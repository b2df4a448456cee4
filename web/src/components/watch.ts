import type { Firestore } from '@firebase/firestore'
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import type { Config } from '../config'
import type { Frame, Session, Stream } from '../model'
import type { OverlayDrawn } from '../overlay/overlay'
import { type Moment, NOTHING } from '../overlay/timeline'
import { lastAtMost } from '../search'
import { latency } from '../store/latency'
import { sightings } from '../store/sightings'
import { StoreController } from '../store/store-controller'
import { StreamStore } from '../store/stream-store'
import { base } from '../styles'
import { Announcer } from './announcer'
import './countdown'
import './frame-panel'
import './how-to'
import { actionOf } from './keys'
import './notice'
import './picture-panel'
import './player'
import type { Player } from './player'
import './session-panel'
import './session-timeline'
import './sightings-panel'
import './state-chip'
import './stream-problems'
import { watchStyles } from './watch-styles'

/** Panels beside the picture follow it at this pace (ms); the overlay itself is drawn for every frame. */
const PACE = 200
const MOST_SIGHTINGS = 60

/** One stream: its picture, what is on it, and how it stands. */
@customElement('ma-watch')
export class Watch extends LitElement {
  static override styles = [base, watchStyles]

  @property({ attribute: false }) db: Firestore | null = null
  @property({ attribute: false }) config: Config | null = null
  @property() stream = ''
  @state() private moment: Moment = NOTHING
  @state() private sessionTime = 0
  @state() private announcement = ''
  @query('ma-player') private player!: Player | null
  private store: StreamStore | null = null
  private readonly announcer = new Announcer()
  private paced = 0

  override connectedCallback(): void {
    if (!this.store && this.db) {
      this.store = new StreamStore(this.db, this.stream)
      new StoreController(this, this.store, () => this.player?.redraw())
    }
    super.connectedCallback()
    window.addEventListener('keydown', this.key)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    window.removeEventListener('keydown', this.key)
  }

  override render(): TemplateResult {
    const { store } = this
    if (!store) return html``
    if (store.stream === undefined) return this.unknown(store)
    if (store.stream === null) {
      return html`<ma-notice tone="error" heading="There is no stream “${this.stream}”">
        <p>It may have been deleted, or the address has a slip. <a href="./index.html">See all streams</a></p>
      </ma-notice>`
    }
    return this.page(store, store.stream)
  }

  private unknown(store: StreamStore): TemplateResult {
    if (store.error) return html`<ma-notice tone="error" heading="The stream cannot be read">${store.error}</ma-notice>`
    return html`<ma-notice heading="Asking the database…">
      <p>If this takes long, the database cannot be reached; the page goes on trying.</p>
    </ma-notice>`
  }

  private page(store: StreamStore, stream: Stream): TemplateResult {
    const { session } = store
    const never = !stream.session && stream.state !== 'connecting'
    return html`
      ${this.banner(store, stream)}
      <ma-stream-problems
        .db=${this.db}
        .stream=${stream}
        .session=${session}
        .frames=${store.frames}
      ></ma-stream-problems>
      <div class="title">
        <h1>${stream.name}</h1>
        <ma-state-chip .state=${stream.state} .since=${session?.started ?? 0}></ma-state-chip>
        <span>${session ? facts(session) : nothing}</span>
      </div>
      ${never ? this.never(stream) : this.picture(store, stream, session)}
      <div class="visually-hidden" aria-live="polite">${this.announcement}</div>
    `
  }

  private banner(store: StreamStore, stream: Stream): TemplateResult | typeof nothing {
    if (store.error) return html`<p class="banner" role="alert">${store.error} Trying again…</p>`
    if (!store.online) {
      return html`<p class="banner" role="status">
        The database cannot be reached. What is shown is what was known last; the page goes on trying.
      </p>`
    }
    const reason = stream.error ?? store.session?.error
    if (stream.state === 'error') {
      return html`<p class="banner bad" role="alert">The stream broke off: ${reason ?? 'no reason was given'}</p>`
    }
    if (stream.state === 'reconnecting') {
      return html`<p class="banner" role="status">
        The sender has gone away. <ma-countdown .until=${stream.reconnectUntil}></ma-countdown>
      </p>`
    }
    return nothing
  }

  private never(stream: Stream): TemplateResult {
    return html`<ma-notice heading="Nothing has been streamed yet">
      <p>Send video to this stream and it appears here.</p>
      <ma-how-to .config=${this.config} .stream=${stream.id}></ma-how-to>
    </ma-notice>`
  }

  private picture(store: StreamStore, stream: Stream, session: Session | null): TemplateResult {
    const mediaUrl = this.config?.mediaUrl ?? ''
    const playlist = session && (session.ended !== null && session.vod ? session.vod : session.playlist)
    return html`<div class="columns">
        <ma-player
          .waiting=${waitingFor(stream)}
          .url=${playlist ? mediaUrl + playlist : ''}
          .session=${session?.id ?? ''}
          .started=${session?.started ?? 0}
          .fps=${session?.fps ?? 30}
          .timeline=${store.timeline}
          @overlay-drawn=${this.drawn}
        ></ma-player>
        <ma-session-timeline
          .db=${this.db}
          .stream=${stream.id}
          .session=${session}
          .frames=${store.frames}
          .segments=${store.segments}
          .since=${store.since}
          .mediaUrl=${mediaUrl}
          .reach=${this.reach}
          @jump=${(event: CustomEvent<number>) => this.player?.seekSession(event.detail)}
        ></ma-session-timeline>
      <aside>
        <ma-frame-panel .moment=${this.moment} .mediaUrl=${mediaUrl}></ma-frame-panel>
        <ma-picture-panel .frames=${this.framesSoFar(store)}></ma-picture-panel>
        <ma-session-panel .stream=${stream} .session=${session} .latency=${latency(store.frames)}></ma-session-panel>
      </aside>
        <ma-sightings
          .sightings=${sightings(store.frames, MOST_SIGHTINGS)}
          .mediaUrl=${mediaUrl}
          .empty=${nothingYet(stream, store.frames)}
          @jump=${(event: CustomEvent<number>) => this.player?.seekSession(event.detail)}
        ></ma-sightings>
    </div>`
  }

  private readonly reach = (): { from: number; to: number } | null => this.player?.reach ?? null

  private framesSoFar(store: StreamStore): readonly Frame[] {
    const last = lastAtMost(store.frames, this.sessionTime + 0.008, ({ time }) => time)
    return store.frames.slice(Math.max(0, last - 59), last + 1)
  }

  private readonly drawn = (event: CustomEvent<OverlayDrawn>): void => {
    const { moment, sessionTime, repaint } = event.detail
    const now = performance.now()
    if (sessionTime !== null) this.store?.seek(sessionTime)
    if (!repaint && now - this.paced < PACE && moment.status === this.moment.status) return
    this.paced = now
    this.moment = moment
    this.sessionTime = sessionTime ?? 0
    this.announcement = this.announcer.say(moment, now) ?? this.announcement
  }

  private readonly key = (event: KeyboardEvent): void => {
    const action = actionOf(event)
    if (!action || !this.player) return
    event.preventDefault()
    this.player.act(action)
  }
}

function facts({ width, height, fps }: Session): string {
  const parts = [width && height ? `${width} × ${height}` : '', fps ? `${Number(fps.toFixed(2))} fps` : '']
  return parts.filter(Boolean).join(' · ')
}

function waitingFor(stream: Stream): string {
  if (stream.state === 'connecting') return 'The sender has connected. The first pictures take a few seconds.'
  return stream.state === 'live' ? 'Waiting for the first segment…' : 'Loading the picture…'
}

function nothingYet(stream: Stream, frames: readonly Frame[]): string {
  if (stream.state === 'connecting') return 'What is found appears here, with the picture it was found on.'
  if (frames.length === 0) return 'No frame has been sampled yet.'
  if (frames.every(({ analyses }) => analyses.size === 0)) return 'Frames are sampled; their analysis is under way.'
  return `Nothing was found on ${frames.length === 1 ? 'the one frame' : `the ${frames.length} frames`} looked at so far.`
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-watch': Watch
  }
}
