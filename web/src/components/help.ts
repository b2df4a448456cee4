import { css, html, LitElement, type TemplateResult } from 'lit'
import { customElement, query } from 'lit/decorators.js'
import { base } from '../styles'
import { SHORTCUTS } from './keys'

/** The keys that drive the player, in a dialog. */
@customElement('ma-help')
export class Help extends LitElement {
  static override styles = [
    base,
    css`
      dialog {
        width: min(560px, calc(100vw - 32px));
        padding: 0;
        color: var(--ink);
        background: var(--panel);
        border: 1px solid var(--line);
        border-radius: var(--radius);
        box-shadow: 0 24px 80px rgb(0 0 0 / 0.5);
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 0.55);
      }
      header {
        display: flex;
        align-items: center;
        justify-content: space-between;
        padding: 14px 14px 10px 20px;
      }
      h2 {
        margin: 0;
        font-size: 16px;
      }
      header button {
        height: 32px;
        padding: 0 12px;
        font-size: 13px;
        background: var(--raised);
        border: 1px solid var(--line);
        border-radius: 8px;
      }
      dl {
        columns: 2 236px;
        column-gap: 28px;
        margin: 0;
        padding: 0 20px 18px;
      }
      dl div {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 12px;
        min-height: 34px;
        break-inside: avoid;
        border-top: 1px solid var(--line);
      }
      dt {
        order: 1;
        display: flex;
        flex: none;
        gap: 5px;
      }
      dd {
        margin: 0;
        font-size: 13px;
        color: var(--soft);
      }
      kbd {
        min-width: 24px;
        padding: 1px 7px;
        text-align: center;
        font: 12px/1.6 var(--mono);
        background: var(--raised);
        border: 1px solid var(--line);
        border-bottom-width: 2px;
        border-radius: 6px;
      }
    `,
  ]

  @query('dialog') private dialog!: HTMLDialogElement

  /** Opens it, or closes it again. The browser gives the focus back to where it was. */
  toggle(): void {
    if (this.dialog.open) this.dialog.close()
    else this.dialog.showModal()
  }

  override render(): TemplateResult {
    return html`<dialog aria-labelledby="title" @click=${this.outside} @keydown=${this.key}>
      <header>
        <h2 id="title">Keys</h2>
        <button @click=${() => this.dialog.close()}>Close</button>
      </header>
      <dl>
        ${SHORTCUTS.map(
          ({ names, does }) =>
            html`<div>
              <dt>${names.map((name) => html`<kbd>${name}</kbd>`)}</dt>
              <dd>${does}</dd>
            </div>`,
        )}
      </dl>
    </dialog>`
  }

  private outside(event: Event): void {
    if (event.target === this.dialog) this.dialog.close()
  }

  private key(event: KeyboardEvent): void {
    if (event.key === '?') this.dialog.close()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-help': Help
  }
}
