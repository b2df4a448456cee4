import { css, html, LitElement, type PropertyValues, svg, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { clock } from '../format'
import type { Playback } from '../media/playback'
import { base } from '../styles'

export type BarAction =
  | { readonly type: 'toggle' | 'mute' | 'live' | 'fullscreen' }
  | { readonly type: 'seek'; readonly time: number }
  | { readonly type: 'skip'; readonly seconds: number }
  | { readonly type: 'step'; readonly frames: number }

const EVENTS = ['play', 'pause', 'timeupdate', 'volumechange', 'seeked', 'durationchange', 'progress', 'ended'] as const

const ICONS = {
  play: svg`<path d="M5 3.2v11.6a.6.6 0 0 0 .92.5l9-5.8a.6.6 0 0 0 0-1l-9-5.8A.6.6 0 0 0 5 3.2z" fill="currentColor"/>`,
  pause: svg`<rect x="4" y="3" width="3.6" height="12" rx="1" fill="currentColor"/><rect x="10.4" y="3" width="3.6" height="12" rx="1" fill="currentColor"/>`,
  sound: svg`<path d="M2 6.5h3l4-3.3v11.6l-4-3.3H2z" fill="currentColor"/><path d="M11.6 6.2a4 4 0 0 1 0 5.6M13.8 4a7 7 0 0 1 0 10" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round"/>`,
  muted: svg`<path d="M2 6.5h3l4-3.3v11.6l-4-3.3H2z" fill="currentColor"/><path d="m12 7 4 4m0-4-4 4" stroke="currentColor" stroke-width="1.6" stroke-linecap="round"/>`,
  full: svg`<path d="M3 7V3h4M11 3h4v4M15 11v4h-4M7 15H3v-4" fill="none" stroke="currentColor" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round"/>`,
}

/** The player's controls. Fires `bar-action` (BarAction); reads the element and the playback, changes neither. */
@customElement('ma-player-bar')
export class PlayerBar extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        padding: 6px 12px 7px;
        color: var(--ink);
      }
      .row {
        display: flex;
        align-items: center;
        gap: 6px;
      }
      button {
        display: inline-flex;
        align-items: center;
        gap: 7px;
        min-width: 34px;
        height: 34px;
        padding: 0 8px;
        justify-content: center;
        border: 0;
        border-radius: 8px;
        background: none;
        transition: background 120ms;
      }
      button:hover {
        background: var(--raised);
      }
      .time {
        padding: 0 6px;
        font-size: 13px;
      }
      .edge {
        margin-left: auto;
        font-size: 12.5px;
      }
      .edge i {
        width: 8px;
        height: 8px;
        border-radius: 50%;
        background: var(--faint);
      }
      .edge.at i {
        background: var(--live);
      }
      input {
        display: block;
        width: 100%;
        height: 18px;
        margin: 0 0 2px;
        appearance: none;
        background: none;
        cursor: pointer;
        border-radius: 4px;
      }
      input::-webkit-slider-runnable-track {
        height: 4px;
        border-radius: 2px;
        background: linear-gradient(to right, var(--accent) var(--played, 0%), var(--line) var(--played, 0%));
      }
      input::-moz-range-track {
        height: 4px;
        border-radius: 2px;
        background: linear-gradient(to right, var(--accent) var(--played, 0%), var(--line) var(--played, 0%));
      }
      input::-webkit-slider-thumb {
        appearance: none;
        width: 12px;
        height: 12px;
        margin-top: -4px;
        border-radius: 50%;
        background: var(--accent);
      }
      input::-moz-range-thumb {
        width: 12px;
        height: 12px;
        border: 0;
        border-radius: 50%;
        background: var(--accent);
      }
    `,
  ]

  @property({ attribute: false }) video: HTMLVideoElement | null = null
  @property({ attribute: false }) playback: Playback | null = null
  private readonly refresh = (): void => this.requestUpdate()

  override updated(changed: PropertyValues<this>): void {
    if (changed.has('video')) {
      for (const name of EVENTS) {
        changed.get('video')?.removeEventListener(name, this.refresh)
        this.video?.addEventListener(name, this.refresh)
      }
    }
    const range = this.playback?.range
    const played = range ? (100 * ((this.video?.currentTime ?? 0) - range.start)) / (range.end - range.start) : 0
    this.style.setProperty('--played', `${Math.min(100, Math.max(0, played || 0)).toFixed(2)}%`)
  }

  override render(): TemplateResult {
    const { video, playback } = this
    const paused = video?.paused ?? true
    const muted = video?.muted ?? true
    const range = playback?.range ?? { start: 0, end: 0 }
    const now = Math.min(range.end, Math.max(range.start, video?.currentTime ?? 0))
    const length = range.end - range.start
    const position = playback?.live ? `−${clock(range.end - now)}` : `${clock(now - range.start)} / ${clock(length)}`
    return html`
      <input
        type="range"
        min=${range.start}
        max=${Math.max(range.end, range.start + 0.1)}
        step="0.01"
        .value=${String(now)}
        aria-label="Position"
        aria-valuetext=${playback?.live ? `${clock(range.end - now)} behind the live edge` : position}
        @input=${(event: InputEvent) => this.act({ type: 'seek', time: Number((event.target as HTMLInputElement).value) })}
        @keydown=${this.sliderKey}
      />
      <div class="row">
        ${this.button(paused ? 'Play' : 'Pause', paused ? ICONS.play : ICONS.pause, { type: 'toggle' })}
        ${this.button(muted ? 'Unmute' : 'Mute', muted ? ICONS.muted : ICONS.sound, { type: 'mute' })}
        <span class="time">${position}</span>
        ${playback?.live ? this.edge(playback) : html`<span class="edge"></span>`}
        ${this.button('Full screen', ICONS.full, { type: 'fullscreen' })}
      </div>
    `
  }

  private edge(playback: Playback): TemplateResult {
    const at = (this.video?.currentTime ?? 0) > playback.edge - 3 && !this.video?.paused
    const text = at ? `live, ${playback.latency.toFixed(1)} s behind` : 'go to live'
    return html`<button class="edge ${at ? 'at' : ''}" title="To the live edge (L)" @click=${() => this.act({ type: 'live' })}>
      <i></i>${text}
    </button>`
  }

  private button(name: string, icon: unknown, action: BarAction): TemplateResult {
    return html`<button aria-label=${name} title=${name} @click=${() => this.act(action)}>
      <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true">${icon}</svg>
    </button>`
  }

  /** The slider's own steps are hundredths; arrow keys move by seconds, as everywhere in the player. */
  private sliderKey(event: KeyboardEvent): void {
    if (['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'].includes(event.key)) event.preventDefault()
  }

  private act(action: BarAction): void {
    this.dispatchEvent(new CustomEvent<BarAction>('bar-action', { detail: action }))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-player-bar': PlayerBar
  }
}
