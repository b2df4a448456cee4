import { consume } from '@lit/context'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import type { Shape } from '../../data/api/answers'
import type { Api } from '../../data/api/api'
import { Task } from '../../data/api/task'
import type { Config } from '../../data/config'
import { ago, stamp } from '../../data/format'
import { serverClock } from '../../data/server-clock'
import { configuration, operatorApi } from '../../data/services'
import { base } from '../../style/base'
import { forms } from '../../style/forms'
import { KEY } from '../../ui/sending/commands'
import '../../ui/sending/how-to'
import { card } from './manage-styles'
import '../../ui/sending/new-key'

/** What becomes of the old key: words by the query of the request. */
const OLD: Readonly<Record<string, string>> = {
  '': 'ends now; a sender that is live with it goes on until its connection ends',
  '?grace_hours=24': 'goes on for 24 hours, so that encoders can change over',
  '?stop=true': 'ends now, and the sender is disconnected: it was stolen',
}

/** Replaces a stream's key. The old one cannot be shown again. */
@customElement('ma-manage-key')
export class ManageKey extends LitElement {
  static override styles = [
    base,
    forms,
    card,
    css`
      h3 {
        margin: 8px 0 -2px;
        font-size: 0.875rem;
      }
    `,
  ]

  @consume({ context: operatorApi }) api!: Api
  @consume({ context: configuration }) config!: Config
  @property() stream = ''
  @state() private key = ''
  @state() private sure = false
  @query('#old') private old!: HTMLSelectElement | null
  @state() private use: Shape<'KeyUse'> | null = null
  private readonly task = new Task(this)
  private readonly reading = new Task(this)

  override connectedCallback(): void {
    super.connectedCallback()
    void this.read()
  }

  override render(): TemplateResult {
    return html`
      <h2>Stream key</h2>
      ${this.key ? html`<ma-new-key .streamKey=${this.key}></ma-new-key>` : this.ask()}
      <h3>How to send video</h3>
      <ma-how-to .stream=${this.stream} .streamKey=${this.key || KEY}></ma-how-to>
    `
  }

  private ask(): TemplateResult {
    const { busy, problem } = this.task
    return html`
      <p class="note">The key was shown once and is not kept. ${used(this.use)}</p>
      ${problem ? html`<p class="said bad" role="alert">${problem.message}</p>` : nothing}
      <div class="row">
        ${
          this.sure
            ? html`<label class="field">
                  The old key
                  <select id="old" ?disabled=${busy}>
                    ${Object.entries(OLD).map(([query, words]) => html`<option value=${query}>${words}</option>`)}
                  </select>
                </label>
                <button class="button stop" ?disabled=${busy} @click=${this.rotate}>
                  ${busy ? 'Making it…' : 'Yes, withdraw the old key'}
                </button>
                <button class="button" ?disabled=${busy} @click=${() => this.confirm(false)}>Keep it</button>`
            : html`<button class="button" @click=${() => this.confirm(true)}>Make a new key</button>`
        }
      </div>
    `
  }

  private confirm(sure: boolean): void {
    this.sure = sure
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('.row .button')?.focus())
  }

  private async read(): Promise<void> {
    const found = await this.reading.run(() => this.api.get<'/streams/{stream}/key'>(this.path))
    this.use = found?.key ?? null
  }

  private get path(): string {
    return `/streams/${encodeURIComponent(this.stream)}/key`
  }

  private readonly rotate = async (): Promise<void> => {
    const path = this.path + (this.old?.value ?? '')
    const made = await this.task.run(() => this.api.post<'/streams/{stream}/key'>(path))
    this.key = made?.key ?? ''
    this.sure = false
  }
}

/** Where a key was used last, and until when the one before goes on. */
function used(use: Shape<'KeyUse'> | null): string {
  if (!use) return ''
  const { last_used, last_used_from, previous_until, expires } = use
  const said = [
    last_used
      ? `It was used last ${ago(Date.parse(last_used), serverClock.now())}, from ${last_used_from}.`
      : 'It was not used yet.',
    previous_until && Date.parse(previous_until) > serverClock.now()
      ? `The one before goes on until ${stamp(Date.parse(previous_until))}.`
      : '',
    expires ? `It ends at ${stamp(Date.parse(expires))}.` : '',
  ]
  return said.filter(Boolean).join(' ')
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-manage-key': ManageKey
  }
}
