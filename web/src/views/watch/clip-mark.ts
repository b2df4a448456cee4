import { html, LitElement, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { clock } from '../../data/format'
import { base } from '../../style/base'
import { forms } from '../../style/forms'
import { navigation } from '../../ui/navigation'

/** Marks a range of what is watched: pressed at its beginning, and again at its end. */
@customElement('ma-clip-mark')
export class ClipMark extends LitElement {
  static override styles = [base, forms]

  @property() stream = ''
  @property() session = ''
  /** Media time of what is on the screen (s). */
  @property({ attribute: false }) now: () => number = () => 0
  /** Where the range begins; null: it does not yet. */
  @state() private begun: number | null = null

  override willUpdate(changes: Map<string, unknown>): void {
    if (changes.has('session')) this.begun = null
  }

  override render(): TemplateResult {
    const text = this.begun === null ? 'Clip from here' : `Clip from ${clock(this.begun)} to here`
    return html`<button class="button" ?disabled=${!this.session} @click=${this.mark}>${text}</button>`
  }

  private readonly mark = (): void => {
    const now = this.now()
    if (this.begun === null) {
      this.begun = now
      return
    }
    const [from, to] = [Math.min(this.begun, now), Math.max(this.begun, now)].map((time) => time.toFixed(2))
    const range = new URLSearchParams({
      stream: this.stream,
      view: 'clips',
      session: this.session,
      from: from ?? '',
      to: to ?? '',
    })
    navigation.go(`?${range}`)
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-clip-mark': ClipMark
  }
}
