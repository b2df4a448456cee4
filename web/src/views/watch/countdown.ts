import { html, LitElement, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { serverClock } from '../../data/server-clock'

/** Time that a stream still waits for a sender that disconnected. */
@customElement('ma-countdown')
export class Countdown extends LitElement {
  /** Milliseconds since 1970; null: not known. */
  @property({ attribute: false }) until: number | null = null
  private timer = 0

  override connectedCallback(): void {
    super.connectedCallback()
    this.timer = window.setInterval(() => this.requestUpdate(), 1000)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    window.clearInterval(this.timer)
  }

  override render(): TemplateResult {
    if (this.until === null) return html`The stream goes on when it returns.`
    const left = Math.ceil((this.until - serverClock.now()) / 1000)
    // Screen readers do not announce each second: the sentence before says what matters.
    return left > 0
      ? html`The stream goes on if it returns within <span aria-live="off">${left} s</span>; until then this page waits.`
      : html`It has not returned in time: the stream is being closed.`
  }
}
