import { css, html, LitElement, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { base } from '../style/base'

/** Tabs over one panel (its slot). Fires `tab-chosen` (the index); arrow keys move between them. */
@customElement('ma-tabs')
export class Tabs extends LitElement {
  static override styles = [
    base,
    css`
      [role='tablist'] {
        display: flex;
        gap: 2px;
        padding: 3px;
        background: var(--raised);
        border-radius: 10px;
        overflow-x: auto;
        scrollbar-width: none;
      }
      button {
        flex: 1;
        height: 32px;
        padding: 0 12px;
        color: var(--soft);
        font-size: 0.8438rem;
        font-weight: 500;
        white-space: nowrap;
        background: none;
        border: 0;
        border-radius: 8px;
        outline-offset: -2px;
      }
      button:hover {
        color: var(--ink);
      }
      button[aria-selected='true'] {
        color: var(--ink);
        background: var(--panel);
        box-shadow: 0 1px 3px rgb(0 0 0 / 0.25);
      }
      [role='tabpanel'] {
        padding-top: 14px;
      }
    `,
  ]

  @property({ attribute: false }) names: readonly string[] = []
  @property({ type: Number }) chosen = 0
  /** Accessible name of the tabs. */
  @property() label = ''

  override render(): TemplateResult {
    return html`
      <div role="tablist" aria-label=${this.label} @keydown=${this.key}>
        ${this.names.map(
          (name, at) => html`<button
            role="tab"
            id=${`tab-${at}`}
            aria-selected=${at === this.chosen ? 'true' : 'false'}
            aria-controls="panel"
            tabindex=${at === this.chosen ? 0 : -1}
            @click=${() => this.choose(at)}
          >
            ${name}
          </button>`,
        )}
      </div>
      <div role="tabpanel" id="panel" aria-labelledby=${`tab-${this.chosen}`}><slot></slot></div>
    `
  }

  private choose(at: number): void {
    this.dispatchEvent(new CustomEvent<number>('tab-chosen', { detail: at }))
  }

  private readonly key = (event: KeyboardEvent): void => {
    const { chosen, names } = this
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: chosen - 1,
      ArrowRight: chosen + 1,
      Home: 0,
      End: names.length - 1,
    }
    const to = steps[event.key]
    if (to === undefined) return
    event.preventDefault()
    event.stopPropagation()
    const at = (to + names.length) % names.length
    this.choose(at)
    this.renderRoot.querySelectorAll<HTMLElement>('[role=tab]')[at]?.focus()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-tabs': Tabs
  }
}
