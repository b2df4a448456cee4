import { consume } from '@lit/context'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { live } from 'lit/directives/live.js'
import type { Api } from '../../data/api/api'
import { LIMITS } from '../../data/api/limits'
import { Task } from '../../data/api/task'
import type { Brand } from '../../data/documents/brand'
import { percent } from '../../data/format'
import { operatorApi } from '../../data/services'
import { fieldOf } from '../../data/settings'
import { base } from '../../style/base'
import { editing } from '../../style/editing'
import { forms } from '../../style/forms'
import { announceChange } from './changing'
import './text-list'

type Changes = Partial<Pick<Brand, 'name' | 'aliases' | 'prompts' | 'threshold'>>

/** Initial threshold of a brand without one of its own. */
const USUAL = 0.5

/** Names and threshold of a brand. Fires `threshold` while it is being chosen. */
@customElement('ma-brand-form')
export class BrandForm extends LitElement {
  static override styles = [
    base,
    forms,
    editing,
    css`
      form {
        display: grid;
        gap: 16px;
      }
      .slider {
        display: grid;
        grid-template-columns: 1fr 52px;
        gap: 12px;
        align-items: center;
      }
      output {
        color: var(--ink);
        text-align: right;
      }
    `,
  ]

  @consume({ context: operatorApi }) api!: Api
  @property({ attribute: false }) brand!: Brand
  @state() private changes: Changes = {}
  private readonly saving = new Task(this)

  override render(): TemplateResult {
    const { name, aliases, prompts, threshold } = { ...this.brand, ...this.changes }
    const problem = this.saving.problem?.message ?? ''
    const field = fieldOf(problem)
    return html`<form @submit=${this.save}>
      <label>
        Name
        <input
          type="text"
          required
          maxlength=${LIMITS.NewBrand.name.maxLength}
          .value=${live(name)}
          aria-invalid=${field === 'name'}
          @input=${(event: Event) => this.change({ name: (event.target as HTMLInputElement).value })}
        />
      </label>
      <ma-text-list
        label="Also called"
        hint="What a provider may name it: Cloud Vision’s own words for this logo, for one."
        .values=${aliases}
        @change=${(event: CustomEvent<readonly string[]>) => this.change({ aliases: event.detail })}
      ></ma-text-list>
      <ma-text-list
        label="Prompts for CLIP"
        hint="“the Acme logo, a red anvil”. Without any they are made of the name."
        .values=${prompts}
        @change=${(event: CustomEvent<readonly string[]>) => this.change({ prompts: event.detail })}
      ></ma-text-list>
      ${this.threshold(threshold)}
      ${problem ? html`<p class="said bad" role="alert">Not saved: ${problem}</p>` : nothing}
      ${this.buttons()}
    </form>`
  }

  private threshold(threshold: number | null): TemplateResult {
    return html`<div class="field">
      <label class="check">
        <input
          type="checkbox"
          .checked=${live(threshold !== null)}
          @change=${(event: Event) => this.choose((event.target as HTMLInputElement).checked ? USUAL : null)}
        />
        A threshold of its own
      </label>
      ${
        threshold === null
          ? html`<p class="hint">Uses the threshold for logos from the settings.</p>`
          : html`<label class="slider">
              <input
                type="range"
                min="0"
                max="1"
                step="0.01"
                aria-label="Threshold"
                .value=${live(String(threshold))}
                @input=${(event: Event) => this.choose(Number((event.target as HTMLInputElement).value))}
              />
              <output>${percent(threshold)}</output>
            </label>`
      }
    </div>`
  }

  private buttons(): TemplateResult {
    const none = Object.keys(this.changes).length === 0
    const { busy } = this.saving
    return html`<div class="row">
      <button class="button primary" ?disabled=${none || busy}>${busy ? 'Saving…' : 'Save'}</button>
      <button class="button" type="button" ?disabled=${none || busy} @click=${this.discard}>Discard</button>
    </div>`
  }

  private change(changes: Changes): void {
    const all: Changes = { ...this.changes, ...changes }
    const differs = ([name, value]: [string, unknown]): boolean =>
      JSON.stringify(value) !== JSON.stringify(this.brand[name as keyof Changes])
    this.changes = Object.fromEntries(Object.entries(all).filter(differs))
  }

  private choose(threshold: number | null): void {
    this.change({ threshold })
    this.dispatchEvent(new CustomEvent('threshold', { detail: threshold }))
  }

  private readonly discard = (): void => {
    this.changes = {}
    this.saving.clear()
    this.dispatchEvent(new CustomEvent('threshold', { detail: this.brand.threshold }))
  }

  private readonly save = async (event: Event): Promise<void> => {
    event.preventDefault()
    announceChange(this, 'changing')
    await this.saving.run(async () => {
      await this.api.patch<'/brands/{brand}'>(`/brands/${encodeURIComponent(this.brand.id)}`, this.changes)
      this.changes = {}
      announceChange(this, 'changed')
    })
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-brand-form': BrandForm
  }
}
