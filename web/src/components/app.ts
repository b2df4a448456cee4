import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { Api } from '../api/api'
import { ConfigError, loadConfig } from '../config'
import { routeOf } from '../route'
import { connect } from '../store/firestore'
import { base } from '../styles'
import { type Context, VIEWS } from '../views'
import './notice'

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
      nav {
        display: flex;
        gap: 4px;
        margin-left: auto;
        overflow-x: auto;
      }
      nav a {
        padding: 5px 11px;
        color: var(--soft);
        font-size: 13.5px;
        font-weight: 500;
        white-space: nowrap;
      }
      nav a[aria-current='page'] {
        color: var(--ink);
        background: var(--raised);
      }
      header svg {
        color: var(--accent);
      }
      @media print {
        header {
          display: none;
        }
      }
      @media (max-width: 560px) {
        header {
          height: 46px;
          padding: 0 14px;
        }
      }
    `,
  ]

  @state() private context: Context | null = null
  @state() private error = ''
  private readonly route = routeOf(window.location.search, Object.keys(VIEWS))

  override connectedCallback(): void {
    super.connectedCallback()
    void this.start()
  }

  private async start(): Promise<void> {
    try {
      const [config] = await Promise.all([loadConfig(), VIEWS[this.route.view]?.load()])
      this.context = { config, db: connect(config), api: new Api(config.apiUrl), route: this.route }
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
        <nav aria-label="Views">
          ${Object.entries(VIEWS).map(([name, { nav }]) => (nav ? this.link(name, nav) : nothing))}
        </nav>
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
    if (!this.context) return html`<ma-notice heading="Starting…"></ma-notice>`
    return VIEWS[this.route.view]?.show(this.context) ?? html``
  }

  private link(name: string, text: string): TemplateResult {
    const here = this.route.view === name
    const target = name === 'streams' ? './index.html' : `?view=${name}`
    return html`<a href=${target} aria-current=${here ? 'page' : 'false'}>${text}</a>`
  }
}
