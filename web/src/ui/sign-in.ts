import { consume } from '@lit/context'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { ApiError } from '../data/api/api'
import type { Config } from '../data/config'
import type { Auth } from '../data/identity/auth'
import type { Session } from '../data/identity/session'
import { configuration, identity } from '../data/services'
import { base } from '../style/base'
import { forms } from '../style/forms'

/** Codes of Firebase Auth, in words. */
const REFUSALS: Readonly<Record<string, string>> = {
  'auth/invalid-credential': 'This address and password do not belong together.',
  'auth/wrong-password': 'This address and password do not belong together.',
  'auth/user-not-found': 'This address and password do not belong together.',
  'auth/invalid-email': 'This is not an e-mail address.',
  'auth/invalid-action-code': 'The link was used before, or is for another address. Ask for a new one.',
  'auth/expired-action-code': 'The link has expired. Ask for a new one.',
  'auth/too-many-requests': 'There were too many attempts. Wait a few minutes.',
  'auth/popup-blocked': 'The browser has blocked the window of the sign-in. Allow it for this page.',
  'auth/popup-closed-by-user': 'The window was closed before you had signed in.',
  'auth/network-request-failed': 'The sign-in service cannot be reached. Is this page online?',
}

/** Names of the buttons; an OIDC provider is called by the end of its id. */
const nameOf = (provider: string): string =>
  provider === 'google' ? 'Google' : provider.replace(/^oidc\./, '').replace(/^./, (first) => first.toUpperCase())

/** Signs a person in, in the ways that the deployment offers. The session fires `change` once that is done. */
@customElement('ma-sign-in')
export class SignIn extends LitElement {
  static override styles = [
    base,
    forms,
    css`
      :host,
      form {
        display: grid;
        gap: 12px;
      }
      p {
        margin: 0;
        color: var(--soft);
      }
      .or {
        display: flex;
        align-items: center;
        gap: 10px;
        color: var(--faint);
        font-size: 0.7812rem;
      }
      .or::before,
      .or::after {
        content: '';
        flex: 1;
        border-top: 1px solid var(--line);
      }
      .ways {
        display: grid;
        gap: 8px;
      }
      .quiet {
        justify-self: start;
        height: auto;
        padding: 4px 0;
        color: var(--accent);
        background: none;
        border: 0;
      }
    `,
  ]

  @consume({ context: configuration }) config!: Config
  @consume({ context: identity }) session!: Session
  /** The form is the only thing on the page: it takes the focus. */
  @property({ type: Boolean }) eager = false
  @state() private busy = false
  @state() private problem = ''
  /** Address that a link was sent to. */
  @state() private sentTo = ''
  @query('input') private first!: HTMLInputElement | null
  @query('#password') private password!: HTMLInputElement | null
  private readonly changed = (): void => this.requestUpdate()

  override connectedCallback(): void {
    super.connectedCallback()
    this.session.addEventListener('change', this.changed)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.session.removeEventListener('change', this.changed)
  }

  override firstUpdated(): void {
    if (this.eager) this.focus()
  }

  override focus(): void {
    this.first?.focus()
  }

  override render(): TemplateResult {
    const { signIn } = this.config
    if (signIn.length === 0) return html`<p>This deployment offers no way to sign in. Ask its operator.</p>`
    if (arrived()) return this.confirm()
    const ways = signIn.filter((one) => one !== 'password' && one !== 'link')
    const mail = signIn.includes('password') || signIn.includes('link')
    return html`
      ${this.status()} ${this.sentTo ? this.sent() : mail ? this.form() : nothing}
      ${mail && ways.length > 0 && !this.sentTo ? html`<div class="or">or</div>` : nothing}
      ${
        ways.length > 0 && !this.sentTo
          ? html`<div class="ways">
              ${ways.map(
                (
                  one,
                ) => html`<button class="button" ?disabled=${this.busy} @click=${() => this.run((auth) => auth.popup(one))}>
                  Continue with ${nameOf(one)}
                </button>`,
              )}
            </div>`
          : nothing
      }
    `
  }

  private status(): TemplateResult {
    const waiting = this.busy && this.session.said
    return html`
      ${waiting ? html`<p class="said" role="status">${waiting}</p>` : nothing}
      ${this.problem ? html`<p class="said bad" role="alert">${this.problem}</p>` : nothing}
    `
  }

  private form(): TemplateResult {
    const { signIn } = this.config
    const byPassword = signIn.includes('password')
    return html`<form @submit=${this.submit}>
      ${this.address()}
      ${
        byPassword
          ? html`<label>Password <input id="password" type="password" autocomplete="current-password" required /></label>`
          : nothing
      }
      <button class="button primary" ?disabled=${this.busy}>
        ${this.busy ? 'Signing in…' : byPassword ? 'Sign in' : 'Send me a link'}
      </button>
      ${
        byPassword && signIn.includes('link')
          ? html`<button type="button" class="quiet" ?disabled=${this.busy} @click=${this.send}>
              Send me a link by e-mail instead
            </button>`
          : nothing
      }
    </form>`
  }

  private address(): TemplateResult {
    return html`<label>
      E-mail address
      <input type="email" autocomplete="username" autocapitalize="off" spellcheck="false" required />
    </label>`
  }

  private sent(): TemplateResult {
    return html`<p class="said" role="status">
        A link is on its way to <b>${this.sentTo}</b>. Open it in this browser, and you are signed in.
      </p>
      <button class="button" @click=${this.again}>Use another address</button>`
  }

  /** The page was opened by a link of an e-mail: which address it was sent to is asked, so that a link that was passed on opens nothing. */
  private confirm(): TemplateResult {
    return html`<form @submit=${this.confirmed}>
      <p>The link from your e-mail brought you here. Say once more which address it was sent to.</p>
      ${this.status()} ${this.address()}
      <button class="button primary" ?disabled=${this.busy}>${this.busy ? 'Signing in…' : 'Sign in'}</button>
    </form>`
  }

  private readonly submit = (event: Event): void => {
    event.preventDefault()
    const { password } = this
    if (password) void this.run((auth) => auth.password(this.typed, password.value))
    else this.send()
  }

  private readonly send = (): void => {
    if (!this.first?.reportValidity()) return
    void this.run(async (auth) => {
      await auth.sendLink(this.typed, window.location.href)
      this.sentTo = this.typed
      return null
    })
  }

  private readonly confirmed = (event: Event): void => {
    event.preventDefault()
    void this.run(async (auth) => {
      const token = await auth.link(this.typed, window.location.href)
      window.history.replaceState(window.history.state, '', withoutLink())
      return token
    })
  }

  private readonly again = (): void => {
    this.sentTo = ''
  }

  private get typed(): string {
    return this.first?.value.trim() ?? ''
  }

  /** `way` gives the ID token, or null where the person goes on elsewhere. */
  private async run(way: (auth: Auth) => Promise<string | null>): Promise<void> {
    this.busy = true
    this.problem = ''
    try {
      const token = await way(await this.session.auth())
      if (token !== null) await this.session.signIn(token)
    } catch (error) {
      this.problem = wordsOf(error)
    } finally {
      this.busy = false
    }
  }
}

/** Parameters that Firebase adds to the address of a link. */
const OF_A_LINK = ['apiKey', 'oobCode', 'mode', 'lang', 'continueUrl'] as const

/** Whether a link of an e-mail has led here. */
function arrived(): boolean {
  const asked = new URLSearchParams(window.location.search)
  return asked.get('mode') === 'signIn' && asked.has('oobCode')
}

function withoutLink(): string {
  const url = new URL(window.location.href)
  for (const name of OF_A_LINK) url.searchParams.delete(name)
  return url.href
}

function wordsOf(error: unknown): string {
  if (error instanceof ApiError) return error.message
  const code = (error as { code?: unknown }).code
  if (typeof code !== 'string' || !code.startsWith('auth/')) throw error
  return REFUSALS[code] ?? `The sign-in failed (${code}).`
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-sign-in': SignIn
  }
}
