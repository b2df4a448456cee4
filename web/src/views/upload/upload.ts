import type { Firestore } from '@firebase/firestore'
import { consume } from '@lit/context'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import type { Config } from '../../data/config'
import { bytes, clock } from '../../data/format'
import type { Session } from '../../data/identity/session'
import { StoreController } from '../../data/live/store-controller'
import { StreamDocument } from '../../data/live/stream-document'
import { configuration, database, identity } from '../../data/services'
import { base, view } from '../../style/base'
import { forms } from '../../style/forms'
import { Upload } from './uploader'
import './import-panel'
import './quota'
import '../../ui/key-field'
import { type KeyField, needsKey } from '../../ui/key-field'
import { Leaving } from '../../ui/leaving'

/** Upload of a file into a stream: progress, pause, resume, and its import. */
@customElement('ma-upload')
export class UploadPage extends LitElement {
  static override styles = [
    base,
    forms,
    view,
    css`
      :host {
        max-width: 680px;
      }
      h1 {
        margin: 2px 0 16px;
      }
      .panel {
        display: grid;
        gap: 14px;
        padding: 18px;
        background: var(--panel);
        border: 1px solid var(--line);
        border-radius: var(--radius);
      }
      .drop {
        display: grid;
        justify-items: center;
        gap: 6px;
        padding: 32px 20px;
        text-align: center;
        cursor: pointer;
        border: 2px dashed var(--line);
        border-radius: var(--radius);
      }
      .drop.over,
      .drop:hover,
      .drop:focus-within {
        border-color: var(--accent);
      }
      .drop b {
        color: var(--ink);
        font-size: 0.9375rem;
        overflow-wrap: anywhere;
      }
      .drop input {
        position: absolute;
        opacity: 0;
        pointer-events: none;
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 10px;
      }
      p {
        margin: 0;
      }
      progress {
        width: 100%;
        accent-color: var(--accent);
      }
    `,
  ]

  @consume({ context: database }) db!: Firestore
  @consume({ context: configuration }) config!: Config
  @consume({ context: identity }) session!: Session
  @property() stream = ''
  @state() private file: File | null = null
  @state() private over = false
  @query('ma-key-field') private keyField!: KeyField | null
  private upload: Upload | null = null
  /** The stream's document, which says whether this person may change it. */
  private document: StreamDocument | null = null

  constructor() {
    super()
    new Leaving(this, () => this.upload?.active ?? false, 'Leave, and interrupt the upload?')
  }

  override connectedCallback(): void {
    super.connectedCallback()
    if (!this.document) {
      this.document = new StreamDocument(this.db, this.stream)
      new StoreController(this, this.document)
    }
    // A file that misses its field must not take the place of the page.
    window.addEventListener('dragover', this.swallow)
    window.addEventListener('drop', this.swallow)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    window.removeEventListener('dragover', this.swallow)
    window.removeEventListener('drop', this.swallow)
    this.upload?.close()
  }

  override render(): TemplateResult {
    const { upload } = this
    const chosen = upload && upload.state !== 'cancelled'
    return html`<h1>Upload a video to ${this.stream}</h1>
      ${chosen ? this.transfer(upload) : this.form()}`
  }

  private form(): TemplateResult {
    return html`<form class="panel" @submit=${this.submit}>
      <label
        class="drop ${this.over ? 'over' : ''}"
        @dragover=${() => this.hover(true)}
        @dragleave=${() => this.hover(false)}
        @drop=${this.dropped}
      >
        <input
          type="file"
          accept="video/*,.mkv,.ts,.m2ts,.mts,.flv"
          aria-label="Video file"
          @change=${(event: Event) => this.choose((event.target as HTMLInputElement).files)}
        />
        <b>${this.file ? this.file.name : 'Drop a video here, or choose one'}</b>
        <span>
          ${this.file ? `${bytes(this.file.size)} · choose another` : 'MP4, MOV, MKV, WebM, MPEG-TS, FLV, AVI; hours are fine'}
        </span>
      </label>
      <ma-upload-quota .size=${this.file?.size ?? 0}></ma-upload-quota>
      ${needsKey(this.session, this.document) ? html`<ma-key-field .stream=${this.stream}></ma-key-field>` : nothing}
      <button class="button primary" ?disabled=${!this.file}>Upload</button>
      <p>
        An interrupted upload resumes where it stopped, for a week: choose the same file again.
      </p>
    </form>`
  }

  private transfer(upload: Upload): TemplateResult {
    const { file, state, sent, message } = upload
    if (state === 'done') {
      return html`<div class="panel">
        <ma-import-panel .stream=${this.stream} .object=${upload.object ?? ''}></ma-import-panel>
        <div class="buttons">${button('Upload another', this.again)}</div>
      </div>`
    }
    const failed = state === 'failed'
    return html`<div class="panel">
      <b>${file.name}</b>
      <progress aria-label="Upload" max=${file.size} .value=${sent}></progress>
      <p role="status">${state === 'paused' ? progress(upload) : html`<span aria-live="off">${progress(upload)}</span>`}</p>
      ${
        message
          ? html`<p class="said ${failed ? 'bad' : ''}" role=${failed ? 'alert' : 'status'}>
            ${message}${state === 'waiting' ? ' Trying again…' : ''}
          </p>`
          : nothing
      }
      <div class="buttons">${failed ? button('Back', this.again, 'primary') : running(upload)}</div>
    </div>`
  }

  private readonly submit = (event: SubmitEvent): void => {
    event.preventDefault()
    const typed = this.keyField?.take()
    if (!this.file || typed === '') return
    const key = typed === undefined ? () => this.session.token() : () => Promise.resolve(typed)
    this.upload = new Upload({ apiUrl: this.config.apiUrl, stream: this.stream, key }, this.file)
    this.upload.addEventListener('change', () => this.requestUpdate())
    this.requestUpdate()
  }

  private readonly again = (): void => {
    this.upload?.close()
    this.upload = null
    this.file = null
    this.requestUpdate()
  }

  private choose(files: FileList | null | undefined): void {
    this.file = files?.[0] ?? this.file
  }

  private hover(over: boolean): void {
    this.over = over
  }

  private readonly dropped = (event: DragEvent): void => {
    event.preventDefault()
    this.over = false
    this.choose(event.dataTransfer?.files)
  }

  private readonly swallow = (event: DragEvent): void => event.preventDefault()
}

/** Screen readers ask the bar for it, and are not told each time that it changes. */
const progress = (upload: Upload): string => `${bytes(upload.sent)} of ${bytes(upload.file.size)}${pace(upload)}`

function pace({ state, speed, file, sent }: Upload): string {
  if (state === 'paused') return ' · paused'
  const { perSecond } = speed
  if (state !== 'sending' || perSecond <= 0) return ''
  return ` · ${bytes(perSecond)}/s, ${clock((file.size - sent) / perSecond)} left`
}

const running = (upload: Upload): TemplateResult => html`
  ${upload.state === 'paused' ? button('Resume', () => upload.resume(), 'primary') : button('Pause', () => upload.pause())}
  ${button('Cancel', () => upload.cancel())}
`

const button = (name: string, click: () => void, kind = ''): TemplateResult =>
  html`<button class="button ${kind}" @click=${click}>${name}</button>`

declare global {
  interface HTMLElementTagNameMap {
    'ma-upload': UploadPage
  }
}
