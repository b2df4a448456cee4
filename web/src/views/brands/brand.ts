import type { Firestore } from '@firebase/firestore'
import { consume } from '@lit/context'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { live } from 'lit/directives/live.js'
import type { Api } from '../../data/api/api'
import { Task } from '../../data/api/task'
import type { Brand } from '../../data/documents/brand'
import type { Session } from '../../data/identity/session'
import { database, identity, operatorApi } from '../../data/services'
import { base } from '../../style/base'
import { editing } from '../../style/editing'
import { forms } from '../../style/forms'
import type { Pictures } from './pictures'
import './brand-delete'
import './brand-form'
import './brand-marks'
import { announceChange } from './changing'
import './threshold-preview'

/** One brand: what it looks like, what it is called, and what its threshold keeps. */
@customElement('ma-brand')
export class BrandPanel extends LitElement {
  static override styles = [
    base,
    forms,
    editing,
    css`
      :host {
        display: grid;
        gap: 14px;
      }
      .box {
        display: grid;
        gap: 16px;
        padding: 16px 18px 18px;
      }
      h2 {
        margin: 0;
        font-size: 1.125rem;
        letter-spacing: -0.015em;
        overflow-wrap: anywhere;
      }
      code {
        color: var(--faint);
        font: 0.75rem var(--mono);
      }
      dd {
        text-align: left;
      }
    `,
  ]

  @consume({ context: database }) db!: Firestore
  @consume({ context: operatorApi }) api!: Api
  @consume({ context: identity }) session!: Session
  @property({ attribute: false }) brand!: Brand
  @property({ attribute: false }) pictures!: Pictures
  /** Called once it is deleted. */
  @property({ attribute: false }) gone: () => void = () => undefined
  @state() private threshold: number | null | undefined
  private readonly switching = new Task(this)

  override render(): TemplateResult {
    const { brand } = this
    const changes = this.session.may('operator')
    const { problem } = this.switching
    const threshold = this.threshold === undefined ? brand.threshold : this.threshold
    return html`<section class="box" aria-label=${brand.name}>
        <div class="row">
          <h2>${brand.name}</h2>
          <code>${brand.id}</code>
          <span class="grow"></span>
          ${changes ? this.enabling() : html`<span class="chip">${brand.enabled ? 'looked for' : 'off'}</span>`}
        </div>
        ${problem ? html`<p class="said bad" role="alert">Nothing was changed: ${problem.message}</p>` : nothing}
        <ma-brand-marks
          .brand=${brand}
          .pictures=${this.pictures}
          .editable=${changes}
        ></ma-brand-marks>
        ${
          changes
            ? html`<ma-brand-form
                .brand=${brand}
                @threshold=${(event: CustomEvent<number | null>) => this.choose(event.detail)}
              ></ma-brand-form>`
            : facts(brand)
        }
      </section>
      <ma-threshold-preview
        .brand=${brand}
        .threshold=${threshold}
      ></ma-threshold-preview>
      ${changes ? html`<ma-brand-delete .brand=${brand} .gone=${this.gone}></ma-brand-delete>` : nothing}`
  }

  private enabling(): TemplateResult {
    return html`<label class="check">
      <input type="checkbox" role="switch" .checked=${live(this.brand.enabled)} @change=${this.enable} /> Look for it
    </label>`
  }

  private choose(threshold: number | null): void {
    this.threshold = threshold
  }

  private readonly enable = async (event: Event): Promise<void> => {
    const box = event.target as HTMLInputElement
    const enabled = box.checked
    announceChange(box, 'changing')
    const done = await this.switching.run(async () => {
      await this.api.patch<'/brands/{brand}'>(`/brands/${encodeURIComponent(this.brand.id)}`, { enabled })
      return true
    })
    if (done) announceChange(box, 'changed')
    else box.checked = this.brand.enabled
  }
}

function facts({ aliases, prompts, threshold }: Brand): TemplateResult {
  return html`<dl>
    <dt>Also called</dt>
    <dd>${aliases.join(', ') || '–'}</dd>
    <dt>Prompts for CLIP</dt>
    <dd>${prompts.join('; ') || 'made of its name'}</dd>
    <dt>Threshold</dt>
    <dd>${threshold === null ? 'that of the settings' : `${Math.round(threshold * 100)} %, its own`}</dd>
  </dl>`
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-brand': BrandPanel
  }
}
