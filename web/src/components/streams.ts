import { collection, documentId, type Firestore, limit, onSnapshot, orderBy, query } from '@firebase/firestore'
import { css, html, LitElement, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import type { Config } from '../config'
import type { Stream } from '../model'
import { toStream } from '../store/documents'
import { base } from '../styles'
import './command'
import './notice'
import './state-chip'

/** The streams there are, as links. */
@customElement('ma-streams')
export class Streams extends LitElement {
  static override styles = [
    base,
    css`
      section {
        max-width: 860px;
        margin: 28px auto;
        padding: 0 20px;
      }
      h1 {
        margin: 0 0 16px;
        font-size: 22px;
        letter-spacing: -0.02em;
      }
      ul {
        margin: 0;
        padding: 0;
        list-style: none;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--panel);
        overflow: hidden;
      }
      li + li {
        border-top: 1px solid var(--line);
      }
      a {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 2px 16px;
        align-items: center;
        padding: 13px 18px;
        color: inherit;
        text-decoration: none;
        outline-offset: -3px;
      }
      a:hover {
        background: var(--raised);
      }
      b {
        font-weight: 600;
      }
      small {
        color: var(--faint);
        font-size: 12.5px;
        overflow-wrap: anywhere;
      }
      ma-state-chip {
        grid-row: 1 / 3;
        grid-column: 2;
      }
    `,
  ]

  @property({ attribute: false }) db: Firestore | null = null
  @property({ attribute: false }) config: Config | null = null
  @state() private streams: readonly Stream[] | null = null
  @state() private error = ''
  private close: (() => void) | null = null

  override connectedCallback(): void {
    super.connectedCallback()
    if (!this.db) return
    this.close = onSnapshot(
      query(collection(this.db, 'streams'), orderBy(documentId()), limit(200)),
      { includeMetadataChanges: true },
      (snapshot) => {
        if (snapshot.empty && snapshot.metadata.fromCache) return
        this.error = ''
        this.streams = snapshot.docs.map((doc) => toStream(doc.id, doc.data()))
      },
      (error) => {
        this.error = error.message
      },
    )
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.close?.()
  }

  override render(): TemplateResult {
    if (this.error) return html`<ma-notice tone="error" heading="The streams cannot be read">${this.error}</ma-notice>`
    if (!this.streams) return html`<ma-notice heading="Asking the database…">One moment.</ma-notice>`
    if (this.streams.length === 0) return this.first()
    return html`<section>
      <h1>Streams</h1>
      <ul>
        ${this.streams.map(
          (stream) => html`<li>
            <a href="?stream=${encodeURIComponent(stream.id)}">
              <b>${stream.name}</b><small>${stream.source ?? stream.id}</small>
              <ma-state-chip .state=${stream.state}></ma-state-chip>
            </a>
          </li>`,
        )}
      </ul>
    </section>`
  }

  private first(): TemplateResult {
    const command = `curl -X POST -H "Authorization: Bearer ADMIN_KEY" -H "Content-Type: application/json" \\
  -d '{"id": "my-stream", "name": "My stream"}' ${this.config?.apiUrl ?? ''}/streams`
    return html`<ma-notice heading="There is no stream yet">
      <p>Create one. The answer holds its key, once; then open it here to see how to send video.</p>
      <ma-command .text=${command}></ma-command>
    </ma-notice>`
  }
}
