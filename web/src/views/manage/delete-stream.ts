import { consume } from '@lit/context'
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { type Api, ApiError } from '../../data/api/api'
import { Task } from '../../data/api/task'
import { clock } from '../../data/format'
import { operatorApi } from '../../data/services'
import { base } from '../../style/base'
import { forms } from '../../style/forms'
import '../../ui/dialog'
import type { Dialog } from '../../ui/dialog'
import { card } from './manage-styles'

/** Sessions that are counted; one page is enough for the warning. */
const SESSIONS = 1000
/** Pause between two rounds, as the API asks for (ms). */
const PAUSE = 1000

interface Lost {
  readonly sessions: number
  readonly seconds: number
  readonly more: boolean
}

/** Deletes a stream after its id was typed, and warns of what is deleted with it. Fires `deleted`. */
@customElement('ma-delete-stream')
export class DeleteStream extends LitElement {
  static override styles = [base, forms, card]

  @consume({ context: operatorApi }) api!: Api
  @property() stream = ''
  @property({ type: Boolean }) live = false
  @state() private lost: Lost | null = null
  @state() private typed = ''
  @query('ma-dialog') private dialog!: Dialog
  @query('#typed') private field!: HTMLInputElement
  private readonly task = new Task(this)

  override render(): TemplateResult {
    return html`
      <h2>Delete</h2>
      <p class="note">The stream, its recordings, everything that was found in them, and its key. Brands stay.</p>
      <div class="row"><button class="button danger" @click=${this.ask}>Delete the stream…</button></div>
      <ma-dialog heading=${`Delete “${this.stream}”?`}>${this.confirmation()}</ma-dialog>
    `
  }

  private confirmation(): TemplateResult {
    const { problem, busy } = this.task
    return html`<form class="form" @submit=${this.confirmed}>
      <p class="said bad">
        <b>This cannot be undone.</b> ${words(this.lost)} ${this.live ? 'It is live: its sender will be disconnected.' : ''}
      </p>
      <label>
        <span>Type <code>${this.stream}</code> to confirm</span>
        <input
          id="typed"
          type="text"
          autocomplete="off"
          autocapitalize="off"
          spellcheck="false"
          .value=${this.typed}
          @input=${(event: Event) => {
            this.typed = (event.target as HTMLInputElement).value.trim()
          }}
        />
      </label>
      ${problem ? html`<p class="said bad" role="alert">${problem.message}</p>` : nothing}
      ${busy ? html`<p role="status">Deleting; with long recordings this takes a while.</p>` : nothing}
      <div class="row">
        <button class="button stop" ?disabled=${busy || this.typed !== this.stream}>
          ${busy ? 'Deleting…' : 'Delete it for good'}
        </button>
        <button type="button" class="button" ?disabled=${busy} @click=${() => this.dialog.close()}>Keep it</button>
      </div>
    </form>`
  }

  private readonly ask = async (): Promise<void> => {
    this.typed = ''
    this.lost = null
    await this.dialog.show()
    this.field.focus()
    this.lost = await this.count().catch(() => null) // a failure of the API is reported by the deletion itself
  }

  private async count(): Promise<Lost> {
    const { sessions, next } = await this.api.get<'/streams/{stream}/sessions'>(
      `${this.path}/sessions?limit=${SESSIONS}`,
    )
    const seconds = sessions.reduce((sum, { media_seconds }) => sum + (media_seconds ?? 0), 0)
    return { sessions: sessions.length, seconds, more: next !== null }
  }

  private readonly confirmed = async (event: Event): Promise<void> => {
    event.preventDefault()
    if (this.typed !== this.stream) return
    const done = await this.task.run(() => this.removeAll())
    if (done) this.dispatchEvent(new CustomEvent('deleted'))
  }

  /** The API deletes for some seconds at a time, and is called again until nothing is left. */
  private async removeAll(): Promise<boolean> {
    try {
      while (await this.api.delete<'/streams/{stream}'>(this.path)) await new Promise((done) => setTimeout(done, PAUSE))
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404)) throw error // another operator has finished it
    }
    return true
  }

  private get path(): string {
    return `/streams/${encodeURIComponent(this.stream)}`
  }
}

function words(lost: Lost | null): string {
  if (!lost) return 'All its sessions are lost, with their recordings and results.'
  if (lost.sessions === 0) return 'Nothing was ever recorded in it.'
  const count = `${lost.more ? 'more than ' : ''}${lost.sessions} ${lost.sessions === 1 ? 'session' : 'sessions'}`
  return `Lost are ${count} with ${clock(lost.seconds)} of video, and everything that was found in it.`
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-delete-stream': DeleteStream
  }
}
