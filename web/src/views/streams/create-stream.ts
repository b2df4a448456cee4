import { consume } from '@lit/context'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import type { Config } from '../../data/config'
import { configuration } from '../../data/services'
import { base } from '../../style/base'
import { forms } from '../../style/forms'
import './create-form'
import type { Created, CreateForm } from './create-form'
import '../../ui/dialog'
import type { Dialog } from '../../ui/dialog'
import '../../ui/sending/how-to'
import '../../ui/sending/new-key'

/** The dialog that makes a stream: name and id, then the stream's key with what to do with it. */
@customElement('ma-create-stream')
export class CreateStream extends LitElement {
  static override styles = [
    base,
    forms,
    css`
      h3 {
        margin: 22px 0 10px;
        font-size: 0.875rem;
      }
      .done {
        display: flex;
        justify-content: flex-end;
        margin-top: 18px;
      }
    `,
  ]

  @consume({ context: configuration }) config!: Config
  @property({ attribute: false }) taken: ReadonlySet<string> = new Set()
  @state() private open = false
  @state() private created: Created | null = null
  @query('ma-dialog') private dialog!: Dialog
  @query('ma-create-form') private form!: CreateForm | null

  async show(): Promise<void> {
    this.open = true
    await this.updateComplete
    await this.dialog.show()
    await this.form?.updateComplete
    this.form?.focus()
  }

  override render(): TemplateResult {
    const { created } = this
    const heading = created ? `“${created.stream.name}” is ready` : 'Create a stream'
    return html`<ma-dialog heading=${heading} ?keep=${created !== null} @dialog-closed=${this.closed}>
      ${this.open ? (created ? this.ready(created) : this.ask()) : nothing}
    </ma-dialog>`
  }

  private ask(): TemplateResult {
    return html`<ma-create-form
      .taken=${this.taken}
      @created=${(event: CustomEvent<Created>) => {
        this.created = event.detail
      }}
    ></ma-create-form>`
  }

  private ready({ stream, key }: Created): TemplateResult {
    return html`<ma-new-key .streamKey=${key}></ma-new-key>
      <h3>Send it video</h3>
      <ma-how-to .stream=${stream.id} .streamKey=${key}></ma-how-to>
      <div class="done">
        <a class="button primary" href="?stream=${encodeURIComponent(stream.id)}" target="_blank" rel="opener">
          Open the stream<span class="visually-hidden"> in another tab</span>
        </a>
      </div>`
  }

  private readonly closed = (): void => {
    this.open = false
    this.created = null
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-create-stream': CreateStream
  }
}
