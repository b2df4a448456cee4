import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import type { ApiError } from '../../data/api/api'
import { changed, type Row } from '../../data/quotas/quotas'
import { base } from '../../style/base'
import { forms } from '../../style/forms'

/** Fields that change limits. Fires `limits` with the body of the request where one differs. */
@customElement('ma-quota-limits')
export class QuotaLimits extends LitElement {
  static override styles = [
    base,
    forms,
    css`
      form {
        display: grid;
        gap: 14px;
      }
      .fields {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(200px, 1fr));
        gap: 12px 16px;
      }
      input {
        width: 100%;
        min-width: 0;
        height: 36px;
        padding: 0 10px;
        font: inherit;
        color: var(--ink);
        background: var(--bg);
        border: 1px solid var(--line);
        border-radius: 8px;
      }
      p {
        margin: 0;
        color: var(--soft);
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px 14px;
      }
    `,
  ]

  @property({ attribute: false }) rows: readonly Row[] = []
  @property({ type: Boolean }) busy = false
  @property({ attribute: false }) problem: ApiError | null = null
  /** What became of the last change. */
  @property() said = ''
  @state() private unchanged = false

  override render(): TemplateResult {
    const { problem, busy } = this
    return html`<form novalidate @submit=${this.send} @input=${this.forget}>
      <div class="fields">
        ${this.rows.map(
          ({ name, label, unit, limit, scale, step }) => html`<label>
            ${label} (${unit})
            <input
              name=${name}
              type="number"
              min="0"
              step=${step}
              inputmode="decimal"
              .value=${String(Number((limit / scale).toPrecision(12)))}
            />
          </label>`,
        )}
      </div>
      <p>An empty field is the deployment’s own limit.</p>
      ${problem ? html`<p class="said bad" role="alert">Nothing was changed: ${problem.message}</p>` : nothing}
      <div class="row">
        <button class="button" ?disabled=${busy}>${busy ? 'Saving…' : 'Save the limits'}</button>
        <span role="status">${this.unchanged ? 'These are the limits already.' : this.said}</span>
      </div>
    </form>`
  }

  private readonly forget = (): void => {
    this.unchanged = false
    this.said = ''
  }

  private readonly send = (event: Event): void => {
    event.preventDefault()
    const inputs = [...this.renderRoot.querySelectorAll('input')]
    const wrong = inputs.find((input) => !input.checkValidity())
    if (wrong) {
      wrong.reportValidity()
      return
    }
    const body = changed(this.rows, new Map(inputs.map(({ name, value }) => [name, value])))
    this.unchanged = Object.keys(body).length === 0
    if (!this.unchanged) this.dispatchEvent(new CustomEvent('limits', { detail: body }))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-quota-limits': QuotaLimits
  }
}
