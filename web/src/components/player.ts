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
        display: flex;
        flex-direction: column;
        overflow: hidden;
        background: var(--panel);
        border: 1px solid var(--line);
        border-radius: var(--radius);
      }
      :host(:fullscreen) {
        border: 0;
        border-radius: 0;
      }
      .stage {
        position: relative;
        flex: 1;
        aspect-ratio: 16 / 9;
        max-height: 74vh;
        background: #000;
      }
      :host(:fullscreen) .stage {
        aspect-ratio: auto;
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
      .waiting {
        position: absolute;
        inset: 0;
        display: grid;
        place-content: center;
        justify-items: center;
        gap: 14px;
        padding: 24px;
        text-align: center;
        color: #c3cad6;
      }
      .waiting i {
        width: 26px;
        height: 26px;
        border: 3px solid rgb(255 255 255 / 0.18);
        border-top-color: #c3cad6;
        border-radius: 50%;
        animation: turn 1s linear infinite;
      }
      @keyframes turn {
        to {
          rotate: 360deg;
        }
      }
    `,
  ]

  /** Address of the playlist; empty: nothing to play. */
  @property() url = ''
  /** Wall clock (ms) of the session's media time 0. */
  @property({ type: Number }) started = 0
  @property({ type: Number }) fps = 30
  @property({ attribute: false }) timeline: Timeline | null = null
  /** What to say as long as there is no picture. */
  @property() waiting = 'Loading the picture…'
  /** Whether this is still the session that was shown before: then its position is kept when the address changes. */
  @property() session = ''
  @query('video') private video!: HTMLVideoElement
  @query('canvas') private canvas!: HTMLCanvasElement
  @state() private note = ''
  @state() private ready = false
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

  /** What can be played, in seconds of the session; null: not known. */
  get reach(): { from: number; to: number } | null {
    const walls = this.playback?.walls
    return walls ? { from: (walls.from - this.started) / 1000, to: (walls.to - this.started) / 1000 } : null
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
      <div class="stage">
        <video muted autoplay playsinline crossorigin="anonymous" @click=${() => this.act({ type: 'toggle' })}></video>
        <canvas aria-hidden="true"></canvas>
        ${this.note ? html`<div class="note" role="status">${this.note}</div>` : nothing}
        ${this.ready || this.note ? nothing : html`<div class="waiting" role="status"><i></i>${this.waiting}</div>`}
      </div>
      <ma-player-bar
        ?hidden=${!this.ready}
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
    if (playback?.status === 'ready') this.ready = true
    else if (playback?.status === 'loading' || playback?.status === 'empty') this.ready = false
    if (!playback || playback.status === 'empty' || playback.status === 'loading') this.note = ''
    else if (playback.status === 'unsupported') this.note = playback.message
    else if (playback.status === 'retrying') this.note = playback.message && `${playback.message}. Trying again…`
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
