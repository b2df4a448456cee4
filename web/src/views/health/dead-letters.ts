import { consume } from '@lit/context'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'
import type { Api } from '../../data/api/api'
import { ago } from '../../data/format'
import type { DeadLetter } from '../../data/health/model'
import { operatorApi } from '../../data/services'
import { base, panel } from '../../style/base'
import { forms } from '../../style/forms'
import { Letters } from './dead-letter-list'

/** Dead letters with their reasons, to retry or discard. Fires `letters` (null if unknown). */
@customElement('ma-dead-letters')
export class DeadLetters extends LitElement {
  static override styles = [
    base,
    panel,
    forms,
    css`
      ul {
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: grid;
        gap: 3px;
        padding: 10px 16px 12px;
        border-top: 1px solid var(--line);
      }
      b {
        font: 600 0.7812rem var(--mono);
        overflow-wrap: anywhere;
      }
      li p {
        margin: 0;
        color: var(--soft);
        overflow-wrap: anywhere;
      }
      small {
        color: var(--faint);
        font-size: 0.75rem;
        overflow-wrap: anywhere;
      }
      li div {
        display: flex;
        gap: 8px;
        margin-top: 6px;
      }
      li .button,
      .actions .button {
        height: 30px;
        padding: 0 12px;
        font-size: 0.8125rem;
      }
      .actions {
        margin: 0;
        padding: 0 16px 14px;
      }
      .said {
        margin: 0 16px 12px;
      }
    `,
  ]

  @consume({ context: operatorApi }) api!: Api
  @property({ type: Number }) now = 0
  @state() private done = ''
  @state() private sending = false
  private letters: Letters | null = null
  private readonly changed = (): void => {
    this.requestUpdate()
    this.dispatchEvent(new CustomEvent('letters', { detail: this.letters?.all ?? null }))
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.letters ??= new Letters(this.api)
    this.letters.addEventListener('change', this.changed)
    this.letters.open()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.letters?.removeEventListener('change', this.changed)
    this.letters?.close()
  }

  override render(): TemplateResult {
    const count = this.letters?.all?.length ?? 0
    return html`
      <h2>Dead letters <span>${count === 0 ? nothing : `${count}${this.letters?.more ? ' and more' : ''}`}</span></h2>
      ${this.list()}
    `
  }

  private list(): TemplateResult {
    const { all, problem } = this.letters ?? { all: null, problem: '' }
    return html`
      ${problem ? html`<p class="said bad" role="alert">${problem}</p>` : nothing}
      <p class=${this.done ? 'said' : 'visually-hidden'} role="status">${this.done}</p>
      ${all === null && !problem ? html`<p class="empty">Asking the API…</p>` : nothing}
      ${all?.length === 0 ? html`<p class="empty">None. Every event was handled, or is still being tried.</p>` : nothing}
      ${all && all.length > 1 ? this.together(all) : nothing}
      <ul>
        ${repeat(
          all ?? [],
          ({ id }) => id,
          (letter) => this.item(letter),
        )}
      </ul>
    `
  }

  private together(all: readonly DeadLetter[]): TemplateResult {
    return html`<p class="actions">
      <button class="button" ?disabled=${this.sending} @click=${() => this.retryAll()}>
        ${this.sending ? 'Sending…' : `Try all ${this.letters?.more ? '' : `${all.length} `}again`}
      </button>
    </p>`
  }

  private item(letter: DeadLetter): TemplateResult {
    const { id, topic, object, error, reason, attempts, died_at, retries } = letter
    const busy = this.letters?.busy.has(id) ?? false
    const tried = attempts === null ? '' : ` · tried ${attempts} times`
    const again = retries > 0 ? ` · sent again ${retries === 1 ? 'once' : `${retries} times`}` : ''
    return html`<li>
      <b>${object || 'A message without an object'}</b>
      <p>${reason ?? 'It gave no reason: the function crashed, or took too long. Its log says more.'}</p>
      <small>${error ? `${error} · ` : ''}${topic} · ${ago(Date.parse(died_at), this.now)}${tried}${again}</small>
      <div>
        <button
          class="button"
          aria-label="Try again ${object}"
          ?disabled=${busy}
          @click=${() => this.retry(letter)}
        >
          ${busy ? 'Sending…' : 'Try again'}
        </button>
        <button
          class="button"
          aria-label="Discard ${object}"
          ?disabled=${busy}
          @click=${() => this.discard(letter)}
        >
          Discard
        </button>
      </div>
    </li>`
  }

  private async retry({ id, object }: DeadLetter): Promise<boolean> {
    this.done = ''
    const sent = (await this.letters?.retry(id)) ?? false
    if (sent) this.done = `${fileName(object)} was sent again. If it fails again, it comes back here.`
    return sent
  }

  private async retryAll(): Promise<void> {
    this.done = ''
    this.sending = true
    const count = (await this.letters?.retryAll()) ?? 0
    this.sending = false
    this.done = `${count} were sent again. Those that fail again come back here.`
  }

  private async discard({ id, object }: DeadLetter): Promise<void> {
    this.done = ''
    if (await this.letters?.discard(id)) this.done = `${fileName(object)} was given up for good.`
  }
}

const fileName = (object: string): string => object.slice(object.lastIndexOf('/') + 1) || 'It'

declare global {
  interface HTMLElementTagNameMap {
    'ma-dead-letters': DeadLetters
  }
}
