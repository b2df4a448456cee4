import { consume } from '@lit/context'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, query, state } from 'lit/decorators.js'
import type { ApiError } from '../data/api/api'
import { Task } from '../data/api/task'
import { stamp } from '../data/format'
import type { Session } from '../data/identity/session'
import { identity } from '../data/services'
import { base } from '../style/base'
import { forms } from '../style/forms'
import '../ui/dialog'
import type { Dialog } from '../ui/dialog'
import '../ui/sign-in'

/** Who looks at the page, in its header: signs in and out. */
@customElement('ma-account')
export class Account extends LitElement {
  static override styles = [
    base,
    forms,
    css`
      :host {
        flex: none;
      }
      .who {
        display: flex;
        align-items: center;
        gap: 8px;
        max-width: 240px;
        height: 32px;
        padding: 0 11px;
        color: var(--soft);
        font-size: 0.8125rem;
        background: none;
        border: 1px solid var(--line);
        border-radius: 8px;
      }
      .who:hover {
        color: var(--ink);
        border-color: var(--faint);
      }
      .who span {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .link {
        color: var(--soft);
        font-size: 0.8125rem;
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 10px;
        margin-top: 18px;
      }
      .note {
        color: var(--soft);
      }
    `,
  ]

  @consume({ context: identity }) session!: Session
  @state() private open = false
  @query('ma-dialog') private dialog!: Dialog | null
  private readonly leaving = new Task(this)
  private readonly changed = (): void => {
    if (this.session.standing !== 'stranger' && this.open && !this.session.member) this.dialog?.close()
    this.requestUpdate()
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.session.addEventListener('change', this.changed)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.session.removeEventListener('change', this.changed)
  }

  override render(): TemplateResult | typeof nothing {
    const { member, share, standing } = this.session
    if (standing === 'starting') return nothing
    if (share) return html`<span class="link">Shared with you until ${stamp(share.until)}</span>`
    const label = member ? member.name : 'Sign in'
    return html`<button class="who" title=${member ? `${member.email}, ${member.role}` : 'Sign in'} @click=${this.show}>
        ${icon}<span>${label}</span>
      </button>
      <ma-dialog heading=${member ? 'Your account' : 'Sign in'} @dialog-closed=${this.closed}>
        ${this.open ? (member ? this.account() : html`<ma-sign-in eager></ma-sign-in>`) : nothing}
      </ma-dialog>`
  }

  private account(): TemplateResult {
    const { member } = this.session
    const { busy, problem } = this.leaving
    return html`<dl>
        <dt>Name</dt>
        <dd>${member?.name}</dd>
        <dt>E-mail address</dt>
        <dd>${member?.email}</dd>
        <dt>Role</dt>
        <dd>${member?.role}</dd>
        <dt>Tenant</dt>
        <dd>${member?.tenant}</dd>
      </dl>
      ${problem ? html`<p class="said bad" role="alert">${wordsOf(problem)}</p>` : nothing}
      <div class="buttons">
        <button class="button primary" ?disabled=${busy} @click=${() => this.leave(false)}>Sign out</button>
        <button class="button" ?disabled=${busy} @click=${() => this.leave(true)}>Sign out everywhere</button>
      </div>`
  }

  private leave(everywhere: boolean): void {
    void this.leaving.run(() => this.session.signOut(everywhere))
  }

  private readonly show = async (): Promise<void> => {
    this.open = true
    await this.updateComplete
    await this.dialog?.show()
  }

  private readonly closed = (): void => {
    this.open = false
  }
}

const wordsOf = ({ message }: ApiError): string => `You are still signed in: ${message}`

const icon = html`<svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
  <circle cx="7" cy="4.4" r="2.9" fill="currentColor" />
  <path d="M1.5 13a5.5 5.5 0 0 1 11 0z" fill="currentColor" />
</svg>`

declare global {
  interface HTMLElementTagNameMap {
    'ma-account': Account
  }
}
