import { consume } from '@lit/context'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { Config } from '../data/config'
import { named, type Role } from '../data/identity/roles'
import type { Session } from '../data/identity/session'
import { configuration, identity } from '../data/services'
import { base } from '../style/base'
import { forms } from '../style/forms'
import './sign-in'

/** Says what is missing to see something, and whom to ask for it; strangers may sign in right there. */
@customElement('ma-missing-role')
export class MissingRole extends LitElement {
  static override styles = [
    base,
    forms,
    css`
      section {
        display: grid;
        gap: 12px;
        max-width: 460px;
        margin: var(--missing-margin, clamp(20px, 6vh, 64px)) auto;
        padding: 22px 24px;
        background: var(--panel);
        border: var(--missing-border, 1px solid var(--line));
        border-radius: var(--radius);
      }
      h1 {
        margin: 0;
        font-size: 1.0625rem;
        letter-spacing: -0.01em;
      }
      p {
        margin: 0;
        color: var(--soft);
        text-wrap: pretty;
      }
      @media (max-width: 560px) {
        section {
          margin-inline: 12px;
        }
      }
    `,
  ]

  @consume({ context: identity }) session!: Session
  @consume({ context: configuration }) config!: Config
  /** As the beginning of a sentence: "To send video". */
  @property() purpose = 'To see this'
  @property() least: Role = 'viewer'
  /** Whether that would have to be in the deployment's own tenant. */
  @property({ type: Boolean }) deployment = false

  override render(): TemplateResult {
    const { session, purpose, least } = this
    const { member, said } = session
    if (session.standing === 'starting') return html`<section role="status"><p>${said || 'Starting…'}</p></section>`
    if (member) {
      return html`<section>
        <h1>Your role does not reach this</h1>
        <p>
          ${purpose}, you would have to be ${named(least)} of the tenant “${this.deployment ? this.config.tenant : member.tenant}”. You are ${named(member.role)}, as
          ${member.email}.
        </p>
        <p>An administrator of the tenant can change your role, under Members.</p>
      </section>`
    }
    if (session.share) {
      return html`<section>
        <h1>The link does not show this</h1>
        <p>It shows one stream, and nothing else. Ask the person who sent it for a link that shows more.</p>
      </section>`
    }
    return html`<section>
      <h1>Sign in</h1>
      ${said ? html`<p class="said" role="status">${said}</p>` : nothing}
      <p>${purpose}, sign in as ${least === 'viewer' ? 'a member' : named(least)} of this deployment.</p>
      <ma-sign-in eager></ma-sign-in>
      <p><small>You have no account? An administrator of this deployment can invite your e-mail address.</small></p>
    </section>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-missing-role': MissingRole
  }
}
