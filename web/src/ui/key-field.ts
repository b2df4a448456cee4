import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { cleanKey, rememberedKey, rememberKey } from '../data/api/secrets'
import type { Stream } from '../data/documents/model'
import type { Session } from '../data/identity/session'
import { base } from '../style/base'
import { forms } from '../style/forms'

/** Whether a sender needs the stream's key: as far as is known, this identity may not change the stream. */
export function needsKey(
  session: Session,
  document: { readonly stream: Stream | null | undefined; readonly refused: boolean } | null,
): boolean {
  if (session.mayChange(document?.stream)) return false
  const unknown = session.may('publisher') && document?.stream === undefined && !document?.refused
  return !unknown
}

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
  @state() private wrong = false
  @query('input[type=password]') private input!: HTMLInputElement
  @query('input[type=checkbox]') private remember!: HTMLInputElement

  /** The key, without the unseen characters that come along when it is pasted; remembers it if so asked. Empty: it cannot be one. */
  take(): string {
    const cleaned = cleanKey(this.input.value)
    this.wrong = cleaned === null
    const key = cleaned ?? ''
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
          aria-invalid=${this.wrong}
          ?disabled=${this.disabled}
        />
      </label>
      ${this.wrong ? html`<p class="said bad" role="alert">This holds a character that no key has. Copy the key again, from where it was shown.</p>` : nothing}
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
