import { consume } from '@lit/context'
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'
import type { Api } from '../../data/api/api'
import { Task } from '../../data/api/task'
import type { Brand } from '../../data/documents/brand'
import { operatorApi } from '../../data/services'
import { base } from '../../style/base'
import { editing } from '../../style/editing'
import { forms } from '../../style/forms'
import { pictured } from '../../ui/pictured'
import { announceChange } from './changing'
import { marksStyles } from './marks-styles'
import type { Pictures } from './pictures'
import './picture-drop'

/** A brand's reference marks; with the operator's key they are added and removed. */
@customElement('ma-brand-marks')
export class BrandMarks extends LitElement {
  static override styles = [base, forms, editing, marksStyles]

  @consume({ context: operatorApi }) api!: Api
  @property({ attribute: false }) brand!: Brand
  @property({ attribute: false }) pictures!: Pictures
  /** With the key. */
  @property({ type: Boolean }) editable = false
  @state() private asked = ''
  @state() private removing = ''
  private readonly task = new Task(this)

  override render(): TemplateResult {
    const { references } = this.brand
    const { problem } = this.task
    return html`
      <h3>Reference marks <span>${references.length || ''}</span></h3>
      ${
        references.length > 0
          ? html`<ul>
              ${repeat(
                references,
                (name) => name,
                (name, at) => this.mark(name, at + 1),
              )}
            </ul>`
          : html`<p class="hint">
              None yet. The gallery finds a brand by pictures of its mark: one clean picture is enough, a transparent PNG
              is best.
            </p>`
      }
      ${problem ? html`<p class="said bad" role="alert">The mark was not removed: ${problem.message}</p>` : nothing}
      ${this.editable ? this.adding() : nothing}
    `
  }

  private mark(name: string, number: number): TemplateResult {
    const asked = this.asked === name
    return html`<li>
      <img src=${pictured(name)} alt="Mark ${number} of ${this.brand.name}" loading="lazy" />
      ${
        this.editable
          ? html`<button
              class="button small ${asked ? 'danger' : ''}"
              aria-label="${asked ? 'Really remove' : 'Remove'} mark ${number}"
              ?disabled=${this.removing === name}
              @click=${() => (asked ? this.removeMark(name) : this.ask(name))}
              @blur=${() => this.ask('')}
            >
              ${asked ? 'Really?' : 'Remove'}
            </button>`
          : nothing
      }
    </li>`
  }

  private adding(): TemplateResult {
    const { waiting, sending } = this.pictures
    return html`<ma-picture-drop .pictures=${this.pictures}></ma-picture-drop>
      ${
        waiting > 0 || sending
          ? html`<div class="row">
              <button class="button primary" ?disabled=${sending} @click=${this.send}>
                ${sending ? 'Adding…' : `Add ${waiting} ${waiting === 1 ? 'mark' : 'marks'}`}
              </button>
              <span class="hint">to ${this.brand.name}; running streams look for it within seconds</span>
            </div>`
          : nothing
      }`
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.pictures.addEventListener('change', this.changed)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.pictures.removeEventListener('change', this.changed)
  }

  private readonly changed = (): void => this.requestUpdate()

  private ask(name: string): void {
    this.asked = name
  }

  private readonly send = async (): Promise<void> => {
    const taken = await this.pictures.send(this.api, this.brand.id, () => announceChange(this, 'changing'))
    if (taken) announceChange(this, 'changed')
  }

  private async removeMark(name: string): Promise<void> {
    this.removing = name
    announceChange(this, 'changing')
    await this.task.run(async () => {
      const file = name.slice(name.lastIndexOf('/') + 1)
      await this.api.delete<'/brands/{brand}/references/{name}'>(
        `/brands/${encodeURIComponent(this.brand.id)}/references/${encodeURIComponent(file)}`,
      )
      announceChange(this, 'changed')
    })
    this.removing = ''
    this.asked = ''
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-brand-marks': BrandMarks
  }
}
