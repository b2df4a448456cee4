import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { Api } from '../data/api/api'
import { base } from '../style/base'
import type { Route } from '../ui/route'
import { headerStyles } from './header-styles'
import { VIEWS } from './views'
import './lock-button'

/** Header of every view: navigation, and the operator's key. */
@customElement('ma-header')
export class Header extends LitElement {
  static override styles = [base, headerStyles]

  @property({ attribute: false }) route!: Route
  @property({ attribute: false }) api: Api | null = null

  override render(): TemplateResult {
    const { stream, view } = this.route
    const views = Object.entries(VIEWS)
    return html`
      <a class="brand" href="./index.html">
        <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
          <rect x="2" y="3.5" width="16" height="13" rx="3" fill="none" stroke="currentColor" stroke-width="2" />
          <path d="M8.3 7v6l5-3z" fill="currentColor" />
        </svg>
        Media Analyzer
      </a>
      <nav class="views ${stream ? 'within' : ''}" aria-label="Views">
        ${views.map(([name, { nav }]) =>
          nav ? link(name === 'streams' ? './index.html' : `?view=${name}`, nav, !stream && view === name) : nothing,
        )}
      </nav>
      ${this.api ? html`<ma-lock-button .api=${this.api}></ma-lock-button>` : nothing}
      ${
        stream
          ? html`<nav class="tabs" aria-label="This stream">
              <a class="up" href="./index.html">‹ All streams</a>
              ${views.map(([name, { tab }]) => (tab ? link(addressOf(stream, name), tab, view === name) : nothing))}
            </nav>`
          : nothing
      }
    `
  }
}

const addressOf = (stream: string, view: string): string =>
  `?stream=${encodeURIComponent(stream)}${view === 'watch' ? '' : `&${view}`}`

const link = (href: string, text: string, here: boolean): TemplateResult =>
  html`<a href=${href} aria-current=${here ? 'page' : 'false'}>${text}</a>`

declare global {
  interface HTMLElementTagNameMap {
    'ma-header': Header
  }
}
