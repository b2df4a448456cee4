import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { live } from 'lit/directives/live.js'
import type { Provider } from '../../data/documents/model'
import { kindName, percent, providerName } from '../../data/format'
import { type AbleProvider, NONE, over, type Settings, without } from '../../data/settings'
import { base, panel } from '../../style/base'
import { editing } from '../../style/editing'
import { forms } from '../../style/forms'
import { KINDS, WORDED } from './explained'
import './provider-order'
import { settingStyles } from './setting-styles'

/** Kinds, their providers and their thresholds. Fires `own` with the changed settings. */
@customElement('ma-kinds-section')
export class KindsSection extends LitElement {
  static override styles = [base, panel, forms, editing, settingStyles]

  /** The own settings, and those that apply without them. */
  @property({ attribute: false }) own: Settings = NONE
  @property({ attribute: false }) base: Settings = NONE
  @property({ attribute: false }) providers: readonly AbleProvider[] = []
  @property({ attribute: false }) states: readonly Provider[] = []
  /** The refused setting, and the reason. */
  @property({ attribute: false }) refused = { field: '', why: '' }

  override render(): TemplateResult {
    const { kinds } = this.own
    return html`<h2>
        What is looked for, and by which provider
        <span>
          ${
            kinds.length > 0
              ? html`<button class="link" type="button" @click=${() => this.set({ kinds: [] })}>
                  use the default: ${this.base.kinds.map(kindName).join(', ')}
                </button>`
              : 'default'
          }
        </span>
      </h2>
      <p class="note">The first provider is used; the next one takes over while those before it rest, after failures or for the day’s budget.</p>
      ${this.wrong('kinds')} ${KINDS.map((one) => this.kind(one))}`
  }

  private kind({ kind, label, about }: (typeof KINDS)[number]): TemplateResult {
    const now = over(this.own, this.base)
    const on = now.kinds.includes(kind)
    return html`<div class="setting">
      <div>
        <label class="check">
          <input type="checkbox" .checked=${live(on)} @change=${(event: Event) => this.toggle(kind, event)} /><b>${label}</b>
        </label>
        <p class="hint under">${about}</p>
      </div>
      ${on ? this.details(kind, label, now) : nothing} ${this.wrong(`providers.${kind}`)} ${this.wrong(`threshold.${kind}`)}
      ${on ? this.words(kind, label, now) : nothing} ${this.wrong(`words.${kind}`)}
    </div>`
  }

  private details(kind: string, label: string, now: Settings): TemplateResult {
    const able = this.providers.filter(({ kinds }) => kinds.includes(kind)).map(({ name }) => name)
    const least = now.threshold[kind] ?? 0
    return html`<div>
        <ma-provider-order
          .names=${now.providers[kind] ?? []}
          .able=${able}
          .states=${this.states}
          what=${label.toLowerCase()}
          @order=${(event: CustomEvent<readonly string[]>) =>
            this.set({ providers: { ...this.own.providers, [kind]: event.detail } })}
        ></ma-provider-order>
        ${this.own.providers[kind] ? this.reset(() => this.set({ providers: without(this.own.providers, kind) }), 'order') : nothing}
      </div>
      <div>
        <label class="number">
          <input
            type="number"
            min="0"
            max="100"
            step="1"
            aria-label="Threshold for ${label.toLowerCase()}, in percent"
            aria-invalid=${this.refused.field === `threshold.${kind}`}
            .value=${String(Math.round(least * 100))}
            @change=${(event: Event) => this.limit(kind, event)}
          />
          <span>% and up</span>
        </label>
        ${
          this.own.threshold[kind] === undefined
            ? nothing
            : this.reset(
                () => this.set({ threshold: without(this.own.threshold, kind) }),
                percent(this.base.threshold[kind] ?? 0),
              )
        }
      </div>`
  }

  /** A field that is emptied shows the default again. */
  private words(kind: string, label: string, now: Settings): TemplateResult | typeof nothing {
    const told = WORDED[kind]
    if (!told || !this.takes(now.providers[kind] ?? [], told)) return nothing
    const name = (event: Event): void => {
      const input = event.target as HTMLInputElement
      const said = input.value
        .split(',')
        .map((one) => one.trim())
        .filter((one) => one !== '')
      const { [kind]: _, ...rest } = this.own.words ?? {}
      this.set({ words: said.length > 0 ? { ...rest, [kind]: said } : rest })
      if (said.length === 0) input.value = (this.base.words?.[kind] ?? []).join(', ')
    }
    return html`<label class="hint">
      What ${providerName(told)} looks for, in words and separated by commas
      <input
        type="text"
        aria-label="Words for ${label.toLowerCase()}"
        placeholder="the usual ones"
        aria-invalid=${this.refused.field === `words.${kind}`}
        .value=${(now.words?.[kind] ?? []).join(', ')}
        @change=${name}
      />
    </label>`
  }

  /** Whether a provider of that type is among those chosen. */
  private takes(chosen: readonly string[], type: string): boolean {
    return chosen.some((name) => this.providers.find((one) => one.name === name)?.type === type)
  }

  private reset(click: () => void, what: string): TemplateResult {
    return html`<button class="link" type="button" @click=${click}>use the default ${what}</button>`
  }

  private wrong(field: string): TemplateResult | typeof nothing {
    return this.refused.field === field ? html`<p class="wrong" role="alert">${this.refused.why}</p>` : nothing
  }

  private toggle(kind: string, event: Event): void {
    const on = (event.target as HTMLInputElement).checked
    const { kinds } = over(this.own, this.base)
    const wanted = KINDS.map((one) => one.kind).filter((one) => (one === kind ? on : kinds.includes(one)))
    this.set({ kinds: wanted })
  }

  private limit(kind: string, event: Event): void {
    const input = event.target as HTMLInputElement
    const { value } = input
    const threshold =
      value === '' ? without(this.own.threshold, kind) : { ...this.own.threshold, [kind]: Number(value) / 100 }
    this.set({ threshold })
    // A field that is emptied shows the default again.
    if (value === '') input.value = String(Math.round((this.base.threshold[kind] ?? 0) * 100))
  }

  private set(changes: Partial<Settings>): void {
    this.dispatchEvent(new CustomEvent('own', { detail: { ...this.own, ...changes } }))
    this.requestUpdate()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-kinds-section': KindsSection
  }
}
