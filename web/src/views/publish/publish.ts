import type { Firestore } from '@firebase/firestore'
import { consume } from '@lit/context'
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import type { Api } from '../../data/api/api'
import type { Config } from '../../data/config'
import type { Session } from '../../data/identity/session'
import { StoreController } from '../../data/live/store-controller'
import { StreamDocument } from '../../data/live/stream-document'
import { configuration, database, identity, operatorApi } from '../../data/services'
import { base, view } from '../../style/base'
import { forms } from '../../style/forms'
import { Broadcast } from './broadcast'
import { SILENT } from './capture'
import { chooseFormat, QUALITIES, type Quality } from './format'
import { liveUrl } from './live-socket'
import { Studio } from './studio'
import './broadcast-panel'
import '../../ui/key-field'
import { type KeyField, needsKey } from '../../ui/key-field'
import { Leaving } from '../../ui/leaving'
import '../../ui/notice'
import '../../ui/state-chip'

/** A camera, a microphone or a screen, sent to a stream from this page. */
@customElement('ma-publish')
export class Publish extends LitElement {
  static override styles = [
    base,
    forms,
    view,
    css`
      :host {
        max-width: 1320px;
      }
      .columns {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 340px;
        gap: 16px;
        align-items: start;
      }
      .stage {
        position: relative;
        aspect-ratio: 16 / 9;
        overflow: hidden;
        color: #c3cad6;
        background: #000;
        border: 1px solid var(--line);
        border-radius: var(--radius);
      }
      video {
        width: 100%;
        height: 100%;
        object-fit: contain;
      }
      video.mirrored {
        scale: -1 1;
      }
      .start {
        position: absolute;
        inset: 0;
        display: grid;
        place-content: center;
        justify-items: center;
        gap: 14px;
        padding: 24px;
        text-align: center;
      }
      .start p {
        margin: 0;
        max-width: 46ch;
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        justify-content: center;
        gap: 10px;
      }
      .below {
        justify-content: flex-start;
        margin-top: 12px;
      }
      .panel {
        display: grid;
        gap: 14px;
        padding: 16px;
        background: var(--panel);
        border: 1px solid var(--line);
        border-radius: var(--radius);
      }
      aside {
        display: grid;
        gap: 14px;
        min-width: 0;
      }
      .said {
        margin-bottom: 14px;
      }
      @media (max-width: 900px) {
        .columns {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ]

  @consume({ context: database }) db!: Firestore
  @consume({ context: configuration }) config!: Config
  @consume({ context: operatorApi }) api!: Api
  @consume({ context: identity }) session!: Session
  @property() stream = ''
  @state() private quality: Quality = QUALITIES[0]
  @query('video') private preview!: HTMLVideoElement | null
  @query('ma-key-field') private keyField!: KeyField | null
  private readonly studio = new Studio()
  private broadcast: Broadcast | null = null
  /** The stream's document. Sending works even if it cannot be read. */
  private document: StreamDocument | null = null

  constructor() {
    super()
    new Leaving(this, () => this.broadcast?.active ?? false, 'Leave, and break off the stream that is live?')
  }

  override connectedCallback(): void {
    super.connectedCallback()
    if (!this.document) {
      this.document = new StreamDocument(this.db, this.stream)
      new StoreController(this, this.document)
    }
    this.studio.addEventListener('change', this.changed)
    this.studio.addEventListener('tracks', this.switched)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.broadcast?.abandon()
    this.studio.close()
  }

  override updated(_: PropertyValues<this>): void {
    const { preview, studio } = this
    if (preview && preview.srcObject !== studio.media) preview.srcObject = studio.media
  }

  override render(): TemplateResult {
    const stream = this.document?.stream
    const unsupported =
      typeof MediaRecorder === 'undefined' || !chooseFormat((type) => MediaRecorder.isTypeSupported(type))
    if (unsupported) {
      return html`<ma-notice tone="error" heading="This browser cannot record video for a stream">
        <p>It has no MediaRecorder for H.264 or VP8. Chrome, Edge, Firefox and Safari of recent years have.</p>
      </ma-notice>`
    }
    return html`
      <div class="title">
        <h1>Go live: ${stream?.name ?? this.stream}</h1>
        ${stream ? html`<ma-state-chip .state=${stream.state}></ma-state-chip>` : nothing}
        <a href="?stream=${encodeURIComponent(this.stream)}" target="_blank">Watch it</a>
      </div>
      ${this.studio.problem ? html`<p class="said bad" role="alert">${this.studio.problem}</p>` : nothing}
      <div class="columns">
        <section aria-label="Preview">${this.stage()} ${this.studio.media ? this.buttons() : nothing}</section>
        <aside>${this.controls()}</aside>
      </div>
    `
  }

  private stage(): TemplateResult {
    const { studio } = this
    return html`<div class="stage">
      <video
        class=${studio.source === 'camera' ? 'mirrored' : ''}
        ?hidden=${!studio.media}
        muted
        autoplay
        playsinline
        aria-label="What is sent"
      ></video>
      ${
        studio.media
          ? nothing
          : html`<div class="start">
            <p>Nothing is sent before you say “Go live”.</p>
            <div class="buttons">
              <button class="button primary" @click=${() => this.useCamera('')}>Use the camera</button>
              <button class="button" @click=${this.useScreen}>Share a screen</button>
            </div>
          </div>`
      }
    </div>`
  }

  private buttons(): TemplateResult {
    const { studio } = this
    const toggle = (kind: 'audio' | 'video', track: MediaStreamTrack | null, name: string): TemplateResult =>
      html`<button
        class="button"
        aria-pressed=${track ? String(!track.enabled) : 'false'}
        ?disabled=${!track}
        @click=${() => track && studio.mute(kind, track.enabled)}
      >
        ${track && !track.enabled ? `${name} is off` : `Turn ${name.toLowerCase()} off`}
      </button>`
    return html`<div class="buttons below">
      ${toggle('audio', studio.audio, 'Sound')} ${toggle('video', studio.video, 'Picture')}
      ${
        studio.source === 'screen'
          ? html`<button class="button" @click=${() => this.useCamera('')}>Use the camera</button>`
          : html`<button class="button" @click=${this.useScreen}>Share a screen</button>`
      }
    </div>`
  }

  private controls(): TemplateResult {
    const { studio, broadcast } = this
    const busy = broadcast?.active ?? false
    return html`
      <form class="panel" @submit=${this.submit}>
        ${
          studio.source === 'camera'
            ? select('Camera', studio.camera, named(studio.devices.cameras, 'Camera'), !studio.media, (id) =>
                this.useCamera(id),
              )
            : nothing
        }
        ${select(
          'Microphone',
          studio.microphone,
          [...named(studio.devices.microphones, 'Microphone'), [SILENT, 'No sound']],
          !studio.media,
          (id) => void studio.useMicrophone(id),
        )}
        ${select(
          'Quality',
          this.quality.id,
          QUALITIES.map(({ id, name }) => [id, name]),
          busy,
          (id) => this.useQuality(id),
        )}
        ${needsKey(this.session, this.document) ? html`<ma-key-field .stream=${this.stream} ?disabled=${busy}></ma-key-field>` : nothing}
        ${
          busy
            ? html`<button type="button" class="button stop" ?disabled=${broadcast?.state === 'ending'} @click=${() => void broadcast?.end()}>
              End the stream
            </button>`
            : html`<button class="button primary" ?disabled=${!studio.media}>Go live</button>`
        }
      </form>
      ${broadcast ? html`<ma-broadcast-panel class="panel" .broadcast=${broadcast}></ma-broadcast-panel>` : nothing}
    `
  }

  private readonly useCamera = (id: string): void => void this.studio.useCamera(id, this.quality)
  private readonly useScreen = (): void => void this.studio.useScreen(this.quality)

  private useQuality(id: string): void {
    this.quality = QUALITIES.find((one) => one.id === id) ?? this.quality
    if (this.studio.video && this.studio.source === 'camera') this.useCamera(this.studio.camera)
  }

  private readonly submit = (event: SubmitEvent): void => {
    event.preventDefault()
    const { media, source } = this.studio
    const format = chooseFormat((type) => MediaRecorder.isTypeSupported(type))
    if (!media || !format || this.broadcast?.active) return
    const key = this.keyField?.take()
    if (key === '') return
    const url = liveUrl(this.config.ingestUrl, this.stream)
    const given = key === undefined ? this.token : () => Promise.resolve(key)
    this.broadcast = new Broadcast(url, given, media, origin(source), format, this.quality.bits)
    this.broadcast.addEventListener('change', this.changed)
    this.requestUpdate()
  }

  /** What a person who may change the stream sends in the place of its key, which they need not know. */
  private readonly token = async (): Promise<string> => {
    const path = `/streams/${encodeURIComponent(this.stream)}/grants/publish`
    return (await this.api.post<'/streams/{stream}/grants/publish'>(path)).token
  }

  private readonly switched = (): void => {
    const { broadcast, studio } = this
    if (!broadcast?.active) return
    if (studio.media) void broadcast.replace(studio.media, origin(studio.source))
    else void broadcast.end(studio.problem)
  }

  private readonly changed = (): void => this.requestUpdate()
}

const origin = (source: Studio['source']): string => (source === 'camera' ? 'webcam' : 'screen')

type Option = readonly [string, string]

const named = (devices: readonly MediaDeviceInfo[], name: string): Option[] =>
  devices.map((device, index) => [device.deviceId, device.label || `${name} ${index + 1}`])

function select(
  name: string,
  value: string,
  options: readonly Option[],
  disabled: boolean,
  chosen: (id: string) => void,
): TemplateResult {
  return html`<label>
    ${name}
    <select ?disabled=${disabled} @change=${(event: Event) => chosen((event.target as HTMLSelectElement).value)}>
      ${options.map(([id, text]) => html`<option value=${id} ?selected=${id === value}>${text}</option>`)}
    </select>
  </label>`
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-publish': Publish
  }
}
