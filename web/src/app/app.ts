import type { Firestore } from '@firebase/firestore'
import { ContextProvider } from '@lit/context'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, query, state } from 'lit/decorators.js'
import { keyed } from 'lit/directives/keyed.js'
import { Api } from '../data/api/api'
import { media } from '../data/api/media'
import { ConfigError, loadConfig } from '../data/config'
import { Connection } from '../data/live/connection'
import { connect } from '../data/live/firestore'
import { StoreController } from '../data/live/store-controller'
import { StreamDocument } from '../data/live/stream-document'
import { configuration, database, operatorApi } from '../data/services'
import { base } from '../style/base'
import { navigation } from '../ui/navigation'
import { type Route, routeOf } from '../ui/route'
import { VIEWS } from './views'
import './header'
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
  @state() private error: Failure | null = null
  @query('main') private main!: HTMLElement
  @state() private route = addressed()
  private connection: Connection | null = null
  private document: StreamDocument | null = null
  private documentController: StoreController | null = null
  /** Counts navigations: a part of the page that arrives late is not shown. */
  private turn = 0

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
    const db = connect(config.value)
    this.connection = new Connection(db)
    new StoreController(this, this.connection)
    const { apiUrl } = config.value
    media.connect(apiUrl)
    this.error = null
    const api = new Api(apiUrl)
    this.database.setValue(db)
    this.api.setValue(api)
    this.configuration.setValue(config.value)
    this.services = { db, api }
    this.follow(db, this.route.stream)
  }

  /** Shows another view once its part of the page is there; until then the one before stays. */
  private async go(route: Route): Promise<void> {
    this.turn += 1
    const { turn } = this
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
    return html`
      <header>
        <button class="skip" @click=${() => this.main.focus()}>Skip to the content</button>
        <ma-header .route=${this.route} .api=${this.services?.api ?? null}></ma-header>
      </header>
      ${this.banner()}
      <main tabindex="-1">${this.error ? failed(this.error) : this.view()}</main>
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
    if (!this.services) return html`<ma-notice heading="Starting…"></ma-notice>`
    if (this.document?.stream === null) {
      return html`<ma-notice tone="error" heading="There is no stream “${this.route.stream}”">
        <p>It may have been deleted, or the address is mistyped. <a href="./index.html">See all streams</a></p>
      </ma-notice>`
    }
    return html`${keyed(this.route, VIEWS[this.route.view]?.show(this.route))}`
  }
}

/** Everything that exists once the configuration is loaded. */
interface Services {
  readonly db: Firestore
  readonly api: Api
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

const notLoaded = (reason: unknown): Failure => ({
  heading: 'A part of this page could not be loaded',
  words: String(reason),
  ours: false,
})

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
