import { css, html, LitElement, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { base } from '../../style/base'

/** A command line with a button that copies it. */
@customElement('ma-command')
export class Command extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        margin: 8px 0 18px;
      }
      .row {
        display: flex;
        align-items: flex-start;
        gap: 8px;
        padding: 10px 10px 10px 14px;
        border: 1px solid var(--line);
        border-radius: 10px;
        background: var(--panel);
      }
      pre {
        flex: 1;
        min-width: 0;
        margin: 5px 0;
        font: 0.7812rem / 1.55 var(--mono);
        color: var(--ink);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      button {
        flex: none;
        min-width: 76px;
        padding: 5px 12px;
        border: 1px solid var(--line);
        border-radius: 8px;
        color: var(--ink);
        background: var(--raised);
        font-size: 0.8125rem;
      }
      button:hover {
        border-color: var(--faint);
      }
    `,
  ]

  @property() text = ''
  /** The button's accessible name. */
  @property() label = 'Copy'
  @state() private copied = false

  override render(): TemplateResult {
    return html`<div class="row">
      <pre tabindex="0">${this.text}</pre>
      <button aria-label=${this.copied ? 'Copied' : this.label} @click=${this.copy} aria-live="polite">
        ${this.copied ? 'Copied' : 'Copy'}
      </button>
    </div>`
  }

  private async copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.text)
      this.copied = true
      window.setTimeout(() => {
        this.copied = false
      }, 2000)
    } catch {
      // Not allowed here (no https, say): select it, so that the keyboard can copy it.
      const pre = this.renderRoot.querySelector('pre')
      if (pre) window.getSelection()?.selectAllChildren(pre)
    }
  }
}
