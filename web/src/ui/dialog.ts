import { css, html, LitElement, type TemplateResult } from 'lit'
import { customElement, property, query } from 'lit/decorators.js'
import { base } from '../style/base'

/** A dialog with a heading. Fires `dialog-closed`; the focus goes back to where it was. */
@customElement('ma-dialog')
export class Dialog extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: contents;
      }
      dialog {
        width: min(640px, calc(100vw - 24px));
        max-height: calc(100dvh - 24px);
        padding: 0;
        overflow: auto;
        color: var(--ink);
        background: var(--panel);
        border: 1px solid var(--line);
        border-radius: var(--radius);
        box-shadow: 0 24px 80px rgb(0 0 0 / 0.45);
      }
      dialog::backdrop {
        background: rgb(4 6 10 / 0.62);
      }
      .head {
        position: sticky;
        top: 0;
        z-index: 1;
        display: flex;
        justify-content: space-between;
        align-items: center;
        gap: 16px;
        padding: 14px 14px 12px 22px;
        background: var(--panel);
        border-bottom: 1px solid var(--line);
      }
      h2 {
        margin: 0;
        font-size: 1.0625rem;
        letter-spacing: -0.01em;
        overflow-wrap: anywhere;
        outline: none;
      }
      button {
        display: grid;
        place-items: center;
        flex: none;
        width: 34px;
        height: 34px;
        border: 0;
        border-radius: 8px;
        color: var(--soft);
        background: none;
      }
      button:hover {
        color: var(--ink);
        background: var(--raised);
      }
      .body {
        padding: 18px 22px 22px;
      }
      @media (max-width: 560px) {
        .head {
          padding: 10px 8px 9px 16px;
        }
        .body {
          padding: 14px 16px 18px;
        }
      }
    `,
  ]

  @property() heading = ''
  /** Its content cannot be shown again: Escape alone does not close it. */
  @property({ type: Boolean }) keep = false
  @query('dialog') private dialog!: HTMLDialogElement

  get open(): boolean {
    return this.dialog.open
  }

  /** Once it is on the page. */
  async show(): Promise<void> {
    await this.updateComplete
    if (!this.dialog.open) this.dialog.showModal()
  }

  close(): void {
    this.dialog.close()
  }

  override render(): TemplateResult {
    return html`<dialog aria-labelledby="heading" @cancel=${this.cancelled} @close=${this.closed}>
      <div class="head">
        <h2 id="heading" tabindex="-1" autofocus>${this.heading}</h2>
        <button aria-label="Close" title="Close" @click=${this.close}>
          <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
            <path d="m3 3 10 10M13 3 3 13" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" />
          </svg>
        </button>
      </div>
      <div class="body"><slot></slot></div>
    </dialog>`
  }

  private readonly cancelled = (event: Event): void => {
    if (this.keep) event.preventDefault()
  }

  private readonly closed = (): void => {
    this.dispatchEvent(new CustomEvent('dialog-closed'))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-dialog': Dialog
  }
}
