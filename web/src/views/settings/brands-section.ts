import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { live } from 'lit/directives/live.js'
import type { Brand } from '../../data/documents/brand'
import { NONE, type Settings } from '../../data/settings'
import { base, panel } from '../../style/base'
import { editing } from '../../style/editing'
import { forms } from '../../style/forms'
import { settingStyles } from './setting-styles'

/** The brands that are kept: all, or those that are ticked. Fires `own` with the changed settings. */
@customElement('ma-brands-section')
export class BrandsSection extends LitElement {
  static override styles = [
    base,
    panel,
    forms,
    editing,
    settingStyles,
    css`
      ul {
        display: flex;
        flex-wrap: wrap;
        gap: 8px 18px;
        max-height: 220px;
        margin: 0;
        padding: 0 16px 14px;
        list-style: none;
        overflow-y: auto;
      }
      .check {
        color: var(--ink);
      }
      .off {
        color: var(--faint);
      }
    `,
  ]

  @property({ attribute: false }) own: Settings = NONE
  @property({ attribute: false }) base: Settings = NONE
  @property({ attribute: false }) brands: readonly Brand[] = []
  @property({ attribute: false }) refused = { field: '', why: '' }

  override render(): TemplateResult {
    const { brands: own } = this.own
    const now = own.length > 0 ? own : this.base.brands
    const chosen = (brand: Brand): boolean => now.includes(brand.id) || now.includes(brand.name)
    return html`<h2>
        Brands
        <span>
          ${
            own.length > 0
              ? html`<button class="link" type="button" @click=${() => this.set([])}>use the default</button>`
              : 'default'
          }
        </span>
      </h2>
      <p class="note">
        ${
          now.length > 0
            ? `Only ${now.length === 1 ? 'this one is' : `these ${now.length} are`} kept of all logos that are named.`
            : 'Every detected logo is kept. Tick brands to keep only those.'
        }
        <a href="?view=brands">All brands</a>
      </p>
      ${this.refused.field === 'brands' ? html`<p class="note wrong" role="alert">${this.refused.why}</p>` : nothing}
      <ul>
        ${this.brands.map(
          (brand) => html`<li>
            <label class="check">
              <input
                type="checkbox"
                .checked=${live(chosen(brand))}
                @change=${(event: Event) => this.toggle(brand, now, (event.target as HTMLInputElement).checked)}
              />
              ${brand.name}${brand.enabled ? nothing : html` <span class="off">(off)</span>`}
            </label>
          </li>`,
        )}
        ${now.filter((name) => !this.known(name)).map((name) => html`<li class="off">${name} (no brand of this deployment)</li>`)}
      </ul>`
  }

  private known(name: string): boolean {
    return this.brands.some((brand) => brand.id === name || brand.name === name)
  }

  private toggle(brand: Brand, now: readonly string[], on: boolean): void {
    const rest = now.filter((name) => name !== brand.id && name !== brand.name)
    this.set(on ? [...rest, brand.id] : rest)
  }

  private set(brands: readonly string[]): void {
    this.dispatchEvent(new CustomEvent('own', { detail: { ...this.own, brands } }))
    this.requestUpdate()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-brands-section': BrandsSection
  }
}
