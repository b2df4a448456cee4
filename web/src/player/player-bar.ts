import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { clock } from '../data/format'
import { base } from '../style/base'
import { type Action, SPEEDS } from './media/actions'
import type { Playback } from './media/playback'
import { barStyles } from './player-bar-styles'
import { ICONS } from './player-icons'
import './seek-bar'
import type { SnapshotAt } from './seek-bar'

const EVENTS = [
  'play',
  'pause',
  'timeupdate',
  'volumechange',
  'seeked',
  'durationchange',
  'progress',
  'ratechange',
] as const

/** The player's controls. Fires `bar-action` (Action); reads the element and the playback, changes neither. */
@customElement('ma-player-bar')
export class PlayerBar extends LitElement {
  static override styles = [base, barStyles]

  /** In a page of others, whose address is no link to the moment. */
  @property({ type: Boolean }) embedded = false
  @property({ attribute: false }) video: HTMLVideoElement | null = null
  @property({ attribute: false }) playback: Playback | null = null
  @property({ type: Number }) started = 0
  @property({ attribute: false }) snapshotAt: SnapshotAt | null = null
  @property({ type: Boolean }) captions = false
  /** Whether captions of speech are shown; null if it is not transcribed. */
  @property({ attribute: false }) speech: boolean | null = null
  /** Whether the picture is in a window of its own; null: the browser has none. */
  @property({ attribute: false }) floating: boolean | null = null
  private readonly refresh = (): void => this.requestUpdate()

  override updated(changed: PropertyValues<this>): void {
    if (!changed.has('video')) return
    for (const name of EVENTS) {
      changed.get('video')?.removeEventListener(name, this.refresh)
      this.video?.addEventListener(name, this.refresh)
    }
  }

  override render(): TemplateResult {
    const { video, playback, captions, speech, floating } = this
    const paused = video?.paused ?? true
    return html`
      <ma-seek-bar
        .video=${video}
        .playback=${playback}
        .started=${this.started}
        .snapshotAt=${this.snapshotAt}
        .now=${video?.currentTime ?? 0}
      ></ma-seek-bar>
      <div class="row">
        ${this.button(paused ? 'Play' : 'Pause', 'K', paused ? ICONS.play : ICONS.pause, { type: 'toggle' })}
        ${this.button('One frame back', ',', ICONS.back, { type: 'step', frames: -1 }, 'wide')}
        ${this.button('One frame on', '.', ICONS.on, { type: 'step', frames: 1 }, 'wide')}
        ${this.sound()}
        <span class="time">${this.position()}</span>
        ${playback?.live ? this.edge(playback) : html`<span class="edge"></span>${this.speed()}`}
        ${this.toggle('On-screen text as captions', 'C', ICONS.captions, { type: 'captions' }, captions)}
        ${speech === null ? nothing : this.toggle('Speech as captions', 'T', ICONS.speech, { type: 'speech' }, speech)}
        ${this.embedded ? nothing : this.button('Copy a link to this moment', 'S', ICONS.link, { type: 'link' })}
        ${floating === null ? nothing : this.toggle('Picture in picture', 'I', ICONS.float, { type: 'float' }, floating)}
        ${this.button('Full screen', 'F', ICONS.full, { type: 'fullscreen' })}
        ${this.button('Keys', '?', ICONS.help, { type: 'help' }, 'wide')}
      </div>
    `
  }

  private position(): TemplateResult {
    const { start, end } = this.playback?.range ?? { start: 0, end: 0 }
    const now = Math.min(end, Math.max(start, this.video?.currentTime ?? 0))
    if (this.playback?.live) return html`−${clock(end - now)}`
    return html`${clock(now - start)}<span class="wide"> / ${clock(end - start)}</span>`
  }

  private sound(): TemplateResult {
    const { video } = this
    const muted = video?.muted ?? true
    return html`
      ${this.button(muted ? 'Unmute' : 'Mute', 'M', muted ? ICONS.muted : ICONS.sound, { type: 'mute' })}
      <input
        class="wide"
        type="range"
        min="0"
        max="1"
        step="0.05"
        aria-label="Volume"
        .value=${String(muted ? 0 : (video?.volume ?? 1))}
        @input=${(event: InputEvent) => this.act({ type: 'volume', to: Number((event.target as HTMLInputElement).value) })}
      />
    `
  }

  private edge(playback: Playback): TemplateResult {
    const at = (this.video?.currentTime ?? 0) > playback.edge - 3 && !this.video?.paused
    return html`<button class="edge ${at ? 'at' : ''}" title="To the live edge (L)" @click=${() => this.act({ type: 'live' })}>
      <i></i>${at ? html`live<span class="wide">, ${playback.latency.toFixed(1)} s behind</span>` : 'go to live'}
    </button>`
  }

  private speed(): TemplateResult {
    const now = this.video?.playbackRate ?? 1
    return html`<select
      aria-label="Speed"
      title="Speed (&lt; and &gt;)"
      @change=${(event: Event) => this.act({ type: 'speed', to: Number((event.target as HTMLSelectElement).value) })}
    >
      ${SPEEDS.map((speed) => html`<option value=${speed} .selected=${speed === now}>${speed} ×</option>`)}
    </select>`
  }

  private button(name: string, key: string, icon: unknown, action: Action, kind = ''): TemplateResult {
    return html`<button class=${kind} aria-label=${name} title="${name} (${key})" @click=${() => this.act(action)}>
      <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">${icon}</svg>
    </button>`
  }

  private toggle(name: string, key: string, icon: unknown, action: Action, pressed: boolean): TemplateResult {
    return html`<button
      aria-label=${name}
      aria-pressed=${pressed}
      title="${name} (${key})"
      @click=${() => this.act(action)}
    >
      <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">${icon}</svg>
    </button>`
  }

  private act(action: Action): void {
    this.dispatchEvent(new CustomEvent<Action>('bar-action', { detail: action, bubbles: true, composed: true }))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-player-bar': PlayerBar
  }
}
