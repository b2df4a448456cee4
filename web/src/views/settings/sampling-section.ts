import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { type Configuration, NONE, type Settings, without } from '../../data/settings'
import { base, panel } from '../../style/base'
import { editing } from '../../style/editing'
import { forms } from '../../style/forms'
import { type Explained, SAMPLING, shown, stored } from './explained'
import { settingStyles } from './setting-styles'

/** Settings of sampling: the frames that are sent on to the providers. Fires `own` with the changed settings. */
@customElement('ma-sampling-section')
export class SamplingSection extends LitElement {
  static override styles = [base, panel, forms, editing, settingStyles]

  @property({ attribute: false }) own: Settings = NONE
  @property({ attribute: false }) base: Settings = NONE
  @property({ attribute: false }) limits: Configuration['limits'] = {}
  @property({ attribute: false }) refused = { field: '', why: '' }

  override render(): TemplateResult {
    return html`<h2>Sampling <span>which frames are sent on, and so are billed</span></h2>
      ${SAMPLING.map((one) => this.setting(one))}`
  }

  private setting(one: Explained): TemplateResult {
    const { name, label, about, unit, scale, step } = one
    const own = this.own.sampling[name]
    const usual = this.base.sampling[name] ?? 0
    const [least, most] = this.limits[name] ?? ([0, 0] as const)
    const refused = this.refused.field === `sampling.${name}`
    return html`<div class="setting">
      <div><b>${label}</b></div>
      <p class="hint">${about}</p>
      <div>
        <label class="number">
          <input
            type="number"
            aria-label="${label}, ${unit}"
            min=${shown(least, scale)}
            max=${shown(most, scale)}
            step=${step}
            aria-invalid=${refused}
            .value=${String(shown(own ?? usual, scale))}
            @change=${(event: Event) => this.typed(one, event.target as HTMLInputElement)}
          />
          <span>${unit}</span>
        </label>
        ${
          own === undefined
            ? html`<span class="from">default</span>`
            : html`<button class="link" type="button" @click=${() => this.take(one, '')}>
                use the default ${shown(usual, scale)}
              </button>`
        }
      </div>
      ${refused ? html`<p class="wrong" role="alert">${this.refused.why}</p>` : nothing}
    </div>`
  }

  /** A field that is emptied shows the default again. Until then a render leaves what is typed alone. */
  private typed(one: Explained, input: HTMLInputElement): void {
    this.take(one, input.value)
    if (input.value === '') input.value = String(shown(this.base.sampling[one.name] ?? 0, one.scale))
  }

  private take({ name, scale }: Explained, value: string): void {
    const { sampling } = this.own
    const changed = value === '' ? without(sampling, name) : { ...sampling, [name]: stored(Number(value), scale) }
    this.dispatchEvent(new CustomEvent('own', { detail: { ...this.own, sampling: changed } }))
    this.requestUpdate()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-sampling-section': SamplingSection
  }
}
