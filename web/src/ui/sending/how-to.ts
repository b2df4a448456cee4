import { consume } from '@lit/context'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import type { Config } from '../../data/config'
import { configuration } from '../../data/services'
import { base } from '../../style/base'
import { forms } from '../../style/forms'
import { cameraCommand, fileCommand, KEY, SYSTEMS, type Target } from './commands'
import './command'
import './obs-steps'
import '../tabs'

const WAYS = ['OBS', 'ffmpeg', 'Webcam', 'Upload'] as const

/** Instructions for sending video into a stream: with its key if that was just shown, else with the word KEY. */
@customElement('ma-how-to')
export class HowTo extends LitElement {
  static override styles = [
    base,
    forms,
    css`
      p {
        margin: 0 0 10px;
        color: var(--soft);
      }
      h3 {
        margin: 14px 0 -2px;
        font-size: 0.8125rem;
        color: var(--ink);
      }
      .buttons {
        margin: 0 0 14px;
      }
      ma-command {
        margin: 8px 0 12px;
      }
      .last {
        margin: 14px 0 0;
        padding-top: 12px;
        border-top: 1px solid var(--line);
        font-size: 0.8125rem;
      }
      code {
        font: 0.92em var(--mono);
      }
    `,
  ]

  @consume({ context: configuration }) config!: Config
  @property() stream = ''
  /** The stream's key, as long as it is known. */
  @property({ attribute: false }) streamKey = KEY
  @state() private way = 0

  override render(): TemplateResult {
    const target = { ingestUrl: this.config.ingestUrl, stream: this.stream, key: this.streamKey }
    const way = WAYS[this.way]
    return html`<ma-tabs
        label="Ways to send video"
        .names=${WAYS}
        .chosen=${this.way}
        @tab-chosen=${(event: CustomEvent<number>) => {
          this.way = event.detail
        }}
      >
        ${way === 'OBS' ? html`<ma-obs-steps .target=${target} .server=${this.config.rtmpUrl}></ma-obs-steps>` : nothing}
        ${way === 'ffmpeg' ? ffmpeg(target) : nothing} ${way === 'Webcam' ? this.webcam(target) : nothing}
        ${way === 'Upload' ? this.upload() : nothing}
      </ma-tabs>
      ${
        this.streamKey === KEY
          ? html`<p class="last">
              <code>KEY</code> stands for the stream’s key, which was shown once, when the stream was created. It is lost?
              <a href="${this.page('manage')}">Make a new one</a>. The stream’s page follows by itself as soon as video arrives.
            </p>`
          : nothing
      }`
  }

  private webcam(target: Target): TemplateResult {
    return html`<p>From this browser, with its camera, microphone or a screen: nothing to install.</p>
      ${this.button('publish', 'Go live from this browser')}
      <p>Or from a terminal:</p>
      ${SYSTEMS.map(
        (system) => html`<h3>${system}</h3>
          <ma-command .text=${cameraCommand(target, system)}></ma-command>`,
      )}`
  }

  private upload(): TemplateResult {
    return html`<p>
        A recording becomes a session that plays like a stream that has ended. MP4, MOV, MKV, WebM, MPEG-TS, FLV and AVI;
        hours are fine, and an interrupted upload resumes where it stopped.
      </p>
      ${this.button('upload', 'Upload a video')}
      <p>The page asks for the stream’s key.</p>`
  }

  /** In a tab of its own while the key is shown, and nowhere else; that tab has what this one remembers. */
  private button(view: string, text: string): TemplateResult {
    const aside = this.streamKey !== KEY
    return html`<p class="buttons">
      <a class="button primary" href=${this.page(view)} target=${aside ? '_blank' : '_self'} rel=${aside ? 'opener' : ''}>
        ${text}${aside ? html`<span class="visually-hidden"> in another tab</span>` : nothing}
      </a>
    </p>`
  }

  private page(view: string): string {
    return `?stream=${encodeURIComponent(this.stream)}&${view}`
  }
}

const ffmpeg = (target: Target): TemplateResult => html`
  <p>
    A file, as if it were live. With any other input in place of <code>-re -i clip.mp4</code> the rest stays: a keyframe
    every two seconds (<code>-g 60</code> at 30 frames a second), H.264 and AAC.
  </p>
  <ma-command .text=${fileCommand(target)}></ma-command>
`

declare global {
  interface HTMLElementTagNameMap {
    'ma-how-to': HowTo
  }
}
