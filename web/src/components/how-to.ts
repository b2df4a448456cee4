import { css, html, LitElement, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { Config } from '../config'
import { base } from '../styles'
import './command'

/** How to send video into a stream. */
@customElement('ma-how-to')
export class HowTo extends LitElement {
  static override styles = [
    base,
    css`
      h2 {
        margin: 20px 0 0;
        font-size: 14px;
        color: var(--ink);
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
    const curl = `curl -T - -X POST -H "Authorization: Bearer KEY" ${url}`
    return html`
      <h2>A file, in real time</h2>
      <ma-command .text=${`ffmpeg -re -i clip.mp4 -c copy -f mpegts - | ${curl}`}></ma-command>
      <h2>A webcam, on Linux</h2>
      <ma-command
        .text=${`ffmpeg -f v4l2 -i /dev/video0 -c:v libx264 -preset veryfast -g 60 -f mpegts - | ${curl}`}
      ></ma-command>
      <p>
        <code>KEY</code> is the stream's key; it was shown once, when the stream was created. This page follows by itself
        as soon as video arrives.
      </p>
    `
  }
}
