import { consume } from '@lit/context'
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import type { Shape } from '../../data/api/answers'
import type { Api } from '../../data/api/api'
import { Task } from '../../data/api/task'
import { operatorApi } from '../../data/services'
import { base } from '../../style/base'
import { forms } from '../../style/forms'
import { panel } from './styles'

/** Makes a channel, and shows the secret of a webhook once. Fires `made`. */
@customElement('ma-channel-form')
export class ChannelForm extends LitElement {
  static override styles = [base, forms, panel]

  @consume({ context: operatorApi }) api!: Api
  @state() private secret = ''
  private readonly task = new Task(this)

  override render(): TemplateResult {
    const { busy, problem } = this.task
    return html`<form @submit=${this.submit}>
      <h2>New channel</h2>
      <div class="line">
        <label>Name <input name="name" type="text" autocomplete="off" maxlength="100" required /></label>
        <label>
          Kind
          <select name="kind">
            <option value="webhook">Signed webhook</option>
            <option value="slack">Slack</option>
            <option value="teams">Teams</option>
          </select>
        </label>
        <label>Address <input name="address" type="text" autocomplete="off" placeholder="https://" required /></label>
        <button class="button primary" ?disabled=${busy}>${busy ? 'Making…' : 'Make the channel'}</button>
      </div>
      ${problem ? html`<p class="said bad" role="alert">${problem.message}</p>` : nothing}
      ${
        this.secret
          ? html`<p class="said" role="status">Its messages are signed with <code>${this.secret}</code>, which is not shown again.</p>`
          : nothing
      }
    </form>`
  }

  private readonly submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    const form = event.target as HTMLFormElement
    const typed = new FormData(form)
    const made = await this.task.run(() =>
      this.api.post<'/channels'>('/channels', {
        name: String(typed.get('name')),
        kind: String(typed.get('kind')) as Shape<'Channel'>['kind'],
        address: String(typed.get('address')).trim(),
      }),
    )
    if (!made) return
    this.secret = made.secret ?? ''
    form.reset()
    this.dispatchEvent(new CustomEvent('made'))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-channel-form': ChannelForm
  }
}
