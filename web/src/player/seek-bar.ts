import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import type { Frame } from '../data/documents/model'
import { clock } from '../data/format'
import { base } from '../style/base'
import { hide, show } from '../ui/broken-image'
import { pictured } from '../ui/pictured'
import type { Action } from './media/actions'
import type { Playback } from './media/playback'
import { seekStyles } from './seek-bar-styles'

/** Returns the picture at a place on the bar, in seconds from the session's start. */
export type SnapshotAt = (time: number) => Promise<Frame | null>

interface Preview {
  /** Of the element, in seconds; and where on the bar, 0 to 1. */
  readonly time: number
  readonly share: number
  readonly frame: Frame | null
}

/** A pointer that passes by asks for nothing. */
const PAUSE = 60

/**
 * Position of the picture; a click seeks, hovering previews. Fires `bar-action`. Keys are left to the
 * page: they move by seconds, as everywhere in the player, and not by the slider's hundredths.
 */
@customElement('ma-seek-bar')
export class SeekBar extends LitElement {
  static override styles = [base, seekStyles]

  @property({ attribute: false }) video: HTMLVideoElement | null = null
  @property({ attribute: false }) playback: Playback | null = null
  /** Wall clock (ms) of the session's media time 0. */
  @property({ type: Number }) started = 0
  @property({ attribute: false }) snapshotAt: SnapshotAt | null = null
  /** Changes whenever the position must be shown again. */
  @property({ type: Number }) now = 0
  @state() private preview: Preview | null = null
  private timer = 0

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    window.clearTimeout(this.timer)
  }

  override updated(_: PropertyValues<this>): void {
    const { start, end } = this.range
    const played = (100 * ((this.video?.currentTime ?? 0) - start)) / (end - start)
    this.style.setProperty('--played', `${Math.min(100, Math.max(0, played || 0)).toFixed(2)}%`)
    if (this.preview) this.style.setProperty('--at', `${(100 * this.preview.share).toFixed(2)}%`)
  }

  override render(): TemplateResult {
    const { start, end } = this.range
    const now = Math.min(end, Math.max(start, this.video?.currentTime ?? 0))
    const text = this.playback?.live
      ? `${clock(end - now)} behind the live edge`
      : `${clock(now - start)} of ${clock(end - start)}`
    return html`
      ${this.preview ? this.bubble(this.preview) : nothing}
      <input
        type="range"
        data-seek
        min=${start}
        max=${Math.max(end, start + 0.1)}
        step="0.01"
        .value=${String(now)}
        aria-label="Position"
        aria-valuetext=${text}
        @input=${(event: InputEvent) => this.seek(Number((event.target as HTMLInputElement).value))}
        @pointermove=${this.hover}
        @pointerleave=${this.leave}
      />
    `
  }

  private bubble({ time, frame }: Preview): TemplateResult {
    const { start, end } = this.range
    return html`<div class="preview" aria-hidden="true">
      ${frame?.snapshot ? html`<img src=${pictured(frame.snapshot)} alt="" @error=${hide} @load=${show} />` : nothing}
      <span>${this.playback?.live ? `−${clock(end - time)}` : clock(time - start)}</span>
    </div>`
  }

  private get range(): { readonly start: number; readonly end: number } {
    return this.playback?.range ?? { start: 0, end: 0 }
  }

  private readonly hover = (event: PointerEvent): void => {
    const { left, width } = (event.target as HTMLElement).getBoundingClientRect()
    const share = Math.min(1, Math.max(0, (event.clientX - left) / width))
    const { start, end } = this.range
    const time = start + share * (end - start)
    this.preview = { time, share, frame: this.preview?.frame ?? null }
    window.clearTimeout(this.timer)
    this.timer = window.setTimeout(() => void this.look(time), PAUSE)
  }

  private readonly leave = (): void => {
    window.clearTimeout(this.timer)
    this.preview = null
  }

  private async look(time: number): Promise<void> {
    const wall = this.playback?.wall(time) ?? null
    const frame = wall === null ? null : await this.snapshotAt?.((wall - this.started) / 1000)
    // The pointer may have gone on, or away, meanwhile.
    if (this.preview?.time === time) this.preview = { ...this.preview, frame: frame ?? null }
  }

  private seek(time: number): void {
    this.dispatchEvent(
      new CustomEvent<Action>('bar-action', { detail: { type: 'seek', time }, bubbles: true, composed: true }),
    )
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-seek-bar': SeekBar
  }
}
