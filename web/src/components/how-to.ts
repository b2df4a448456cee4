import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { Config } from '../config'
import { forms } from '../forms'
import { base } from '../styles'
import './command'

/** How to send video into a stream. */
@customElement('ma-how-to')
export class HowTo extends LitElement {
  static override styles = [
    base,
    forms,
    css`
      h2 {
        margin: 20px 0 0;
        font-size: 14px;
        color: var(--ink);
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 10px;
        margin: 14px 0 4px;
      }
      p.field {
        display: block;
        margin: 8px 0 -4px;
      }
      code {
        font: 0.92em var(--mono);
      }
    `,
  ]

  @property({ attribute: false }) config: Config | null = null
  @property() stream = ''

  override render(): TemplateResult {
    const url = `${this.config?.ingestUrl ?? ''}/streams/${this.stream}`
    const page = `?stream=${encodeURIComponent(this.stream)}`
    return html`
      <div class="buttons">
        <a class="button primary" href="${page}&publish">Go live from this browser</a>
        <a class="button" href="${page}&upload">Upload a video</a>
      </div>
      <h2>ffmpeg</h2>
      <ma-command
        .text=${`ffmpeg -re -i clip.mp4 -c:v libx264 -g 60 -c:a aac -f mpegts -method POST \\
  -headers "Authorization: Bearer KEY" ${url}`}
      ></ma-command>
      ${this.rtmp()}
      <h2>A webcam, on Linux</h2>
      <ma-command
        .text=${`ffmpeg -f v4l2 -i /dev/video0 -c:v libx264 -preset veryfast -g 60 -f mpegts -method POST \\
  -headers "Authorization: Bearer KEY" ${url}`}
      ></ma-command>
      <p>
        <code>KEY</code> is the stream's key; it was shown once, when the stream was created. This page follows by itself
        as soon as video arrives.
      </p>
    `
  }

  /** OBS and other encoders, through the RTMP server: where there is none yet, how to run one. */
  private rtmp(): TemplateResult {
    const server = this.config?.rtmpUrl
    return html`<h2>OBS, or any encoder that sends RTMP</h2>
      ${
        server
          ? nothing
          : html`<p>RTMP needs a server of its own beside the encoder: <code>make rtmp</code> runs it there.</p>`
      }
      <p class="field">Server</p>
      <ma-command .text=${server ?? 'rtmp://localhost/live'}></ma-command>
      <p class="field">Stream key</p>
      <ma-command .text=${`${this.stream}?key=KEY`}></ma-command>
      <p>Set the keyframe interval to 2 s (Settings, Output, Streaming).</p>`
  }
}
