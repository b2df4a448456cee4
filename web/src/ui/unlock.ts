import { consume } from '@lit/context'
import { css, html, LitElement, type TemplateResult } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { type Api, ApiError } from '../data/api/api'
import { Unlocked } from '../data/api/unlocked'
import { operatorApi } from '../data/services'
import { base } from '../style/base'
import { forms } from '../style/forms'

/** Shows what is in its slot once there is an operator's key, and asks for that key before. */
@customElement('ma-unlock')
export class Unlock extends LitElement {
  static override styles = [
    base,
    forms,
    css`
      form {
        display: grid;
        gap: 12px;
        max-width: 460px;
        margin: var(--unlock-margin, clamp(20px, 6vh, 64px)) auto;
        padding: 22px 24px;
        background: var(--panel);
        border: var(--unlock-border, 1px solid var(--line));
        border-radius: var(--radius);
      }
      h2 {
        margin: 0;
        font-size: 17px;
      }
      /* In a dialog, which has a frame and a heading of its own. */
      :host([plain]) form {
        max-width: none;
        margin: 0;
        padding: 0;
        background: none;
        border: 0;
      }
      :host([plain]) h2 {
        display: none;
      }
      p {
        margin: 0;
        color: var(--soft);
      }
      code {
        font: 0.92em var(--mono);
      }
    `,
  ]

  @consume({ context: operatorApi }) api!: Api
  /** Purpose of the key, as the beginning of a sentence: "To add brands". */
  @property() purpose = 'To go on'
  @property({ type: Boolean, reflect: true }) plain = false
  @state() private problem = ''
  @state() private asking = false
  @query('input[type=password]') private input!: HTMLInputElement | null
  @query('input[type=checkbox]') private keep!: HTMLInputElement | null

  constructor() {
    super()
    new Unlocked(this)
  }

  /** To the field, where there is one to fill. */
  override focus(): void {
    this.input?.focus()
  }

  override render(): TemplateResult {
    if (this.api.unlocked) return html`<slot></slot>`
    return html`<form @submit=${this.submit}>
      <h2>Operator’s key</h2>
      <p>
        ${this.purpose}, the key of the deployment is needed. <code>pulumi stack output --show-secrets adminKey</code> says
        it; on this machine, <code>python local-emulator env</code>.
      </p>
      <label>Key <input type="password" autocomplete="off" spellcheck="false" required /></label>
      <label class="check"><input type="checkbox" checked /> Remember it in this tab</label>
      ${this.problem ? html`<p class="said bad" role="alert">${this.problem}</p>` : ''}
      <button class="button primary" ?disabled=${this.asking}>${this.asking ? 'Asking…' : 'Unlock'}</button>
    </form>`
  }

  private readonly submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    this.asking = true
    this.problem = ''
    try {
      await this.api.unlock(this.input?.value.trim() ?? '', this.keep?.checked ?? false)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      this.problem = error.locked ? 'This is not the key of this deployment.' : error.message
    } finally {
      this.asking = false
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-unlock': Unlock
  }
}
