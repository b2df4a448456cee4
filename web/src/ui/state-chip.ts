import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { StreamState } from '../data/documents/model'
import { clock } from '../data/format'
import { serverClock } from '../data/server-clock'
import { base } from '../style/base'

const WORDS: Readonly<Record<StreamState, string>> = {
  idle: 'idle',
  connecting: 'connecting',
  live: 'live',
  reconnecting: 'reconnecting',
  ended: 'ended',
  error: 'error',
}

/** The state of a stream; a live one shows how long it has been running. */
@customElement('ma-state-chip')
export class StateChip extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: inline-flex;
        align-items: center;
        gap: 7px;
        padding: 3px 11px;
        border-radius: 99px;
        font-size: 0.7812rem;
        font-weight: 500;
        white-space: nowrap;
        color: var(--tone);
        background: color-mix(in srgb, var(--tone) 14%, transparent);
        --tone: var(--soft);
      }
      i {
        width: 8px;
        height: 8px;
        border-radius: 50%;
        background: currentColor;
      }
      :host([state='live']) {
        --tone: var(--live);
      }
      :host([state='connecting']),
      :host([state='reconnecting']) {
        --tone: var(--warn);
      }
      :host([state='error']) {
        --tone: var(--live);
      }
      :host([state='connecting']) i,
      :host([state='reconnecting']) i {
        animation: pulse 1.2s ease-in-out infinite;
      }
      :host([state='ended']) i,
      :host([state='idle']) i {
        background: none;
        border: 2px solid currentColor;
      }
      :host([state='error']) i {
        border-radius: 1px;
        transform: rotate(45deg);
      }
      @keyframes pulse {
        50% {
          opacity: 0.25;
        }
      }
    `,
  ]

  @property({ reflect: true }) state: StreamState = 'idle'
  /** When the session began (ms since 1970), for a live one. */
  @property({ type: Number }) since = 0
  private timer = 0

  override connectedCallback(): void {
    super.connectedCallback()
    this.timer = window.setInterval(() => this.since && this.state === 'live' && this.requestUpdate(), 1000)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    window.clearInterval(this.timer)
  }

  override render(): TemplateResult {
    const running = this.state === 'live' && this.since ? clock((serverClock.now() - this.since) / 1000) : nothing
    return html`<i aria-hidden="true"></i><span>${WORDS[this.state]} ${running}</span>`
  }
}
