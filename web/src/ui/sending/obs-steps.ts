import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { base } from '../../style/base'
import { relayCommand, rtmpKey, type Target } from './commands'
import './command'

/** OBS, step by step, for who has never seen it. */
@customElement('ma-obs-steps')
export class ObsSteps extends LitElement {
  static override styles = [
    base,
    css`
      ol {
        display: grid;
        gap: 12px;
        margin: 0;
        padding: 0;
        list-style: none;
        counter-reset: step;
      }
      li {
        position: relative;
        padding-left: 34px;
        color: var(--soft);
        counter-increment: step;
      }
      li::before {
        content: counter(step);
        position: absolute;
        left: 0;
        top: -1px;
        width: 22px;
        height: 22px;
        border-radius: 50%;
        color: var(--ink);
        font-size: 0.75rem;
        line-height: 22px;
        text-align: center;
        background: var(--raised);
      }
      b {
        color: var(--ink);
        font-weight: 600;
      }
      .field {
        display: block;
        margin-top: 8px;
        font-size: 0.8125rem;
      }
      ma-command {
        margin: 4px 0 0;
      }
      .relay {
        margin: 0 0 14px;
        padding: 12px 14px;
        color: var(--soft);
        border: 1px solid color-mix(in srgb, var(--warn) 45%, transparent);
        border-radius: 10px;
        background: color-mix(in srgb, var(--warn) 10%, var(--panel));
      }
      .relay p {
        margin: 0 0 8px;
      }
      .relay p:last-child {
        margin: 10px 0 0;
      }
      code {
        font: 0.92em var(--mono);
      }
    `,
  ]

  @property({ attribute: false }) target!: Target
  /** Address of the RTMP server; null if none is deployed. */
  @property({ attribute: false }) server: string | null = null

  override render(): TemplateResult {
    return html`
      ${this.server ? nothing : this.relay()}
      <ol>
        <li>In OBS open <b>Settings → Stream</b> and choose <b>Service: Custom…</b></li>
        <li>
          Paste these two, and leave <b>Use authentication</b> off:
          <span class="field">Server</span>
          <ma-command .text=${this.server ?? 'rtmp://localhost/live'} label="Copy the server"></ma-command>
          <span class="field">Stream Key</span>
          <ma-command .text=${rtmpKey(this.target)} label="Copy the stream key"></ma-command>
        </li>
        <li>
          Under <b>Settings → Output</b> choose <b>Output Mode: Advanced</b>, and on the tab Streaming an
          <b>H.264 encoder</b> (x264, NVENC H.264, …; not HEVC or AV1) with <b>Keyframe Interval: 2 s</b>.
        </li>
        <li>Press <b>OK</b>, then <b>Start Streaming</b>. The picture is here a few seconds later.</li>
      </ol>
    `
  }

  private relay(): TemplateResult {
    return html`<div class="relay">
      <p>
        <b>This deployment has no RTMP server yet</b>, and OBS speaks nothing else. Run the relay on the computer that OBS
        runs on, in the folder of the project, and leave it running; it needs nginx with its RTMP module, or Docker:
      </p>
      <ma-command .text=${relayCommand(this.target)}></ma-command>
      <p>
        Or ask the operator of this deployment for one: <code>pulumi config set rtmpServer true</code>. Without either, the tab Webcam
        shows how to go live from this browser.
      </p>
    </div>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-obs-steps': ObsSteps
  }
}
