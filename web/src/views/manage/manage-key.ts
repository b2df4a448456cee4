import { consume } from '@lit/context'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import type { Api } from '../../data/api/api'
import { Task } from '../../data/api/task'
import type { Config } from '../../data/config'
import { configuration, operatorApi } from '../../data/services'
import { base } from '../../style/base'
import { forms } from '../../style/forms'
import { KEY } from '../../ui/sending/commands'
import '../../ui/sending/how-to'
import { card } from './manage-styles'
import '../../ui/sending/new-key'

/** Replaces a stream's key. The old one cannot be shown again. */
@customElement('ma-manage-key')
export class ManageKey extends LitElement {
  static override styles = [
    base,
    forms,
    card,
    css`
      h3 {
        margin: 8px 0 -2px;
        font-size: 14px;
      }
    `,
  ]

  @consume({ context: operatorApi }) api!: Api
  @consume({ context: configuration }) config!: Config
  @property() stream = ''
  @state() private key = ''
  @state() private sure = false
  private readonly task = new Task(this)

  override render(): TemplateResult {
    return html`
      <h2>Stream key</h2>
      ${this.key ? html`<ma-new-key .stream=${this.stream} .streamKey=${this.key}></ma-new-key>` : this.ask()}
      <h3>How to send video</h3>
      <ma-how-to .stream=${this.stream} .streamKey=${this.key || KEY}></ma-how-to>
    `
  }

  private ask(): TemplateResult {
    const { busy, problem } = this.task
    return html`
      <p class="note">
        The key was shown once and is not kept. A new key replaces it at once; a sender that is live with the old one goes on
        until its connection ends.
      </p>
      ${problem ? html`<p class="said bad" role="alert">${problem.message}</p>` : nothing}
      <div class="row">
        ${
          this.sure
            ? html`<button class="button stop" ?disabled=${busy} @click=${this.rotate}>
                  ${busy ? 'Making it…' : 'Yes, withdraw the old key'}
                </button>
                <button class="button" ?disabled=${busy} @click=${() => this.confirm(false)}>Keep it</button>`
            : html`<button class="button" @click=${() => this.confirm(true)}>Make a new key</button>`
        }
      </div>
    `
  }

  private confirm(sure: boolean): void {
    this.sure = sure
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('.row .button')?.focus())
  }

  private readonly rotate = async (): Promise<void> => {
    const made = await this.task.run(() =>
      this.api.post<'/streams/{stream}/key'>(`/streams/${encodeURIComponent(this.stream)}/key`),
    )
    this.key = made?.key ?? ''
    this.sure = false
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-manage-key': ManageKey
  }
}
