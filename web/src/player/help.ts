import { css, html, LitElement, type TemplateResult } from 'lit'
import { customElement, query } from 'lit/decorators.js'
import { base } from '../style/base'
import '../ui/dialog'
import type { Dialog } from '../ui/dialog'
import { SHORTCUTS } from './keys'

/** The keys that drive the player, in a dialog. */
@customElement('ma-help')
export class Help extends LitElement {
  static override styles = [
    base,
    css`
      dl {
        columns: 2 236px;
        column-gap: 28px;
        margin: 0;
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
        font-size: 0.8125rem;
        color: var(--soft);
      }
      kbd {
        min-width: 24px;
        padding: 1px 7px;
        text-align: center;
        font: 0.75rem/1.6 var(--mono);
        background: var(--raised);
        border: 1px solid var(--line);
        border-bottom-width: 2px;
        border-radius: 6px;
      }
    `,
  ]

  @query('ma-dialog') private dialog!: Dialog

  /** Opens it, or closes it again. The browser gives the focus back to where it was. */
  toggle(): void {
    if (this.dialog.open) this.dialog.close()
    else void this.dialog.show()
  }

  override render(): TemplateResult {
    return html`<ma-dialog heading="Keys" @keydown=${this.key}>
      <dl>
        ${SHORTCUTS.map(
          ({ names, does }) =>
            html`<div>
              <dt>${names.map((name) => html`<kbd>${name}</kbd>`)}</dt>
              <dd>${does}</dd>
            </div>`,
        )}
      </dl>
    </ma-dialog>`
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
