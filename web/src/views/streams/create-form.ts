import { consume } from '@lit/context'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { live } from 'lit/directives/live.js'
import type { Api } from '../../data/api/api'
import { Task } from '../../data/api/task'
import type { Visibility } from '../../data/documents/model'
import type { Session } from '../../data/identity/session'
import { identity, operatorApi } from '../../data/services'
import { idOf, wrongId, wrongName } from '../../data/stream-identity'
import { base } from '../../style/base'
import { forms } from '../../style/forms'
import { VISIBILITY } from '../../ui/sharing/visibility'

/** The API's answer, the only one that holds the key. */
export interface Created {
  readonly stream: { readonly id: string; readonly name: string }
  readonly key: string
}

/** Name and id of a new stream, and who sees it where the person may choose that. Fires `created` (Created). */
@customElement('ma-create-form')
export class CreateForm extends LitElement {
  static override styles = [
    base,
    forms,
    css`
      form {
        display: grid;
        gap: 14px;
      }
      small {
        font-size: 0.7812rem;
        color: var(--faint);
      }
      .wrong {
        color: var(--live);
      }
      input[aria-invalid='true'] {
        border-color: var(--live);
      }
      .id {
        font-family: var(--mono);
      }
    `,
  ]

  @consume({ context: operatorApi }) api!: Api
  @consume({ context: identity }) session!: Session
  /** Ids of streams that are there. */
  @property({ attribute: false }) taken: ReadonlySet<string> = new Set()
  @state() private name = ''
  /** null: follows from the name. */
  @state() private ownId: string | null = null
  @state() private visibility: Visibility = 'private'
  @state() private asked = false
  /** Ids that were taken meanwhile. */
  @state() private refused: ReadonlySet<string> = new Set()
  @query('input') private first!: HTMLInputElement | null
  @query('[aria-invalid=true]') private wrong!: HTMLInputElement | null
  private readonly task = new Task(this)

  override focus(): void {
    this.first?.focus()
  }

  override render(): TemplateResult {
    const { task } = this
    const [name, id] = this.asked ? this.problems() : ['', this.ownId === null ? '' : this.problems()[1]]
    return html`<form novalidate @submit=${this.submit}>
      ${field(
        'name',
        'Name',
        name,
        'Shown to viewers. It can be changed later.',
        html`<input
          id="name"
          type="text"
          autocomplete="off"
          maxlength="400"
          .value=${this.name}
          aria-describedby="name-note"
          aria-invalid=${name ? 'true' : 'false'}
          @input=${(event: Event) => this.type('name', event)}
        />`,
      )}
      ${field(
        'id',
        'Id',
        id,
        'Part of its address, and of the stream key in OBS. It cannot be changed later.',
        html`<input
          id="id"
          class="id"
          type="text"
          autocomplete="off"
          autocapitalize="off"
          spellcheck="false"
          .value=${live(this.shownId)}
          aria-describedby="id-note"
          aria-invalid=${id ? 'true' : 'false'}
          @input=${(event: Event) => this.type('id', event)}
          @change=${this.follow}
        />`,
      )}
      ${this.session.may('operator') ? this.audience() : nothing}
      ${task.problem && task.problem.status !== 409 ? html`<p class="said bad" role="alert">${task.problem.message}</p>` : nothing}
      <button class="button primary" ?disabled=${task.busy}>${task.busy ? 'Creating…' : 'Create the stream'}</button>
    </form>`
  }

  private audience(): TemplateResult {
    return field(
      'visibility',
      'Who sees it',
      '',
      VISIBILITY[this.visibility][1],
      html`<select
        id="visibility"
        aria-describedby="visibility-note"
        @change=${(event: Event) => {
          this.visibility = (event.target as HTMLSelectElement).value as Visibility
        }}
      >
        ${Object.entries(VISIBILITY).map(
          ([one, [title]]) => html`<option value=${one} ?selected=${one === this.visibility}>${title}</option>`,
        )}
      </select>`,
    )
  }

  private get shownId(): string {
    return this.ownId ?? (this.name.trim() ? idOf(this.name, this.all) : '')
  }

  /** Ids that are known to be taken. One taken meanwhile is known only from the API's refusal. */
  private get all(): ReadonlySet<string> {
    return new Set([...this.taken, ...this.refused])
  }

  private problems(): readonly [string, string] {
    const name = wrongName(this.name)
    return [name, this.ownId === null && name ? '' : wrongId(this.shownId, this.all)]
  }

  private type(which: 'name' | 'id', event: Event): void {
    const { value } = event.target as HTMLInputElement
    if (which === 'name') this.name = value
    else this.ownId = value.trim()
  }

  /** An id that was emptied follows from the name again. */
  private readonly follow = (): void => {
    this.ownId ||= null
  }

  private readonly submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    this.asked = true
    if (this.problems().some(Boolean)) {
      await this.updateComplete
      this.wrong?.focus()
      return
    }
    const chosen = this.session.may('operator') ? { visibility: this.visibility } : {}
    const asked = { id: this.shownId, name: this.name.trim(), ...chosen }
    const made = await this.task.run(() => this.api.post<'/streams'>('/streams', asked))
    if (made) this.dispatchEvent(new CustomEvent<Created>('created', { detail: made }))
    else if (this.task.problem?.status === 409) {
      this.refused = new Set([...this.refused, asked.id])
      this.ownId = asked.id
      await this.updateComplete
      this.wrong?.focus()
    }
  }
}

const field = (id: string, name: string, wrong: string, note: string, input: TemplateResult): TemplateResult =>
  html`<div class="field">
    <label for=${id}>${name}</label>
    ${input}
    <small id=${`${id}-note`} class=${wrong ? 'wrong' : ''}>${wrong || note}</small>
  </div>`

declare global {
  interface HTMLElementTagNameMap {
    'ma-create-form': CreateForm
  }
}
