import { css, html, LitElement, type TemplateResult } from 'lit'
import { customElement, property, query } from 'lit/decorators.js'
import { rememberedKey, rememberKey } from '../data/api/secrets'
import { base } from '../style/base'
import { forms } from '../style/forms'

/** Field for a stream key. The key stays in memory, until the page is loaded again if the user asks for that. */
@customElement('ma-key-field')
export class KeyField extends LitElement {
  static override styles = [
    base,
    forms,
    css`
      :host {
        display: grid;
        gap: 9px;
      }
    `,
  ]

  @property() stream = ''
  @property({ type: Boolean }) disabled = false
  @query('input[type=password]') private input!: HTMLInputElement
  @query('input[type=checkbox]') private remember!: HTMLInputElement

  /** The key, without the spaces that come along when it is pasted; remembers it if so asked. */
  take(): string {
    const key = this.input.value.trim()
    rememberKey(this.stream, this.remember.checked ? key : null)
    if (!key) this.input.focus()
    return key
  }

  override render(): TemplateResult {
    const known = rememberedKey(this.stream)
    return html`
      <label>
        Stream key
        <input
          type="password"
          autocomplete="off"
          spellcheck="false"
          placeholder="shown once, when the stream was created"
          .value=${known}
          ?disabled=${this.disabled}
        />
      </label>
      <label class="check">
        <input type="checkbox" .checked=${known !== ''} ?disabled=${this.disabled} />
        Remember it until this page is loaded again
      </label>
    `
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-key-field': KeyField
  }
}
