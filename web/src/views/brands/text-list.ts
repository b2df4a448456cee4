import { css, html, LitElement, type TemplateResult } from 'lit'
import { customElement, property, query } from 'lit/decorators.js'
import { LIMITS } from '../../data/api/limits'
import { base } from '../../style/base'
import { editing } from '../../style/editing'
import { forms } from '../../style/forms'
import { composes } from '../../ui/keyboard'

/** Input methods of China and Japan have commas of their own. */
const SEPARATOR = /[,，、]/

/** Several short texts: each a chip, a field for the next one. Fires `change` with the list. */
@customElement('ma-text-list')
export class TextList extends LitElement {
  static override styles = [
    base,
    forms,
    editing,
    css`
      ul {
        display: flex;
        flex-wrap: wrap;
        gap: 5px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      .chip {
        padding: 3px 3px 3px 10px;
        color: var(--ink);
        white-space: normal;
        overflow-wrap: anywhere;
      }
      .chip button {
        display: grid;
        place-items: center;
        flex: none;
        width: 20px;
        height: 20px;
        padding: 0;
        border: 0;
        border-radius: 50%;
        color: var(--soft);
        background: none;
      }
      .chip button:hover {
        color: var(--ink);
        background: var(--line);
      }
    `,
  ]

  @property() label = ''
  @property() hint = ''
  @property({ attribute: false }) values: readonly string[] = []
  @query('input') private input!: HTMLInputElement

  override render(): TemplateResult {
    return html`<div class="field">
      <label for="next">${this.label}</label>
      ${
        this.values.length > 0
          ? html`<ul>
              ${this.values.map(
                (value) => html`<li class="chip">
                  ${value}<button type="button" aria-label="Remove ${value}" @click=${() => this.leaveOut(value)}>×</button>
                </li>`,
              )}
            </ul>`
          : ''
      }
      <input
        id="next"
        type="text"
        maxlength=${LIMITS.NewBrand.aliases.items.maxLength}
        placeholder="Type, then Enter"
        aria-describedby="hint"
        @keydown=${this.key}
        @change=${this.take}
      />
      <p class="hint" id="hint">${this.hint}</p>
    </div>`
  }

  private readonly key = (event: KeyboardEvent): void => {
    if (composes(event) || !['Enter', ','].includes(event.key)) return
    event.preventDefault()
    this.take()
  }

  /** Also when the field is left: what was typed is meant. */
  private readonly take = (event?: Event): void => {
    event?.stopPropagation()
    const typed = this.input.value.split(SEPARATOR).map((one) => one.trim())
    this.input.value = ''
    const all = new Set([...this.values, ...typed.filter(Boolean)])
    if (all.size > this.values.length) this.set([...all])
  }

  private leaveOut(value: string): void {
    this.set(this.values.filter((one) => one !== value))
    this.input.focus()
  }

  private set(values: readonly string[]): void {
    this.dispatchEvent(new CustomEvent('change', { detail: values }))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-text-list': TextList
  }
}
