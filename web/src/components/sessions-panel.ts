import type { Firestore } from '@firebase/firestore'
import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { clock } from '../format'
import type { Session } from '../model'
import { address } from '../route'
import { MOST_SESSIONS, watchSessions } from '../store/sessions'
import { base, panel } from '../styles'

const STAMP: Intl.DateTimeFormatOptions = {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
}

/** The sessions of a stream, newest first, as links. */
@customElement('ma-sessions-panel')
export class SessionsPanel extends LitElement {
  static override styles = [
    base,
    panel,
    css`
      ol {
        margin: 0;
        padding: 0 0 6px;
        max-height: 292px;
        overflow-y: auto;
        list-style: none;
      }
      a {
        display: flex;
        justify-content: space-between;
        gap: 12px;
        padding: 7px 16px;
        color: inherit;
        text-decoration: none;
        border-top: 1px solid var(--line);
        outline-offset: -3px;
      }
      a:hover {
        background: var(--raised);
      }
      a[aria-current='page'] {
        background: var(--raised);
        box-shadow: inset 3px 0 var(--accent);
      }
      a span {
        color: var(--soft);
        white-space: nowrap;
      }
    `,
  ]

  @property({ attribute: false }) db: Firestore | null = null
  @property() stream = ''
  /** The one that is shown, and the newest one. */
  @property() shown = ''
  @property() newest = ''
  /** Whether something is being sent. */
  @property({ type: Boolean }) live = false
  @property({ attribute: false }) query = new URLSearchParams()
  @state() private sessions: readonly Session[] = []
  @state() private error = ''
  private stop: (() => void) | null = null

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.stop?.()
    this.stop = null
  }

  override updated(_: PropertyValues<this>): void {
    if (this.stop || !this.db || !this.isConnected) return
    const known = (sessions: readonly Session[]): void => {
      this.sessions = sessions
      this.error = ''
    }
    this.stop = watchSessions(this.db, this.stream, known, (message) => {
      this.error = message
    })
  }

  override render(): TemplateResult {
    const { sessions, error } = this
    return html`
      <h2>Sessions <span>${count(sessions.length)}</span></h2>
      ${error ? html`<p class="empty" role="alert">They cannot be read: ${error}</p>` : ''}
      ${sessions.length === 0 && !error ? html`<p class="empty">There is none yet.</p>` : ''}
      <ol ?hidden=${sessions.length === 0} tabindex="-1">
        ${sessions.map((session) => html`<li>${this.link(session)}</li>`)}
      </ol>
    `
  }

  private link({ id, started, ended, mediaSeconds, error }: Session): TemplateResult {
    const newest = id === this.newest
    const state = newest && this.live ? 'live' : error ? 'broke off' : ended === null ? 'not ended' : ''
    const length = mediaSeconds > 0 ? clock(mediaSeconds) : ''
    return html`<a
      href=${address(this.query, { session: newest ? null : id, t: null })}
      aria-current=${id === this.shown ? 'page' : 'false'}
    >
      ${new Date(started).toLocaleString(undefined, STAMP)}
      <span>${[state, length].filter(Boolean).join(' · ')}</span>
    </a>`
  }
}

function count(sessions: number): string {
  if (sessions >= MOST_SESSIONS) return `the newest ${MOST_SESSIONS}`
  return sessions > 1 ? String(sessions) : ''
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-sessions-panel': SessionsPanel
  }
}
