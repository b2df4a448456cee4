import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'
import { bytes } from '../../data/format'
import { base } from '../../style/base'
import { editing } from '../../style/editing'
import { forms } from '../../style/forms'
import { marksStyles } from './marks-styles'
import type { Picture, Pictures } from './pictures'

/** Takes pictures by file picker, drop and paste, and shows them before they are sent. */
@customElement('ma-picture-drop')
export class PictureDrop extends LitElement {
  static override styles = [base, forms, editing, marksStyles]

  @property({ attribute: false }) pictures!: Pictures
  @state() private over = false

  override connectedCallback(): void {
    super.connectedCallback()
    this.pictures.addEventListener('change', this.changed)
    window.addEventListener('paste', this.paste)
    // A picture that misses its field must not take the place of the page.
    window.addEventListener('dragover', this.swallow)
    window.addEventListener('drop', this.swallow)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.pictures.removeEventListener('change', this.changed)
    window.removeEventListener('paste', this.paste)
    window.removeEventListener('dragover', this.swallow)
    window.removeEventListener('drop', this.swallow)
  }

  override render(): TemplateResult {
    const { items } = this.pictures
    return html`<label
        class="drop ${this.over ? 'over' : ''}"
        @dragover=${() => this.hover(true)}
        @dragleave=${() => this.hover(false)}
        @drop=${this.dropped}
      >
        <input
          type="file"
          multiple
          accept="image/*"
          aria-label="Pictures of the mark"
          @change=${this.picked}
        />
        <b>Drop, paste or choose pictures of the mark</b>
        <span>PNG, JPEG, WebP or SVG, up to 8 MB; cut close, no other brand on it</span>
      </label>
      ${
        items.length > 0
          ? html`<ul aria-label="Pictures to add">
              ${repeat(
                items,
                ({ id }) => id,
                (one) => this.picture(one),
              )}
            </ul>`
          : nothing
      }
      <p class="visually-hidden" aria-live="polite">${this.told()}</p>`
  }

  private picture({ id, file, url, state: now, problem }: Picture): TemplateResult {
    return html`<li class=${now}>
      ${url ? html`<img src=${url} alt="" />` : html`<div class="none">no preview</div>`}
      <small title=${file.name}>${file.name} · ${bytes(file.size)}</small>
      ${problem ? html`<p class="wrong" role="alert">Refused: ${problem}</p>` : nothing}
      <div class="row">
        ${
          now === 'refused'
            ? html`<button class="button small" type="button" @click=${() => this.pictures.retry(id)}>Again</button>`
            : nothing
        }
        <button
          class="button small"
          type="button"
          aria-label="Leave out ${file.name}"
          ?disabled=${now === 'sending'}
          @click=${() => this.pictures.remove(id)}
        >
          ${now === 'sending' ? 'Sending…' : 'Leave out'}
        </button>
      </div>
    </li>`
  }

  private told(): string {
    const { items, waiting } = this.pictures
    return items.length > 0 ? `${waiting} of ${items.length} pictures to add` : ''
  }

  private readonly changed = (): void => this.requestUpdate()

  private readonly picked = (event: Event): void => {
    const input = event.target as HTMLInputElement
    this.take(input.files)
    input.value = '' // the same file may be chosen again
  }

  private take(files: FileList | null | undefined): void {
    if (files && files.length > 0) void this.pictures.add(files)
  }

  private hover(over: boolean): void {
    this.over = over
  }

  private readonly dropped = (event: DragEvent): void => {
    event.preventDefault()
    this.over = false
    this.take(event.dataTransfer?.files)
  }

  /** Text that is pasted into a field stays the field's. */
  private readonly paste = (event: ClipboardEvent): void => {
    const files = event.clipboardData?.files
    if (!files || files.length === 0) return
    event.preventDefault()
    this.take(files)
  }

  private readonly swallow = (event: DragEvent): void => event.preventDefault()
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-picture-drop': PictureDrop
  }
}
