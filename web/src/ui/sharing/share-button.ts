import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import type { Stream } from '../../data/documents/model'
import { base } from '../../style/base'
import { forms } from '../../style/forms'
import type { ShareDialog } from './share-dialog'

/** Opens the dialog about who sees a stream; loads it then. */
@customElement('ma-share-button')
export class ShareButton extends LitElement {
  static override styles = [base, forms]

  @property({ attribute: false }) stream!: Stream
  @state() private open = false
  @query('ma-share-dialog') private dialog!: ShareDialog | null

  override render(): TemplateResult {
    return html`<button class="button" @click=${this.show}>Share</button>
      ${this.open ? html`<ma-share-dialog .stream=${this.stream}></ma-share-dialog>` : nothing}`
  }

  private readonly show = async (): Promise<void> => {
    await import('./share-dialog')
    this.open = true
    await this.updateComplete
    await this.dialog?.show()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-share-button': ShareButton
  }
}
