import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { Playback } from '../media/playback'
import { Overlay, type OverlayDrawn } from '../overlay/overlay'
import type { Timeline } from '../overlay/timeline'
import { base } from '../styles'
import './player-bar'
import type { BarAction } from './player-bar'

/** Plays one playlist and draws on it. Fires `overlay-drawn` (OverlayDrawn) for each presented frame. */
@customElement('ma-player')
export class Player extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        position: relative;
        overflow: hidden;
        background: #000;
        border-radius: var(--radius);
        aspect-ratio: 16 / 9;
        max-height: min(78vh, 100%);
        outline-offset: 3px;
      }
      :host(:fullscreen) {
        border-radius: 0;
        max-height: none;
      }
      video,
      canvas {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        object-fit: contain;
      }
      canvas {
        pointer-events: none;
      }
      ma-player-bar {
        position: absolute;
        inset: auto 0 0;
      }
      .note {
        position: absolute;
        top: 12px;
        left: 12px;
        max-width: calc(100% - 24px);
        padding: 5px 11px;
        border-radius: 99px;
        font-size: 12.5px;
        color: #fff;
        background: rgb(12 14 18 / 0.78);
      }
    `,
  ]

  /** Address of the playlist; empty: nothing to play. */
  @property() url = ''
  /** Wall clock (ms) of the session's media time 0. */
  @property({ type: Number }) started = 0
  @property({ type: Number }) fps = 30
  @property({ attribute: false }) timeline: Timeline | null = null
  /** Whether this is still the session that was shown before: then its position is kept when the address changes. */
  @property() session = ''
  @query('video') private video!: HTMLVideoElement
  @query('canvas') private canvas!: HTMLCanvasElement
  @state() private note = ''
  private playback: Playback | null = null
  private overlay: Overlay | null = null
  private wall: number | null = null
  private drawnStatus = ''

  override firstUpdated(): void {
    this.playback = new Playback(this.video)
    this.playback.addEventListener('change', () => this.describe())
    this.overlay = new Overlay(
      this.video,
      this.canvas,
      () => this.source(),
      (detail) => this.drawn(detail),
    )
    this.overlay.start()
    this.requestUpdate()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.overlay?.stop()
    this.playback?.unload()
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has('url') || changed.has('session')) {
      const same = changed.get('session') === undefined || changed.get('session') === this.session
      if (this.url) this.playback?.load(this.url, same ? this.wall : null)
      else this.playback?.unload()
    }
  }

  /** Documents changed: the frame on the screen may have more to show. */
  redraw(): void {
    if (this.video?.paused) this.overlay?.redraw()
  }

  /** Shows the frame at `time` (s from the session's start). False where the playlist does not reach. */
  seekSession(time: number): boolean {
    const at = this.playback?.mediaTime(this.started + time * 1000) ?? null
    // A millisecond into the frame, so that rounding does not show the one before.
    if (at !== null) this.video.currentTime = at + 0.001
    return at !== null
  }

  act(action: BarAction): void {
    const { video, playback } = this
    if (!playback) return
    switch (action.type) {
      case 'toggle':
        if (video.paused) void video.play().catch(() => undefined)
        else video.pause()
        break
      case 'mute':
        video.muted = !video.muted
        break
      case 'seek':
        video.currentTime = action.time
        break
      case 'skip':
        this.skip(action.seconds)
        break
      case 'step':
        video.pause()
        this.skip(action.frames / this.fps)
        break
      case 'live':
        video.currentTime = playback.edge
        void video.play().catch(() => undefined)
        break
      case 'fullscreen':
        void (document.fullscreenElement ? document.exitFullscreen() : this.requestFullscreen()).catch(() => undefined)
    }
  }

  override render(): TemplateResult {
    return html`
      <video muted autoplay playsinline crossorigin="anonymous" @click=${() => this.act({ type: 'toggle' })}></video>
      <canvas aria-hidden="true"></canvas>
      ${this.note ? html`<div class="note" role="status">${this.note}</div>` : nothing}
      <ma-player-bar
        .video=${this.video ?? null}
        .playback=${this.playback}
        @bar-action=${(event: CustomEvent<BarAction>) => this.act(event.detail)}
      ></ma-player-bar>
    `
  }

  private skip(by: number): void {
    const range = this.playback?.range
    if (!range) return
    this.video.currentTime = Math.min(range.end - 0.05, Math.max(range.start, this.video.currentTime + by))
  }

  private source(): { clock: Playback['clock']; timeline: Timeline; started: number; fps: number } | null {
    if (!this.playback || !this.timeline || !this.started) return null
    return { clock: this.playback.clock, timeline: this.timeline, started: this.started, fps: this.fps }
  }

  private drawn(detail: OverlayDrawn): void {
    if (detail.wall !== null) this.wall = detail.wall
    if (detail.moment.status !== this.drawnStatus) {
      this.drawnStatus = detail.moment.status
      this.describe()
    }
    this.dispatchEvent(new CustomEvent('overlay-drawn', { detail, bubbles: true, composed: true }))
  }

  private describe(): void {
    const { playback } = this
    if (!playback || playback.status === 'empty') this.note = ''
    else if (playback.status === 'unsupported') this.note = playback.message
    else if (playback.status === 'retrying') this.note = `${playback.message}. Trying again…`
    else if (playback.status === 'loading') this.note = 'Loading the picture…'
    else if (this.drawnStatus === 'analysing') this.note = 'Analysing…'
    else if (this.drawnStatus === 'failed') this.note = 'The analysis of this frame failed'
    else this.note = ''
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-player': Player
  }
}
