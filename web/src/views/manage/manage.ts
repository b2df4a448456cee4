import type { Firestore } from '@firebase/firestore'
import { consume } from '@lit/context'
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import type { Api } from '../../data/api/api'
import { Task } from '../../data/api/task'
import type { Config } from '../../data/config'
import type { Stream } from '../../data/documents/model'
import { StoreController } from '../../data/live/store-controller'
import { StreamDocument } from '../../data/live/stream-document'
import { configuration, database, operatorApi } from '../../data/services'
import { wrongName } from '../../data/stream-identity'
import { groupOf } from '../../data/stream-list'
import { base, view } from '../../style/base'
import { forms } from '../../style/forms'
import './delete-stream'
import '../../ui/sending/how-to'
import { manageStyles } from './manage-styles'
import './manage-key'
import './manage-quotas'
import { navigation } from '../../ui/navigation'
import '../../ui/state-chip'

/** An operator's actions on one stream: rename it, replace its key, disconnect its sender, delete it. */
@customElement('ma-manage')
export class Manage extends LitElement {
  static override styles = [base, forms, view, manageStyles]

  @consume({ context: database }) db!: Firestore
  @consume({ context: configuration }) config!: Config
  @consume({ context: operatorApi }) api!: Api
  @property() stream = ''
  @state() private said = ''
  @state() private stopped = ''
  @query('#name') private name!: HTMLInputElement
  private document: StreamDocument | null = null
  private readonly renaming = new Task(this)
  private readonly stopping = new Task(this)

  override connectedCallback(): void {
    super.connectedCallback()
    if (!this.document) {
      this.document = new StreamDocument(this.db, this.stream)
      new StoreController(this, this.document)
    }
  }

  /** The page may have replaced this view by a notice before: its document is deleted first. */
  private readonly deleted = (): void => {
    if (new URLSearchParams(window.location.search).get('stream') === this.stream) navigation.go('./index.html')
  }

  override render(): TemplateResult {
    const stream = this.document?.stream ?? null
    return html`
      <div class="title">
        <h1>Manage ${stream?.name ?? this.stream}</h1>
        ${stream ? html`<ma-state-chip .state=${stream.state}></ma-state-chip>` : nothing}
      </div>
      <div class="columns">
        <div>${this.naming(stream)} ${this.publisher(stream)} ${this.end(stream)}</div>
        <div>
          <ma-manage-key class="card" .stream=${this.stream}></ma-manage-key>
          <ma-manage-quotas class="card" .stream=${this.stream}></ma-manage-quotas>
        </div>
      </div>
    `
  }

  private naming(stream: Stream | null): TemplateResult {
    const { problem, busy } = this.renaming
    return html`<form class="card" @submit=${this.rename}>
      <h2>Name</h2>
      <label>
        What people see
        <input id="name" type="text" autocomplete="off" .value=${stream?.name ?? ''} @input=${() => this.say('')} />
      </label>
      <p class="note">Its id, <code>${this.stream}</code>, stays: it is in addresses and in every recording’s name.</p>
      ${problem ? html`<p class="said bad" role="alert">${problem.message}</p>` : nothing}
      <div class="row">
        <button class="button" ?disabled=${busy || !stream}>${busy ? 'Saving…' : 'Save the name'}</button>
        <span role="status">${this.said}</span>
      </div>
    </form>`
  }

  private publisher(stream: Stream | null): TemplateResult {
    const { problem, busy } = this.stopping
    const live = stream !== null && groupOf(stream) === 'live'
    const asked = this.stopped && live
    return html`<section class="card">
      <h2>Current sender</h2>
      <p class="note">
        ${
          live
            ? 'Stopping disconnects the sender within 5 seconds and ends the session; its recording stays. The key stays valid: a sender that tries again reconnects, unless there is a new key.'
            : 'No sender is connected to this stream.'
        }
      </p>
      ${problem ? html`<p class="said bad" role="alert">${problem.message}</p>` : nothing}
      <div class="row">
        <button class="button" ?disabled=${!live || busy} @click=${this.stop}>${busy ? 'Stopping…' : 'Stop the stream'}</button>
        <span role="status">${asked ? this.stopped : ''}</span>
      </div>
    </section>`
  }

  private end(stream: Stream | null): TemplateResult {
    return html`<ma-delete-stream
      class="card"
      .stream=${this.stream}
      .live=${stream !== null && groupOf(stream) === 'live'}
      @deleted=${this.deleted}
    ></ma-delete-stream>`
  }

  private readonly rename = async (event: Event): Promise<void> => {
    event.preventDefault()
    const wrong = wrongName(this.name.value)
    this.say(wrong)
    if (wrong) {
      this.name.focus()
      return
    }
    const name = this.name.value.trim()
    if (await this.renaming.run(() => this.api.patch<'/streams/{stream}'>(this.path, { name }))) this.say('Saved.')
  }

  private readonly stop = async (): Promise<void> => {
    const answer = await this.stopping.run(() => this.api.post<'/streams/{stream}/stop'>(`${this.path}/stop`))
    if (answer) this.stopped = answer.stopped ? 'Disconnecting it…' : 'No sender was connected: it ends by itself.'
  }

  private get path(): string {
    return `/streams/${encodeURIComponent(this.stream)}`
  }

  private say(words: string): void {
    this.said = words
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-manage': Manage
  }
}
