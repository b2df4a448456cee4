import { consume } from '@lit/context'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'
import type { Api } from '../../data/api/api'
import { Reading } from '../../data/api/reading'
import { Task } from '../../data/api/task'
import { ago } from '../../data/format'
import { DUTIES, isRole, type Member, named, ROLES } from '../../data/identity/roles'
import type { Session } from '../../data/identity/session'
import { serverClock } from '../../data/server-clock'
import { identity, operatorApi } from '../../data/services'
import { base, view } from '../../style/base'
import { forms } from '../../style/forms'
import { unread } from '../../ui/unread'
import './invite'

/** A member as the API lists them. */
interface Listed extends Member {
  readonly last_seen: string | null
}

/** The people of a tenant: invited, given another role, removed. */
@customElement('ma-members')
export class Members extends LitElement {
  static override styles = [
    base,
    forms,
    view,
    css`
      :host {
        max-width: 900px;
      }
      ul {
        margin: 0 0 16px;
        padding: 0;
        list-style: none;
        background: var(--panel);
        border: 1px solid var(--line);
        border-radius: var(--radius);
      }
      li {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 150px 200px;
        gap: 6px 14px;
        align-items: center;
        padding: 10px 16px;
      }
      li + li {
        border-top: 1px solid var(--line);
      }
      b,
      small {
        display: block;
        overflow-wrap: anywhere;
      }
      small {
        color: var(--soft);
      }
      .title span {
        color: var(--soft);
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        justify-content: flex-end;
        gap: 8px;
      }
      .said {
        margin-bottom: 14px;
      }
      @media (max-width: 640px) {
        li {
          grid-template-columns: minmax(0, 1fr) auto;
        }
        li div:first-child {
          grid-column: 1 / -1;
        }
      }
    `,
  ]

  @consume({ context: operatorApi }) api!: Api
  @consume({ context: identity }) session!: Session
  /** The one whose removal is asked about. */
  @state() private sure = ''
  @state() private said = ''
  private readonly reading = new Reading(this, () => this.api.get<'/members'>('/members'))
  private readonly changing = new Task(this)

  override render(): TemplateResult {
    if (!this.reading.value) return unread(this.reading, 'members')
    const members: readonly Listed[] = this.reading.value.members
    const { problem } = this.changing
    return html`
      <div class="title"><h1>Members</h1><span>${members.length} of the tenant “${this.session.member?.tenant}”</span></div>
      ${problem ? html`<p class="said bad" role="alert">Nothing was changed: ${problem.message}</p>` : nothing}
      <p class=${this.said ? 'said' : 'visually-hidden'} role="status">${this.said}</p>
      <ul aria-label="Members">
        ${repeat(
          members,
          ({ id }) => id,
          (member) => html`<li>${this.row(member)}</li>`,
        )}
      </ul>
      <ma-invite @invited=${this.invited}></ma-invite>
    `
  }

  private row(member: Listed): TemplateResult {
    const { id, name, email, last_seen } = member
    const own = id === this.session.member?.id
    const { busy } = this.changing
    const seen = last_seen ? `last here ${ago(Date.parse(last_seen), serverClock.now())}` : 'invited, not signed in yet'
    return html`<div><b>${name || email}</b><small>${name && name !== email ? `${email} · ` : ''}${seen}</small></div>
      <select
        aria-label=${`Role of ${email}`}
        title=${own ? 'Another administrator can change your role' : DUTIES[member.role]}
        ?disabled=${own || busy}
        @change=${(event: Event) => this.become(member, event.target as HTMLSelectElement)}
      >
        ${ROLES.map((role) => html`<option value=${role} ?selected=${role === member.role}>${role}</option>`)}
      </select>
      <div class="buttons">${own ? html`<small>This is you</small>` : this.removal(member)}</div>`
  }

  private removal({ id, email }: Listed): TemplateResult {
    const { busy } = this.changing
    if (this.sure !== id) {
      return html`<button class="button" ?disabled=${busy} @click=${() => this.ask(id)}>
        Remove<span class="visually-hidden"> ${email}</span>
      </button>`
    }
    return html`<button class="button stop" ?disabled=${busy} @click=${() => this.expel(id, email)}>
        ${busy ? 'Removing…' : 'Yes, remove'}
      </button>
      <button class="button" ?disabled=${busy} @click=${() => this.ask('')}>Keep</button>`
  }

  private ask(id: string): void {
    this.sure = id
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('.button.stop')?.focus())
  }

  private async become({ id, email, role }: Listed, select: HTMLSelectElement): Promise<void> {
    const wanted = select.value
    if (!isRole(wanted)) return
    const done = await this.changing.run(() =>
      this.api.patch<'/members/{member}'>(`/members/${encodeURIComponent(id)}`, { role: wanted }),
    )
    if (done) this.tell(`${email} is ${named(wanted)} now.`)
    else select.value = role
    await this.reading.again()
  }

  private async expel(id: string, email: string): Promise<void> {
    const done = await this.changing.run(async () => {
      await this.api.delete<'/members/{member}'>(`/members/${encodeURIComponent(id)}`)
      return true
    })
    this.sure = ''
    if (done) this.tell(`${email} was removed, and sees nothing of the tenant from now on.`)
    await this.reading.again()
  }

  private readonly invited = async (event: CustomEvent<string>): Promise<void> => {
    this.tell(`${event.detail} is invited: tell them the address of this page. They sign in with that e-mail address.`)
    await this.reading.again()
  }

  private tell(words: string): void {
    this.said = words
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-members': Members
  }
}
