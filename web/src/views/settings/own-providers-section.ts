import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import type { Body } from '../../data/api/answers'
import { type Api, ApiError } from '../../data/api/api'
import { percent } from '../../data/format'
import type { AbleProvider, OwnProvider } from '../../data/settings'
import { base, panel } from '../../style/base'
import { editing } from '../../style/editing'
import { forms } from '../../style/forms'
import { settingStyles } from './setting-styles'

type Wanted = NonNullable<Body<'patch', '/config/analysis'>['own_providers']>

const TYPES = [
  { type: 'clip', label: 'CLIP' },
  { type: 'owl', label: 'OWLv2' },
  { type: 'gallery', label: 'Gallery' },
  { type: 'local', label: 'Local' },
] as const

/** Providers that the configuration adds. Each change is stored at once; a key is sent and never read. Fires `stored`. */
@customElement('ma-own-providers-section')
export class OwnProvidersSection extends LitElement {
  static override styles = [
    base,
    panel,
    forms,
    editing,
    settingStyles,
    css`
      .fields {
        display: grid;
        gap: 10px;
      }
    `,
  ]

  @property({ attribute: false }) api!: Api
  /** What the configuration says of them, by name. */
  @property({ attribute: false }) stored: Readonly<Record<string, OwnProvider>> = {}
  @property({ attribute: false }) providers: readonly AbleProvider[] = []
  @state() private type: string = TYPES[0].type
  @state() private working = false
  @state() private problem = ''

  override render(): TemplateResult {
    const names = Object.keys(this.stored).sort()
    return html`<h2>Own providers <span>a second CLIP, a worker in the LAN, a stricter gallery</span></h2>
      <p class="note">They can be chosen above as soon as they are added; nothing is restarted.</p>
      ${names.map((name) => this.entry(name, this.stored[name] ?? {}))}
      <form class="setting" novalidate @submit=${this.add}>
        <div><b>Add one</b></div>
        <div class="fields">
          <label>Name<input type="text" name="name" autocapitalize="off" spellcheck="false" placeholder="lan-worker" /></label>
          <label>
            Kind
            <select name="type" @change=${(event: Event) => (this.type = (event.target as HTMLSelectElement).value)}>
              ${TYPES.map(({ type, label }) => html`<option value=${type} ?selected=${type === this.type}>${label}</option>`)}
            </select>
          </label>
          ${this.type === 'clip' || this.type === 'owl' ? this.service() : nothing}
          <label>Least confidence, % <input type="text" inputmode="numeric" name="threshold" placeholder="none" /></label>
        </div>
        <div><button class="button" ?disabled=${this.working}>${this.working ? 'Adding…' : 'Add'}</button></div>
        ${this.problem ? html`<p class="wrong" role="alert">${this.problem}</p>` : nothing}
      </form>`
  }

  private service(): TemplateResult {
    return html`<label>
        Address
        <input type="text" name="address" inputmode="url" autocapitalize="off" spellcheck="false" placeholder="https://clip.example" />
      </label>
      <label>
        Model that must run there, if any
        <input type="text" name="model" autocapitalize="off" spellcheck="false" placeholder="openai/clip-vit-large-patch14" />
      </label>
      <label>Key, if it wants one<input type="password" name="key" autocomplete="off" /></label>`
  }

  private entry(name: string, { type, address, model, threshold }: OwnProvider): TemplateResult {
    const keyed = this.providers.find((one) => one.name === name)?.has_key
    const least = threshold === undefined ? '' : `${percent(threshold)} and up`
    const facts = [type, address, model, least, keyed ? 'with a key' : ''].filter(Boolean)
    return html`<div class="setting">
      <div><b>${name}</b></div>
      <p class="hint">${facts.join(' · ')}</p>
      <div>
        <button
          class="link"
          type="button"
          aria-label="take away ${name}"
          ?disabled=${this.working}
          @click=${() => this.send({ [name]: null })}
        >
          take away
        </button>
      </div>
    </div>`
  }

  private readonly add = async (event: Event): Promise<void> => {
    event.preventDefault()
    const form = event.target as HTMLFormElement
    const data = new FormData(form)
    const said = (field: string): string => String(data.get(field) ?? '').trim()
    const { name, ...own } = Object.fromEntries(
      ['name', 'type', 'address', 'model', 'key'].map((field) => [field, said(field)]).filter(([, value]) => value),
    ) as Record<string, string>
    if (!name) {
      this.problem = 'Give it a name: a-z, 0-9 and -'
      return
    }
    if (Object.hasOwn(this.stored, name)) {
      this.problem = `There is a provider ${name} already: take it away first, or choose another name`
      return
    }
    const threshold = said('threshold') ? { threshold: Number(said('threshold')) / 100 } : {}
    if (await this.send({ [name]: { ...own, ...threshold } } as Wanted)) {
      form.reset()
      this.type = TYPES[0].type
    }
  }

  /** Whether it was stored. */
  private async send(change: Wanted): Promise<boolean> {
    this.working = true
    this.problem = ''
    try {
      await this.api.patch<'/config/analysis'>('/config/analysis', { own_providers: change })
      this.dispatchEvent(new Event('stored'))
      return true
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      this.problem = error.message
      return false
    } finally {
      this.working = false
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-own-providers-section': OwnProvidersSection
  }
}
