import { consume } from '@lit/context'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import type { Api } from '../../data/api/api'
import { Task } from '../../data/api/task'
import type { Brand } from '../../data/documents/brand'
import { operatorApi } from '../../data/services'
import { base } from '../../style/base'
import { editing } from '../../style/editing'
import { forms } from '../../style/forms'
import { announceChange } from './changing'

/** Deletes a brand once that is confirmed. */
@customElement('ma-brand-delete')
export class BrandDelete extends LitElement {
  static override styles = [
    base,
    forms,
    editing,
    css`
      .said {
        display: grid;
        gap: 10px;
      }
      p {
        margin: 0;
      }
    `,
  ]

  @consume({ context: operatorApi }) api!: Api
  @property({ attribute: false }) brand!: Brand
  /** Called once it is deleted: by then its document may have gone, and this element with it. */
  @property({ attribute: false }) gone: () => void = () => undefined
  @state() private asking = false
  /** The safe button: "Delete…" at first, "Keep it" during the question. */
  @query('.safe') private safe!: HTMLButtonElement
  private readonly deleting = new Task(this)

  override render(): TemplateResult {
    if (!this.asking) {
      return html`<button class="button danger safe" @click=${() => this.ask(true)}>Delete…</button>`
    }
    const { name, references } = this.brand
    const { length } = references
    const { busy, problem } = this.deleting
    const marks = length === 0 ? '' : length === 1 ? ' with its mark' : ` with its ${length} marks`
    return html`<div class="said bad" role="group" aria-label="Delete ${name}">
      <p>Delete ${name}${marks}? What was found of it stays in the results; it is not looked for any more.</p>
      ${problem ? html`<p class="wrong" role="alert">Not deleted: ${problem.message}</p>` : nothing}
      <div class="row">
        <button class="button stop" ?disabled=${busy} @click=${this.delete}>Delete it</button>
        <button class="button safe" @click=${() => this.ask(false)}>Keep it</button>
      </div>
    </div>`
  }

  private async ask(asking: boolean): Promise<void> {
    this.asking = asking
    this.deleting.clear()
    await this.updateComplete
    this.safe.focus()
  }

  private readonly delete = async (): Promise<void> => {
    announceChange(this, 'changing')
    await this.deleting.run(async () => {
      await this.api.delete<'/brands/{brand}'>(`/brands/${encodeURIComponent(this.brand.id)}`)
      this.gone()
    })
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-brand-delete': BrandDelete
  }
}
