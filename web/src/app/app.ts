import type { Firestore } from '@firebase/firestore'
import { ContextProvider } from '@lit/context'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, query, state } from 'lit/decorators.js'
import { keyed } from 'lit/directives/keyed.js'
import { Api } from '../data/api/api'
import { media } from '../data/api/media'
import { ConfigError, loadConfig } from '../data/config'
import { Session } from '../data/identity/session'
import { Connection } from '../data/live/connection'
import { appOf, connect } from '../data/live/firestore'
import { StoreController } from '../data/live/store-controller'
import { StreamDocument } from '../data/live/stream-document'
import { configuration, database, identity, operatorApi } from '../data/services'
import { base } from '../style/base'
import { navigation } from '../ui/navigation'
import { type Route, routeOf, secretOf } from '../ui/route'
import { lacking } from './access'
import { VIEWS } from './views'
import './header'
import '../ui/missing-role'
import '../ui/notice'

/** The page: reads its configuration, then shows the view that its address names. */
@customElement('ma-app')
export class App extends LitElement {
  static override styles = [
    base,
    css`
      main {
        outline: none;
      }
      .skip {
        position: absolute;
        top: 8px;
        left: 8px;
        z-index: 2;
        padding: 8px 14px;
        color: var(--on-accent);
        background: var(--accent);
        border: 0;
        border-radius: 8px;
      }
      .skip:not(:focus) {
        clip-path: inset(50%);
      }
      .banner {
        margin: 0;
        padding: 9px 20px;
        color: var(--ink);
        background: color-mix(in srgb, var(--warn) 18%, var(--panel));
        border-bottom: 1px solid color-mix(in srgb, var(--warn) 45%, transparent);
      }
      .button {
        height: 36px;
        padding: 0 14px;
        color: var(--ink);
        background: var(--raised);
        border: 1px solid var(--line);
        border-radius: 8px;
      }
    `,
  ]

  @state() private services: Services | null = null
  private readonly database = new ContextProvider(this, { context: database })
  private readonly api = new ContextProvider(this, { context: operatorApi })
  private readonly configuration = new ContextProvider(this, { context: configuration })
  private readonly identity = new ContextProvider(this, { context: identity })
  @state() private error: Failure | null = null
  @query('main') private main!: HTMLElement
  @state() private route = secretOf(window.location.hash) === null ? addressed() : shared(addressed(), '')
  private connection: Connection | null = null
  private document: StreamDocument | null = null
  private documentController: StoreController | null = null
  /** Counts navigations: a part of the page that arrives late is not shown. */
  private turn = 0
  private identityTurn = 0

  override connectedCallback(): void {
    super.connectedCallback()
    navigation.open()
    navigation.addEventListener('navigate', () => void this.go(addressed()))
    void this.start()
  }

  override updated(): void {
    const view = VIEWS[this.route.view]
    const about = this.document?.stream?.name ?? this.route.stream
    document.title = [about, view?.title ?? view?.nav, 'Media Analyzer'].filter(Boolean).join(' · ')
  }

  private async start(): Promise<void> {
    const [config, view] = await Promise.allSettled([loadConfig(), VIEWS[this.route.view]?.load()])
    if (config.status === 'rejected') {
      if (!(config.reason instanceof ConfigError)) throw config.reason
      this.error = { heading: 'This page is not configured', words: config.reason.message, ours: true }
      return
    }
    if (view.status === 'rejected') {
      this.error = notLoaded(view.reason)
      return
    }
    const app = appOf(config.value)
    const { appCheck } = config.value
    // Before Firestore's first request, which would be refused without it.
    const proof = appCheck ? (await import('../data/identity/app-check')).prove(app, appCheck.siteKey) : null
    const db = connect(app, config.value)
    const session = new Session(config.value, app, db, proof)
    this.connection = new Connection(db, session)
    new StoreController(this, this.connection)
    const { apiUrl } = config.value
    media.connect(apiUrl, () => session.token())
    this.error = null
    this.database.setValue(db)
    this.api.setValue(new Api(apiUrl, session))
    this.configuration.setValue(config.value)
    this.identity.setValue(session)
    this.services = { db, session }
    session.addEventListener('change', this.identified)
    await session.start(secretOf(window.location.hash))
  }

  /** Another identity sees other documents: nothing of the one before is kept. */
  private readonly identified = (): void => {
    const { session, db } = this.services ?? {}
    if (!session || !db) return
    if (session.turn !== this.identityTurn) {
      this.identityTurn = session.turn
      media.forget()
      if (session.share) this.route = shared(this.route, session.share.stream)
      this.follow(db, '')
      this.follow(db, this.route.stream)
    }
    this.requestUpdate()
  }

  /** Shows another view once its part of the page is there; until then the one before stays. */
  private async go(asked: Route): Promise<void> {
    this.turn += 1
    const { turn } = this
    const { share } = this.services?.session ?? {}
    const route = share ? shared(asked, share.stream) : asked
    try {
      await VIEWS[route.view]?.load()
    } catch (error) {
      if (turn === this.turn) await this.renew(error)
      return
    }
    if (turn !== this.turn) return
    this.route = route
    if (!this.services) {
      if (this.error) await this.start() // what was missing may be there now; else the first start goes on
      return
    }
    this.error = null
    this.follow(this.services.db, route.stream)
    await this.updateComplete
    navigation.arrived(this.main)
  }

  /** Loads the page again if its server answers: in a new version the parts of the page have other names. */
  private async renew(error: unknown): Promise<void> {
    const answered = await fetch('./index.html', { cache: 'no-store' }).then(
      ({ ok }) => ok,
      () => false,
    )
    if (answered) window.location.reload()
    else this.error = notLoaded(error)
  }

  private follow(db: Firestore, stream: string): void {
    if (stream === (this.document?.id ?? '')) return
    this.documentController?.release()
    this.document = stream ? new StreamDocument(db, stream) : null
    this.documentController = this.document && new StoreController(this, this.document)
  }

  override render(): TemplateResult {
    const main = html`<main tabindex="-1">${this.error ? failed(this.error) : this.view()}</main>`
    if (this.route.view === 'embed') return main
    return html`
      <header>
        <button class="skip" @click=${() => this.main.focus()}>Skip to the content</button>
        <ma-header
          .route=${this.route}
          .session=${this.services?.session ?? null}
          .turn=${this.identityTurn}
          .about=${this.document?.stream}
        ></ma-header>
      </header>
      ${this.banner()} ${main}
    `
  }

  private banner(): TemplateResult | typeof nothing {
    const { connection } = this
    if (!connection?.offline && !connection?.unreachable) return nothing
    return html`<p class="banner" role="status">
      ${connection.offline ? 'This device is offline.' : 'The database cannot be reached.'} The page shows the last known state, and continues by itself once the connection is back.
    </p>`
  }

  private view(): TemplateResult {
    const { session } = this.services ?? {}
    if (!session || session.standing === 'starting') {
      return html`<ma-notice heading="Starting…">${session?.said ? html`<p>${session.said}</p>` : nothing}</ma-notice>`
    }
    const { route } = this
    return this.instead(session) ?? html`${keyed(session.turn, html`${keyed(route, VIEWS[route.view]?.show(route))}`)}`
  }

  /** What is shown in place of a view that this identity may not see; null: it may. */
  private instead(session: Session): TemplateResult | null {
    const { route } = this
    const view = VIEWS[route.view]
    const { stream, refused = false } = this.document ?? {}
    const lacks = view && lacking(view, session, { route, stream })
    if (lacks) {
      const { purpose, least, deployment = false } = lacks
      return html`<ma-missing-role .purpose=${purpose} .least=${least} .deployment=${deployment}></ma-missing-role>`
    }
    // A link that has ended, or never opened anything, shows nothing more, were its stream public by now.
    const ended = session.standing === 'stranger' && secretOf(window.location.hash) !== null
    // A sender with the key alone need not see the stream; a member who does not is told that there is none.
    const sends = view?.byKey === true && !session.member
    const unseen = ended || stream === null || (refused && !sends)
    if (route.view === 'embed') return unseen || !route.stream ? closed(session.said) : null
    if (!unseen) return null
    if (ended) return html`<ma-missing-role purpose="To see more than it showed"></ma-missing-role>`
    if (!session.member && refused) return html`<ma-missing-role purpose="To see this stream"></ma-missing-role>`
    return unknown(route.stream)
  }
}

/** Everything that exists once the configuration is loaded. */
interface Services {
  readonly db: Firestore
  readonly session: Session
}

interface Failure {
  readonly heading: string
  readonly words: string
  /** Only an operator of the deployment can mend it. */
  readonly ours: boolean
}

/** Hoisted: the element is on the page already when its class is defined. */
function addressed(): Route {
  return routeOf(window.location.search, Object.keys(VIEWS))
}

/** Hoisted, as above. A share link shows one stream, and of its views these. */
function shared(route: Route, stream: string): Route {
  return { ...route, view: route.view === 'report' || route.view === 'embed' ? route.view : 'watch', stream }
}

const notLoaded = (reason: unknown): Failure => ({
  heading: 'A part of this page could not be loaded',
  words: String(reason),
  ours: false,
})

const unknown = (stream: string): TemplateResult =>
  html`<ma-notice tone="error" heading="There is no stream “${stream}”">
    <p>
      It may have been deleted, the address is mistyped, or it is not open to you: an operator of its tenant can list you
      as a viewer, or send you a link. <a href="./index.html">See all streams</a>
    </p>
  </ma-notice>`

/** In a page that embeds this one, which is no place to sign in. */
const closed = (said: string): TemplateResult =>
  html`<ma-notice heading="This video is not open here">
    <p>${said || 'The link that shows it is missing, has expired or was revoked.'}</p>
  </ma-notice>`

function failed({ heading, words, ours }: Failure): TemplateResult {
  return html`<ma-notice tone="error" heading=${heading}>
    ${
      ours
        ? html`<p>${words}</p>
            <p>config.json says where the database and the video are. Ask the operator of this deployment to correct it, then reload.</p>`
        : html`<p>The connection may have failed, or a new version of the page was deployed.</p>
            <p><button class="button" @click=${() => window.location.reload()}>Load the page again</button></p>
            <p><small>${words}</small></p>`
    }
  </ma-notice>`
}
