import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { Stream } from '../data/documents/model'
import type { Session } from '../data/identity/session'
import { base } from '../style/base'
import type { Route } from '../ui/route'
import { offered } from './access'
import { VIEWS } from './views'
import './account'

/** Header of every view: navigation among the views that are of use to this identity, and its account. */
@customElement('ma-header')
export class Header extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 18px;
        padding: 0 20px;
        border-bottom: 1px solid var(--line);
        background: var(--panel);
      }
      a {
        display: inline-flex;
        align-items: center;
        color: var(--soft);
        text-decoration: none;
        white-space: nowrap;
        border-radius: 8px;
      }
      .brand {
        gap: 9px;
        height: 52px;
        color: var(--ink);
        font-size: 0.9375rem;
        font-weight: 650;
        letter-spacing: -0.01em;
      }
      .brand svg {
        color: var(--accent);
      }
      nav {
        display: flex;
        flex: 1;
        gap: 2px;
        min-width: 0;
        overflow-x: auto;
        scrollbar-width: none;
      }
      nav a {
        height: 32px;
        padding: 0 11px;
        font-size: 0.8438rem;
        font-weight: 500;
        outline-offset: -2px;
      }
      nav a:hover {
        color: var(--ink);
      }
      nav a[aria-current='page'] {
        color: var(--ink);
        background: var(--raised);
      }
      ma-account {
        margin-left: auto;
      }
      .tabs {
        order: 2;
        flex: 0 0 100%;
        gap: 4px;
        height: 40px;
        align-items: stretch;
        margin: 0 -9px;
      }
      .tabs a {
        position: relative;
        height: auto;
        padding: 0 9px;
        font-size: 0.8125rem;
        border-radius: 0;
      }
      .tabs a[aria-current='page'] {
        background: none;
        box-shadow: inset 0 -2px var(--accent);
      }
      .tabs .up {
        margin-right: 6px;
        padding-right: 14px;
        border-right: 1px solid var(--line);
        align-self: center;
        height: 20px;
      }
      /* On a phone the views get a row of their own, so that every one is in sight; those of a stream take their place. */
      @media (max-width: 700px) {
        :host {
          padding: 0 14px;
        }
        .brand {
          height: 48px;
        }
        nav {
          order: 1;
          flex: 0 0 100%;
          height: 40px;
          margin: 0 -9px;
          align-items: stretch;
        }
        nav a {
          height: auto;
          padding: 0 9px;
          border-radius: 0;
        }
        nav a[aria-current='page'] {
          background: none;
          box-shadow: inset 0 -2px var(--accent);
        }
        .views.within {
          display: none;
        }
      }
      @media print {
        :host {
          display: none;
        }
      }
    `,
  ]

  @property({ attribute: false }) route!: Route
  /** null until the page is configured. */
  @property({ attribute: false }) session: Session | null = null
  /** Counts identities: another one is offered other views. */
  @property({ type: Number }) turn = 0
  @property({ attribute: false }) about: Stream | null | undefined

  override render(): TemplateResult {
    const { session, about } = this
    const { stream, view } = this.route
    const views = Object.entries(VIEWS).filter(([, one]) => session && offered(one, session, about))
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
      ${session ? html`<ma-account></ma-account>` : nothing}
      ${
        stream
          ? html`<nav class="tabs" aria-label="This stream">
              ${session?.share ? nothing : html`<a class="up" href="./index.html">‹ All streams</a>`}
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
