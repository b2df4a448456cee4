import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { base } from '../../style/base'
import { forms } from '../../style/forms'

/** Asks for permission to notify of problems while another tab is in front; hidden once that is answered. */
@customElement('ma-notify-button')
export class NotifyButton extends LitElement {
  static override styles = [
    base,
    forms,
    css`
      .button {
        height: 30px;
        padding: 0 12px;
        font-size: 0.8125rem;
      }
    `,
  ]

  @state() private asked = !('Notification' in window) || Notification.permission !== 'default'

  override render(): TemplateResult | typeof nothing {
    return this.asked ? nothing : html`<button class="button" @click=${this.ask}>Notify me of problems</button>`
  }

  private readonly ask = async (): Promise<void> => {
    await Notification.requestPermission()
    this.asked = true
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-notify-button': NotifyButton
  }
}
