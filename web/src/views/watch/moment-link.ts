import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { instant } from '../../data/format'
import { base } from '../../style/base'

const STAYS = 4000

/** Copies a link to a moment and says so; where the browser forbids that, it shows the link to be copied by hand. */
@customElement('ma-moment-link')
export class MomentLink extends LitElement {
  static override styles = [
    base,
    css`
      div.on {
        display: flex;
        align-items: center;
        gap: 10px;
        padding: 0 16px 10px;
        font-size: 0.8125rem;
        color: var(--soft);
      }
      input {
        flex: 1;
        min-width: 0;
        height: 32px;
        padding: 0 10px;
        font: 0.7812rem var(--mono);
        color: var(--ink);
        background: var(--bg);
        border: 1px solid var(--line);
        border-radius: 8px;
      }
    `,
  ]

  @state() private said = ''
  @state() private byHand = ''
  private timer = 0

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    window.clearTimeout(this.timer)
  }

  /** `time`: s from the session's start. */
  async copy(url: string, time: number): Promise<void> {
    window.clearTimeout(this.timer)
    try {
      await navigator.clipboard.writeText(url)
      this.byHand = ''
      this.said = `The link to ${instant(time)} is copied.`
      this.timer = window.setTimeout(() => {
        this.said = ''
      }, STAYS)
    } catch {
      // Not allowed here (no https, say).
      this.said = ''
      this.byHand = url
      await this.updateComplete
      this.renderRoot.querySelector('input')?.select()
    }
  }

  override render(): TemplateResult {
    return html`<div role="status" class=${this.said || this.byHand ? 'on' : ''}>
      ${this.said}
      ${
        this.byHand
          ? html`Copy this link: <input readonly aria-label="Link to this moment" .value=${this.byHand} />`
          : nothing
      }
    </div>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-moment-link': MomentLink
  }
}
