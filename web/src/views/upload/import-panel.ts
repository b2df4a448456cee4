import { collection, type Firestore, limit, query, where } from '@firebase/firestore'
import { consume } from '@lit/context'
import { css, html, LitElement, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { toImport } from '../../data/documents/documents'
import { clock, percent } from '../../data/format'
import type { Session } from '../../data/identity/session'
import { Live } from '../../data/live/live'
import { database, identity } from '../../data/services'
import { base } from '../../style/base'
import { forms } from '../../style/forms'

/** Progress of the import of an uploaded object. */
@customElement('ma-import-panel')
export class ImportPanel extends LitElement {
  static override styles = [
    base,
    forms,
    css`
      :host {
        display: grid;
        gap: 12px;
      }
      p {
        margin: 0;
      }
      progress {
        width: 100%;
        accent-color: var(--accent);
      }
    `,
  ]

  @consume({ context: database }) db!: Firestore
  @consume({ context: identity }) session!: Session
  @property() stream = ''
  @property() object = ''
  /** Empty until the import has begun. */
  private readonly imports = new Live(this, toImport)

  override willUpdate(): void {
    const { db, stream, object } = this
    if (!this.session.member) return // to a sender who has the key alone, imports are closed
    this.imports.follow(`${stream}/${object}`, () =>
      query(collection(db, 'streams', stream, 'imports'), where('object', '==', object), limit(1)),
    )
  }

  override render(): TemplateResult {
    const { items, error } = this.imports
    const found = items?.[0]
    if (!this.session.member) {
      return html`<p role="status">The file has arrived, and is imported now. Members who sign in can follow that here.</p>`
    }
    if (error) return html`<p class="said bad" role="alert">The import cannot be followed: ${error}</p>`
    if (!found || found.state === 'starting') {
      return html`<p role="status">The file has arrived. Its import is about to begin…</p>
        <progress aria-label="Import"></progress>`
    }
    const watch = (text: string): TemplateResult =>
      html`<p><a class="button primary" href="?stream=${encodeURIComponent(this.stream)}">${text}</a></p>`
    if (found.state === 'done') {
      return html`<p role="status">Imported: ${clock(found.mediaSeconds)} of video.</p>
        ${watch('Watch it')}`
    }
    if (found.state === 'error') {
      return html`<p class="said bad" role="alert">The import failed: ${found.error ?? 'no reason was given'}</p>
        ${found.mediaSeconds > 0 ? watch(`Watch the ${clock(found.mediaSeconds)} that could be read`) : ''}`
    }
    const far = `${percent(found.share)}, ${clock(found.mediaSeconds)} of video so far.`
    return html`<p role="status">Importing: <span aria-live="off">${far}</span></p>
      <progress aria-label="Import" max="1" .value=${found.share}></progress>
      ${watch('Watch what is imported so far')}`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-import-panel': ImportPanel
  }
}
