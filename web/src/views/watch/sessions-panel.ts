import type { Firestore } from '@firebase/firestore'
import { consume } from '@lit/context'
import { css, html, LitElement, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { toSession } from '../../data/documents/documents'
import type { Session } from '../../data/documents/model'
import { clock, stamps } from '../../data/format'
import { Live } from '../../data/live/live'
import { MOST_SESSIONS, sessionsOf } from '../../data/live/sessions'
import { database } from '../../data/services'
import { base, panel } from '../../style/base'
import { address } from '../../ui/route'

/** The sessions of a stream, newest first, each with the way to its report. */
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
      li {
        display: flex;
        border-top: 1px solid var(--line);
      }
      li.shown {
        background: var(--raised);
        box-shadow: inset 3px 0 var(--accent);
      }
      a {
        padding: 7px 16px 7px 8px;
        outline-offset: -3px;
      }
      a:hover {
        background: var(--raised);
      }
      .watch {
        flex: 1;
        display: flex;
        justify-content: space-between;
        gap: 12px;
        padding: 7px 8px 7px 16px;
        color: inherit;
        text-decoration: none;
      }
      .watch span {
        color: var(--soft);
        white-space: nowrap;
      }
    `,
  ]

  @consume({ context: database }) db!: Firestore
  @property() stream = ''
  /** The one that is shown, and the newest one. */
  @property() shown = ''
  @property() newest = ''
  /** Whether something is being sent. */
  @property({ type: Boolean }) live = false
  @property({ attribute: false }) query = new URLSearchParams()
  private readonly sessions = new Live(this, toSession)

  override willUpdate(): void {
    const { db, stream } = this
    this.sessions.follow(stream, () => sessionsOf(db, stream))
  }

  override render(): TemplateResult {
    const { items, error } = this.sessions
    const all = items ?? []
    const when = stamps(all.map(({ started }) => started))
    return html`
      <h2>Sessions <span>${count(all.length)}</span></h2>
      ${error ? html`<p class="empty" role="alert">They cannot be read: ${error}</p>` : ''}
      ${items?.length === 0 ? html`<p class="empty">No sessions yet.</p>` : ''}
      <ol ?hidden=${all.length === 0} tabindex="-1">
        ${all.map((session, i) => this.row(session, when[i] ?? ''))}
      </ol>
    `
  }

  private row({ id, ended, mediaSeconds, error }: Session, when: string): TemplateResult {
    const newest = id === this.newest
    const state = newest && this.live ? 'live' : error ? 'broke off' : ended === null ? 'not ended' : ''
    const length = mediaSeconds > 0 ? clock(mediaSeconds) : ''
    return html`<li class=${id === this.shown ? 'shown' : ''}>
      <a
        class="watch"
        href=${address(this.query, { session: newest ? null : id, t: null })}
        aria-current=${id === this.shown ? 'page' : 'false'}
      >
        ${when} <span>${[state, length].filter(Boolean).join(' · ')}</span>
      </a>
      <a href=${`?stream=${encodeURIComponent(this.stream)}&report&session=${id}`} aria-label="Report of ${when}">Report</a>
    </li>`
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
