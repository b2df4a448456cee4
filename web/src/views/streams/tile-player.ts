import type { HlsConfig } from 'hls.js/light'
import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, query } from 'lit/decorators.js'
import { Playback } from '../../player/media/playback'
import { base } from '../../style/base'

/** A tile cannot be searched: little is loaded ahead, and nothing is kept. */
const SPARING: Partial<HlsConfig> = { maxBufferLength: 6, maxMaxBufferLength: 8, backBufferLength: 0 }

/** A live stream, small and muted. It is invisible until it moves, so that the still below shows through. */
@customElement('ma-tile-player')
export class TilePlayer extends LitElement {
  static override styles = [
    base,
    css`
      video {
        display: block;
        width: 100%;
        height: 100%;
        object-fit: cover;
        opacity: 0;
        transition: opacity 250ms;
      }
      video.moving {
        opacity: 1;
      }
    `,
  ]

  /** Object of the playlist. */
  @property() playlist = ''
  @query('video') private video!: HTMLVideoElement
  private playback: Playback | null = null

  override connectedCallback(): void {
    super.connectedCallback()
    if (this.playback) this.playback.load(this.playlist)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.playback?.unload()
  }

  override updated(changed: PropertyValues<this>): void {
    if (!changed.has('playlist')) return
    this.playback ??= new Playback(this.video, SPARING)
    this.playback.load(this.playlist)
  }

  override render(): TemplateResult {
    return html`<video
      .muted=${true}
      autoplay
      playsinline
      disableremoteplayback
      tabindex="-1"
      aria-hidden="true"
      crossorigin="anonymous"
      @playing=${(event: Event) => (event.target as HTMLVideoElement).classList.add('moving')}
      @emptied=${(event: Event) => (event.target as HTMLVideoElement).classList.remove('moving')}
    ></video>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-tile-player': TilePlayer
  }
}
