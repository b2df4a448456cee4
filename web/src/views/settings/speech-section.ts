import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { live } from 'lit/directives/live.js'
import { NONE, over, type Settings, type Speech } from '../../data/settings'
import { base, panel } from '../../style/base'
import { editing } from '../../style/editing'
import { forms } from '../../style/forms'
import { settingStyles } from './setting-styles'

/** Transcription of speech, and its languages. Fires `own` with the changed settings. */
@customElement('ma-speech-section')
export class SpeechSection extends LitElement {
  static override styles = [base, panel, forms, editing, settingStyles]

  @property({ attribute: false }) own: Settings = NONE
  @property({ attribute: false }) base: Settings = NONE
  @property({ attribute: false }) refused = { field: '', why: '' }

  override render(): TemplateResult {
    const { enabled = false, languages = [] } = over(this.own, this.base).speech
    return html`<h2>Speech <span>speech as captions; each second of sound is billed</span></h2>
      <div class="setting">
        <label class="check">
          <input type="checkbox" .checked=${live(enabled)} @change=${this.toggle} /><b>Transcribe</b>
        </label>
        <p class="hint">From now on; earlier speech is not transcribed afterwards.</p>
        <div>${this.from('enabled', this.base.speech.enabled ? 'on' : 'off')}</div>
        ${this.wrong('speech.enabled')}
      </div>
      <div class="setting">
        <div><b>Languages</b></div>
        <p class="hint">Separated by commas, such as en-US, de-DE. Of several, the spoken one is detected.</p>
        <div>
          <input
            type="text"
            aria-label="Languages that are spoken"
            autocapitalize="off"
            spellcheck="false"
            aria-invalid=${this.refused.field === 'speech.languages'}
            .value=${languages.join(', ')}
            @change=${this.name}
          />
          ${this.from('languages', (this.base.speech.languages ?? []).join(', '))}
        </div>
        ${this.wrong('speech.languages')}
      </div>`
  }

  private from(name: keyof Speech, usual: string): TemplateResult {
    return this.own.speech[name] === undefined
      ? html`<span class="from">default</span>`
      : html`<button class="link" type="button" @click=${() => this.set(name, undefined)}>use the default ${usual}</button>`
  }

  private wrong(field: string): TemplateResult | typeof nothing {
    return this.refused.field === field ? html`<p class="wrong" role="alert">${this.refused.why}</p>` : nothing
  }

  private readonly toggle = (event: Event): void => this.set('enabled', (event.target as HTMLInputElement).checked)

  /** A field that is emptied shows the default again. */
  private readonly name = (event: Event): void => {
    const input = event.target as HTMLInputElement
    const named = input.value.split(/[\s,]+/).filter((one) => one !== '')
    this.set('languages', named.length > 0 ? named : undefined)
    if (named.length === 0) input.value = (this.base.speech.languages ?? []).join(', ')
  }

  private set<K extends keyof Speech>(name: K, value: Speech[K]): void {
    const { [name]: _, ...rest } = this.own.speech
    const speech: Speech = value === undefined ? rest : { ...rest, [name]: value }
    this.dispatchEvent(new CustomEvent('own', { detail: { ...this.own, speech } }))
    this.requestUpdate()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-speech-section': SpeechSection
  }
}
