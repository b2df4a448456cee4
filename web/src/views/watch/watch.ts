import type { Firestore } from '@firebase/firestore'
import { consume } from '@lit/context'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import type { Api } from '../../data/api/api'
import { lastAtMost } from '../../data/binary-search'
import type { Config } from '../../data/config'
import type { Frame, Session, Stream, StreamState } from '../../data/documents/model'
import type { Session as Identity } from '../../data/identity/session'
import { latency } from '../../data/latency'
import { StoreController } from '../../data/live/store-controller'
import { memoizeLast } from '../../data/memoize-last'
import { warnings } from '../../data/quotas/quotas'
import { StreamQuotaReading } from '../../data/quotas/reading'
import { configuration, database, identity, operatorApi } from '../../data/services'
import { sightings } from '../../data/sightings'
import { Filter } from '../../player/overlay/filter'
import type { OverlayDrawn } from '../../player/overlay/overlay'
import { type Moment, NOTHING } from '../../player/overlay/timeline'
import { playlistOf } from '../../player/session/playlist'
import { StreamStore } from '../../player/session/stream-store'
import { base, view } from '../../style/base'
import { address, remember } from '../../ui/route'
import { Announcer } from './announcer'
import './clip-mark'
import './filter-bar'
import '../../ui/sharing/share-button'
import './frame-panel'
import { actionOf } from '../../player/keys'
import './moment-link'
import type { MomentLink } from './moment-link'
import { Throttle } from './throttle'
import './picture-panel'
import './quota-panel'
import '../../player/player'
import type { Player } from '../../player/player'
import './session-panel'
import '../../player/session-timeline'
import './sessions-panel'
import './sightings-panel'
import '../../ui/state-chip'
import './stream-problems'
import { banners } from './watch-banners'
import { expired, missing, never, unknown } from './watch-notices'
import { facts, nothingYet, startOf, stateOf, waitingFor } from './watch-text'

/** Panels beside the picture follow it at this pace (ms); the overlay itself is drawn for every frame. */
const PACE = 200
const MOST_SIGHTINGS = 60
const ACTIVE: ReadonlySet<StreamState> = new Set(['connecting', 'live', 'reconnecting'])

/** One stream: its picture, detections and state. */
@customElement('ma-watch')
export class Watch extends LitElement {
  static override styles = [
    base,
    view,
    css`
      :host {
        max-width: 1680px;
      }
      .title span {
        color: var(--soft);
      }
      ma-filter-bar {
        margin-left: auto;
      }
      .columns {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 348px;
        grid-template-areas: 'player aside' 'timeline aside' 'sightings aside';
        grid-template-rows: auto auto 1fr;
        gap: 16px;
        align-items: start;
      }
      ma-player {
        grid-area: player;
      }
      ma-session-timeline {
        grid-area: timeline;
      }
      ma-sightings {
        grid-area: sightings;
      }
      aside {
        grid-area: aside;
        display: grid;
        gap: 14px;
        min-width: 0;
      }
      .banner {
        margin: 0 0 14px;
        padding: 10px 16px;
        border-radius: 10px;
        color: var(--ink);
        background: color-mix(in srgb, var(--warn) 18%, var(--panel));
        border: 1px solid color-mix(in srgb, var(--warn) 45%, transparent);
      }
      .banner.calm {
        background: var(--panel);
        border-color: var(--line);
      }
      .banner.bad {
        background: color-mix(in srgb, var(--live) 14%, var(--panel));
        border-color: color-mix(in srgb, var(--live) 45%, transparent);
      }
      @media (max-width: 960px) {
        .columns {
          grid-template-columns: minmax(0, 1fr);
          grid-template-areas: none;
          grid-template-rows: none;
        }
        .columns > *,
        aside > * {
          grid-area: auto;
        }
        aside {
          display: contents;
        }
        ma-picture-panel,
        ma-quota-panel,
        ma-session-panel,
        ma-sessions-panel {
          order: 1;
        }
        ma-sightings {
          order: 2; /* as long as a session: nothing is looked for below it */
        }
        ma-filter-bar {
          margin-left: 0;
        }
      }
      @media (max-width: 560px) {
        .columns,
        aside {
          gap: 12px;
        }
        ma-player {
          margin: 0 -12px;
          border-width: 1px 0;
          border-radius: 0;
        }
      }
    `,
  ]

  @consume({ context: database }) db!: Firestore
  @consume({ context: configuration }) config!: Config
  @consume({ context: identity }) identity!: Identity
  @consume({ context: operatorApi }) api!: Api
  @property() stream = ''
  /** The address: `session` and `t` (s) say what to show, the rest is the filter's. */
  @property({ attribute: false }) query = new URLSearchParams()
  @state() private moment: Moment = NOTHING
  @state() private sessionTime = 0
  @state() private announcement = ''
  @state() private filter = new Filter()
  /** Whether the moment that the address names cannot be played. */
  @state() private missed = false
  @query('ma-player') private player!: Player | null
  @query('ma-moment-link') private link!: MomentLink | null
  private store: StreamStore | null = null
  private readonly announcer = new Announcer()
  private readonly reading = new StreamQuotaReading(this)
  private readonly seen = memoizeLast((frames: readonly Frame[], filter: Filter) =>
    sightings(
      frames.map((frame) => filter.frame(frame)),
      MOST_SIGHTINGS,
    ),
  )
  private readonly throttle = new Throttle<OverlayDrawn>(PACE, (drawn) => this.follow(drawn))

  override connectedCallback(): void {
    super.connectedCallback()
    if (!this.store) {
      this.filter = Filter.read(this.query)
      this.store = new StreamStore(this.db, this.stream, this.query.get('session'))
      new StoreController(this, this.store, () => this.player?.redraw())
    }
    window.addEventListener('keydown', this.key)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    window.removeEventListener('keydown', this.key)
    this.throttle.stop()
  }

  override render(): TemplateResult {
    const { store } = this
    if (!store) return html``
    return store.stream ? this.page(store, store.stream) : unknown(store.error)
  }

  private page(store: StreamStore, stream: Stream): TemplateResult {
    const { session } = store
    const empty = !stream.session && stream.state !== 'connecting'
    const gone = store.missing && !ACTIVE.has(stream.state)
    const newest = address(this.query, { session: null, t: null })
    const sends = this.identity.mayChange(stream)
    if (store.missing && store.earlier) return missing(stream, newest)
    this.reading.follow(this.api, sends ? stream.id : '')
    const { quotas } = this.reading
    return html`
      ${quotas && !store.earlier ? html`<ma-problems .problems=${warnings(quotas)}></ma-problems>` : nothing}
      ${banners(store, stream, { missed: this.missed, newest })}
      ${
        store.earlier
          ? nothing
          : html`<ma-stream-problems
              .stream=${stream}
              .session=${session}
              .frames=${store.newest}
              .heard=${store.transcripts !== null}
            ></ma-stream-problems>`
      }
      <div class="title">
        <h1>${stream.name}</h1>
        <ma-state-chip .state=${stateOf(store, stream)} .since=${session?.started ?? 0}></ma-state-chip>
        <span>${session ? facts(session) : nothing}</span>
        ${this.tools(stream, session, sends)}
        ${empty ? nothing : html`<ma-filter-bar .filter=${this.filter} .frames=${store.frames} @filter=${this.filtered}></ma-filter-bar>`}
      </div>
      ${empty ? never(stream, sends) : gone ? expired(stream, sends) : this.picture(store, stream, session)}
      <div class="visually-hidden" aria-live="polite">${this.announcement}</div>
    `
  }

  /** For those who may act on the stream. */
  private tools(stream: Stream, session: Session | null, sends: boolean): TemplateResult {
    return html`
      ${
        sends && session
          ? html`<ma-clip-mark .stream=${stream.id} .session=${session.id} .now=${this.now}></ma-clip-mark>`
          : nothing
      }
      ${this.identity.may('operator') ? html`<ma-share-button .stream=${stream}></ma-share-button>` : nothing}
    `
  }

  private picture(store: StreamStore, stream: Stream, session: Session | null): TemplateResult {
    const playlist = playlistOf(session)
    const { filter } = this
    const { quotas } = this.reading
    return html`<div class="columns">
        <ma-player
          .waiting=${waitingFor(stream)}
          .playlist=${playlist ?? ''}
          .session=${session?.id ?? ''}
          .started=${session?.started ?? 0}
          .startAt=${startOf(this.query)}
          .stored=${session?.segments ?? 0}
          .fps=${session?.fps ?? 30}
          .timeline=${store.timeline}
          .filter=${filter}
          .frames=${store.frames}
          .transcripts=${store.transcripts}
          .snapshotAt=${this.snapshotAt}
          @overlay-drawn=${this.drawn}
          @copy-link=${this.copyLink}
          @missed=${this.miss}
          @listen=${(event: CustomEvent<boolean>) => store.listen(event.detail)}
        ><ma-moment-link></ma-moment-link></ma-player>
        <ma-session-timeline
          .stream=${stream.id}
          .session=${session}
          .frames=${store.frames}
          .segments=${store.segments}
          .since=${store.since}
          .reach=${this.reach}
          @jump=${(event: CustomEvent<number>) => this.player?.seekSession(event.detail)}
        ></ma-session-timeline>
      <aside>
        <ma-frame-panel .moment=${this.moment}></ma-frame-panel>
        <ma-picture-panel .frames=${this.framesSoFar(store)}></ma-picture-panel>
        ${quotas ? html`<ma-quota-panel .quotas=${quotas}></ma-quota-panel>` : nothing}
        <ma-session-panel .stream=${stream} .session=${session} .latency=${latency(store.frames)}></ma-session-panel>
        <ma-sessions-panel
          .stream=${stream.id}
          .shown=${session?.id ?? ''}
          .newest=${stream.session ?? ''}
          .live=${stream.state === 'live'}
          .query=${this.query}
        ></ma-sessions-panel>
      </aside>
        <ma-sightings
          .sightings=${this.seen(store.frames, filter)}
          .empty=${nothingYet(stream, store.frames, filter)}
          @jump=${(event: CustomEvent<number>) => this.player?.seekSession(event.detail)}
        ></ma-sightings>
    </div>`
  }

  private readonly now = (): number => this.sessionTime

  private readonly reach = (): { from: number; to: number } | null => this.player?.reach ?? null

  private readonly snapshotAt = (time: number): Promise<Frame | null> =>
    this.store?.snapshotAt(time) ?? Promise.resolve(null)

  private framesSoFar(store: StreamStore): readonly Frame[] {
    const last = lastAtMost(store.frames, this.sessionTime + 0.008, ({ time }) => time)
    return store.frames.slice(Math.max(0, last - 59), last + 1)
  }

  private readonly drawn = (event: CustomEvent<OverlayDrawn>): void => {
    const { moment, sessionTime, repaint } = event.detail
    if (sessionTime !== null) this.store?.seek(sessionTime)
    this.throttle.take(event.detail, repaint || moment.status !== this.moment.status)
  }

  private follow({ moment, sessionTime }: OverlayDrawn): void {
    this.moment = moment
    this.sessionTime = sessionTime ?? 0
    this.announcement = this.announcer.say(moment, performance.now()) ?? this.announcement
  }

  private readonly filtered = (event: CustomEvent<Filter>): void => {
    this.filter = event.detail
    this.query = remember(this.query, this.filter.parameters)
  }

  private readonly copyLink = (event: CustomEvent<number>): void => {
    const t = event.detail
    const search = address(this.query, { session: this.store?.session?.id ?? null, t: t.toFixed(3) })
    void this.link?.copy(new URL(search, window.location.href).href, t)
  }

  private readonly miss = (): void => {
    this.missed = true
  }

  private readonly key = (event: KeyboardEvent): void => {
    const action = actionOf(event)
    if (!action || !this.player) return
    event.preventDefault()
    this.player.act(action)
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-watch': Watch
  }
}
