import { consume } from '@lit/context'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, query, state } from 'lit/decorators.js'
import type { Api } from '../../data/api/api'
import { Task } from '../../data/api/task'
import { DUTIES, isRole, ROLES, type Role } from '../../data/identity/roles'
import { operatorApi } from '../../data/services'
import { base } from '../../style/base'
import { forms } from '../../style/forms'

/** Invites an e-mail address. Fires `invited` (the address). */
@customElement('ma-invite')
export class Invite extends LitElement {
  static override styles = [
    base,
    forms,
    css`
      form {
        display: grid;
        gap: 12px;
        padding: 16px 18px 18px;
        background: var(--panel);
        border: 1px solid var(--line);
        border-radius: var(--radius);
      }
      h2 {
        margin: 0;
        font-size: 0.875rem;
        font-weight: 600;
      }
      .line {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: 12px;
      }
      label {
        flex: 1 1 170px;
      }
      p {
        margin: 0;
        color: var(--soft);
      }
    `,
  ]

  @consume({ context: operatorApi }) api!: Api
  @state() private chosen: Role = 'viewer'
  @query('#email') private email!: HTMLInputElement
  @query('#name') private name!: HTMLInputElement
  private readonly task = new Task(this)

  override render(): TemplateResult {
    const { busy, problem } = this.task
    return html`<form @submit=${this.submit}>
      <h2>Invite a person</h2>
      <div class="line">
        <label>E-mail address <input id="email" type="email" autocomplete="off" required /></label>
        <label>Name <input id="name" type="text" autocomplete="off" maxlength="100" /></label>
        <label>
          Role
          <select @change=${this.choose}>
            ${ROLES.map((role) => html`<option value=${role} ?selected=${role === this.chosen}>${role}</option>`)}
          </select>
        </label>
        <button class="button primary" ?disabled=${busy}>${busy ? 'Inviting…' : 'Invite'}</button>
      </div>
      <p>A member with the role ${this.chosen} ${DUTIES[this.chosen]}.</p>
      ${problem ? html`<p class="said bad" role="alert">${problem.message}</p>` : nothing}
    </form>`
  }

  private readonly choose = (event: Event): void => {
    const { value } = event.target as HTMLSelectElement
    if (isRole(value)) this.chosen = value
  }

  private readonly submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    const email = this.email.value.trim()
    const name = this.name.value.trim()
    const made = await this.task.run(() =>
      this.api.post<'/members'>('/members', { email, role: this.chosen, ...(name ? { name } : {}) }),
    )
    if (!made) return
    this.email.value = this.name.value = ''
    this.dispatchEvent(new CustomEvent<string>('invited', { detail: email }))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-invite': Invite
  }
}
