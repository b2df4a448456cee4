import { css, html, LitElement, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { base } from '../style/base'

/** One state said plainly: what is the matter, and (in its slot) what to do next. */
@customElement('ma-notice')
export class Notice extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        max-width: 720px;
        margin: clamp(20px, 6vh, 64px) auto;
        padding: 0 20px;
      }
      h1 {
        margin: 0 0 8px;
        font-size: 1.375rem;
        letter-spacing: -0.02em;
        text-wrap: balance;
      }
      div {
        color: var(--soft);
      }
    `,
  ]

  @property() heading = ''
  @property({ reflect: true }) tone: 'plain' | 'error' = 'plain'

  override render(): TemplateResult {
    return html`<section role=${this.tone === 'error' ? 'alert' : 'status'}>
      <h1>${this.heading}</h1>
      <div><slot></slot></div>
    </section>`
  }
}
