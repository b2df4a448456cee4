import { consume } from '@lit/context'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import type { Api } from '../../data/api/api'
import { LIMITS } from '../../data/api/limits'
import { Task } from '../../data/api/task'
import { operatorApi } from '../../data/services'
import { base } from '../../style/base'
import { editing } from '../../style/editing'
import { forms } from '../../style/forms'
import { announceChange } from './changing'
import type { Pictures } from './pictures'
import './picture-drop'
import './text-list'

/** A brand that is being made: its name, its pictures, and what else is known. Fires `added` with its id, `cancelled`. */
@customElement('ma-brand-new')
export class BrandNew extends LitElement {
  static override styles = [
    base,
    forms,
    editing,
    css`
      form {
        display: grid;
        gap: 16px;
        padding: 16px 18px 18px;
      }
      h2 {
        margin: 0;
        font-size: 1.125rem;
        letter-spacing: -0.015em;
      }
      details > * + * {
        margin-top: 14px;
      }
      summary {
        color: var(--soft);
        cursor: pointer;
      }
    `,
  ]

  @consume({ context: operatorApi }) api!: Api
  @property({ attribute: false }) pictures!: Pictures
  @state() private name = ''
  @state() private aliases: readonly string[] = []
  @state() private prompts: readonly string[] = []
  private readonly adding = new Task(this)

  override firstUpdated(): void {
    this.renderRoot.querySelector('input')?.focus()
  }

  override render(): TemplateResult {
    const { busy, problem } = this.adding
    return html`<form class="box" @submit=${this.submit}>
      <h2>Add a brand</h2>
      <label>
        Name
        <input
          type="text"
          required
          maxlength=${LIMITS.NewBrand.name.maxLength}
          .value=${this.name}
          @input=${(event: Event) => this.type((event.target as HTMLInputElement).value)}
        />
      </label>
      <ma-picture-drop .pictures=${this.pictures}></ma-picture-drop>
      <details>
        <summary>Aliases and prompts</summary>
        <ma-text-list
          label="Also called"
          hint="What a provider may name it: Cloud Vision’s own words for this logo, for one."
          .values=${this.aliases}
          @change=${(event: CustomEvent<readonly string[]>) => this.call(event.detail)}
        ></ma-text-list>
        <ma-text-list
          label="Prompts for CLIP"
          hint="“the Acme logo, a red anvil”. Without any they are made of the name."
          .values=${this.prompts}
          @change=${(event: CustomEvent<readonly string[]>) => this.prompt(event.detail)}
        ></ma-text-list>
      </details>
      ${problem ? html`<p class="said bad" role="alert">Not added: ${problem.message}</p>` : nothing}
      <div class="row">
        <button class="button primary" ?disabled=${busy || !this.name.trim()}>
          ${busy ? 'Adding…' : 'Add the brand'}
        </button>
        <button class="button" type="button" ?disabled=${busy} @click=${this.cancel}>Cancel</button>
        <span class="hint">Running streams look for it within seconds.</span>
      </div>
    </form>`
  }

  private type(name: string): void {
    this.name = name
  }

  private call(aliases: readonly string[]): void {
    this.aliases = aliases
  }

  private prompt(prompts: readonly string[]): void {
    this.prompts = prompts
  }

  private readonly cancel = (): void => {
    this.dispatchEvent(new CustomEvent('cancelled'))
  }

  /** Pictures that are refused stay in the list, and are shown at the brand, which exists by then. */
  private readonly submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    const before = (): void => announceChange(this, 'changing')
    before()
    await this.adding.run(async () => {
      const { name, aliases, prompts } = this
      const { brand } = await this.api.post<'/brands'>('/brands', { name, aliases, prompts })
      await this.pictures.send(this.api, brand.id, before)
      announceChange(this, 'changed')
      this.dispatchEvent(new CustomEvent('added', { detail: brand.id }))
    })
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-brand-new': BrandNew
  }
}
