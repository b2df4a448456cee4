import type { Firestore } from '@firebase/firestore'
import { css, html, LitElement, type TemplateResult } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { type Config, ConfigError, loadConfig } from '../config'
import { routeOf, type View } from '../route'
import { connect } from '../store/firestore'
import { base } from '../styles'
import './notice'

/** Each view is a chunk of its own: who watches does not load what senders need. */
const VIEWS: Readonly<Record<View, () => Promise<unknown>>> = {
  streams: () => import('./streams'),
  watch: () => import('./watch'),
  publish: () => import('./publish'),
  upload: () => import('./upload'),
}

/** The page: reads its configuration, then shows the view that its address names. */
@customElement('ma-app')
export class App extends LitElement {
  static override styles = [
    base,
    css`
      header {
        display: flex;
        align-items: center;
        height: 52px;
        padding: 0 20px;
        border-bottom: 1px solid var(--line);
        background: var(--panel);
      }
      header a {
        display: inline-flex;
        align-items: center;
        gap: 9px;
        padding: 4px 2px;
        color: var(--ink);
        font-size: 15px;
        font-weight: 650;
        letter-spacing: -0.01em;
        text-decoration: none;
        border-radius: 6px;
      }
      header svg {
        color: var(--accent);
      }
      @media (max-width: 560px) {
        header {
          height: 46px;
          padding: 0 14px;
        }
      }
    `,
  ]

  @state() private config: Config | null = null
  @state() private error = ''
  private db: Firestore | null = null
  private readonly route = routeOf(window.location.search)

  override connectedCallback(): void {
    super.connectedCallback()
    void this.start()
  }

  private async start(): Promise<void> {
    try {
      const [config] = await Promise.all([loadConfig(), VIEWS[this.route.view]()])
      this.db = connect(config)
      this.config = config
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      this.error = error.message
    }
  }

  override render(): TemplateResult {
    return html`
      <header>
        <a href="./index.html">
          <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
            <rect x="2" y="3.5" width="16" height="13" rx="3" fill="none" stroke="currentColor" stroke-width="2" />
            <path d="M8.3 7v6l5-3z" fill="currentColor" />
          </svg>
          Media Analyzer
        </a>
      </header>
      <main>${this.view()}</main>
    `
  }

  private view(): TemplateResult {
    if (this.error) {
      return html`<ma-notice tone="error" heading="This page is not configured">
        <p>${this.error}</p>
        <p>config.json says where the database and the video are. Whoever deployed the page can mend it; then reload.</p>
      </ma-notice>`
    }
    if (!this.config || !this.db) return html`<ma-notice heading="Starting…"></ma-notice>`
    const { db, config } = this
    const { view, stream } = this.route
    switch (view) {
      case 'streams':
        return html`<ma-streams .db=${db} .config=${config}></ma-streams>`
      case 'watch':
        return html`<ma-watch .db=${db} .config=${config} .stream=${stream}></ma-watch>`
      case 'publish':
        return html`<ma-publish .db=${db} .config=${config} .stream=${stream}></ma-publish>`
      case 'upload':
        return html`<ma-upload .db=${db} .config=${config} .stream=${stream}></ma-upload>`
    }
  }
}
