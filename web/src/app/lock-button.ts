import { consume } from '@lit/context'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, query, state } from 'lit/decorators.js'
import type { Api } from '../data/api/api'
import { Unlocked } from '../data/api/unlocked'
import { operatorApi } from '../data/services'
import { base } from '../style/base'
import '../ui/dialog'
import type { Dialog } from '../ui/dialog'
import '../ui/unlock'
import type { Unlock } from '../ui/unlock'

/** Button that takes the operator's key, or forgets it. */
@customElement('ma-lock-button')
export class LockButton extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        flex: none;
      }
      button {
        display: flex;
        align-items: center;
        gap: 7px;
        height: 32px;
        padding: 0 11px;
        color: var(--soft);
        font-size: 13px;
        background: none;
        border: 1px solid var(--line);
        border-radius: 8px;
      }
      button:hover {
        color: var(--ink);
        border-color: var(--faint);
      }
      button.open {
        color: var(--warn);
        border-color: color-mix(in srgb, var(--warn) 45%, transparent);
      }
    `,
  ]

  @consume({ context: operatorApi }) api!: Api
  @state() private asking = false
  @query('ma-dialog') private dialog!: Dialog
  @query('ma-unlock') private field!: Unlock | null

  constructor() {
    super()
    new Unlocked(this)
  }

  override updated(): void {
    if (this.asking && this.api.unlocked) this.dialog.close()
  }

  override render(): TemplateResult {
    const open = this.api.unlocked
    const title = open
      ? 'Forget the operator’s key in this tab'
      : 'Enter the operator’s key, to create, change and delete'
    return html`<button class=${open ? 'open' : ''} title=${title} @click=${open ? () => this.api.lock() : this.ask}>
        <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
          <rect x="2" y="6" width="10" height="7" rx="1.6" fill="currentColor" />
          <path
            d=${open ? 'M4.2 6V4a2.8 2.8 0 0 1 5.4-1' : 'M4.2 6V4a2.8 2.8 0 0 1 5.6 0v2'}
            fill="none"
            stroke="currentColor"
            stroke-width="1.6"
            stroke-linecap="round"
          />
        </svg>
        ${open ? 'Lock' : 'Unlock'}
      </button>
      <ma-dialog heading="Operator’s key" @dialog-closed=${this.closed}>
        ${this.asking ? html`<ma-unlock plain purpose="To create, change and delete"></ma-unlock>` : nothing}
      </ma-dialog>`
  }

  private readonly ask = async (): Promise<void> => {
    this.asking = true
    await this.updateComplete
    await this.dialog.show()
    this.field?.focus()
  }

  private readonly closed = (): void => {
    this.asking = false
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-lock-button': LockButton
  }
}
