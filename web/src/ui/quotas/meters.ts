import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { Row } from '../../data/quotas/quotas'
import { base } from '../../style/base'

/** From which share on a meter warns. */
const NEAR = 0.8

/** What is used of each limit, as bars with their numbers. */
@customElement('ma-quota-meters')
export class QuotaMeters extends LitElement {
  static override styles = [
    base,
    css`
      ul {
        display: grid;
        gap: 12px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      .line {
        display: flex;
        justify-content: space-between;
        gap: 12px;
      }
      .line span:last-child {
        color: var(--soft);
        text-align: right;
      }
      meter {
        display: block;
        width: 100%;
        height: 8px;
        margin-top: 4px;
      }
      small {
        display: block;
        margin-top: 3px;
        color: var(--soft);
        text-wrap: pretty;
      }
    `,
  ]

  @property({ attribute: false }) rows: readonly Row[] = []
  /** Whether each says what happens beyond it. */
  @property({ type: Boolean }) explained = false

  override render(): TemplateResult {
    return html`<ul>
      ${this.rows.map((row) => this.row(row))}
    </ul>`
  }

  private row({ name, label, about, used, limit, share, shown }: Row): TemplateResult {
    const said = `${shown(used)} of ${shown(limit)}`
    const standing = share >= 1 ? ' · used up' : share >= NEAR ? ' · nearly used up' : ''
    return html`<li data-name=${name}>
      <div class="line"><span id=${name}>${label}</span><span>${said}${standing}</span></div>
      <meter
        aria-labelledby=${name}
        min="0"
        max="1"
        low=${NEAR}
        high="0.999"
        optimum="0"
        .value=${Math.min(1, share)}
        title=${said}
      >
        ${said}
      </meter>
      ${this.explained ? html`<small>${about}</small>` : nothing}
    </li>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-quota-meters': QuotaMeters
  }
}
