import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { stamp } from '../../data/format'
import { foretold, ofStream, type StreamQuotas } from '../../data/quotas/quotas'
import { base, panel } from '../../style/base'
import '../../ui/quotas/meters'

/** What the stream has used today, and what the day will cost: for those who change it. */
@customElement('ma-quota-panel')
export class QuotaPanel extends LitElement {
  static override styles = [
    base,
    panel,
    css`
      ma-quota-meters {
        display: block;
        padding: 2px 16px 12px;
      }
      p {
        margin: 0;
        padding: 0 16px 16px;
        color: var(--soft);
        text-wrap: pretty;
      }
    `,
  ]

  @property({ attribute: false }) quotas!: StreamQuotas

  override render(): TemplateResult {
    const said = foretold(this.quotas)
    return html`
      <h2>Used today <span>until ${stamp(Date.parse(this.quotas.day_ends))}</span></h2>
      <ma-quota-meters .rows=${ofStream(this.quotas)}></ma-quota-meters>
      ${said ? html`<p>${said}</p>` : nothing}
    `
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-quota-panel': QuotaPanel
  }
}
