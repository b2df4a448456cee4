import { collection, type Firestore, limit, orderBy, query } from '@firebase/firestore'
import { consume } from '@lit/context'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'
import type { Session } from '../../data/identity/session'
import { Live } from '../../data/live/live'
import { StoreController } from '../../data/live/store-controller'
import { StreamDocument } from '../../data/live/stream-document'
import { database, identity } from '../../data/services'
import { base, view } from '../../style/base'
import type { Route } from '../../ui/route'
import '../../ui/notice'
import './clip-card'
import { toClip } from './model'
import './new-clip'

const MOST = 100

/** Clips of a stream: what was cut from its sessions, and what is being cut. */
@customElement('ma-clips')
export class Clips extends LitElement {
  static override styles = [
    base,
    view,
    css`
      :host {
        max-width: 1100px;
      }
      ul {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 320px), 1fr));
        gap: 14px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      ma-new-clip {
        margin-bottom: 16px;
      }
    `,
  ]

  @consume({ context: database }) db!: Firestore
  @consume({ context: identity }) session!: Session
  @property({ attribute: false }) route!: Route
  private document: StreamDocument | null = null
  private readonly clips = new Live(this, toClip)

  override connectedCallback(): void {
    super.connectedCallback()
    if (this.document) return
    this.document = new StreamDocument(this.db, this.route.stream)
    new StoreController(this, this.document)
  }

  override willUpdate(): void {
    const { stream } = this.route
    this.clips.follow(stream, () =>
      query(collection(this.db, 'streams', stream, 'clips'), orderBy('created', 'desc'), limit(MOST)),
    )
  }

  override render(): TemplateResult {
    const { stream: id, query: asked } = this.route
    const { items, error } = this.clips
    const stream = this.document?.stream
    const shares = this.session.may('operator')
    const changes = this.session.mayChange(stream)
    if (!items && error) return html`<ma-notice tone="error" heading="The clips cannot be read">${error}</ma-notice>`
    return html`
      <div class="title"><h1>Clips <a href="?stream=${encodeURIComponent(id)}">${stream?.name ?? id}</a></h1></div>
      ${changes ? html`<ma-new-clip .stream=${id} .query=${asked}></ma-new-clip>` : nothing}
      ${items?.length === 0 ? html`<ma-notice heading="No clips yet"></ma-notice>` : nothing}
      <ul aria-label="Clips">
        ${repeat(
          items ?? [],
          (clip) => clip.id,
          (clip) =>
            html`<li><ma-clip-card .stream=${id} .clip=${clip} .changes=${changes} .shares=${shares}></ma-clip-card></li>`,
        )}
      </ul>
    `
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-clips': Clips
  }
}
