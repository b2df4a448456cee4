import { consume } from '@lit/context'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, query } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'
import type { Api } from '../../data/api/api'
import { Task } from '../../data/api/task'
import type { Stream, Visibility } from '../../data/documents/model'
import type { Member } from '../../data/identity/roles'
import { operatorApi } from '../../data/services'
import { base } from '../../style/base'
import { forms } from '../../style/forms'
import '../dialog'
import type { Dialog } from '../dialog'
import './share-links'
import { VISIBILITY } from './visibility'

/** Who sees a stream: its visibility, its listed viewers, and the links that show it to people without an account. */
@customElement('ma-share-dialog')
export class ShareDialog extends LitElement {
  static override styles = [
    base,
    forms,
    css`
      h3 {
        margin: 20px 0 8px;
        font-size: 0.875rem;
      }
      fieldset {
        display: grid;
        gap: 8px;
        margin: 0;
        padding: 0;
        border: 0;
      }
      .choice {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 2px 9px;
        align-items: center;
        color: var(--ink);
        font-size: 0.875rem;
      }
      .choice small {
        grid-column: 2;
        color: var(--soft);
      }
      .people {
        display: grid;
        gap: 6px;
        max-height: 180px;
        margin: 0;
        padding: 0;
        overflow: auto;
        list-style: none;
      }
      .people small {
        color: var(--faint);
      }
      .note {
        margin: 0;
        color: var(--soft);
      }
    `,
  ]

  @consume({ context: operatorApi }) api!: Api
  @property({ attribute: false }) stream!: Stream
  @query('ma-dialog') private dialog!: Dialog
  /** Members who see a private stream only where it lists them; null: not known yet. */
  private viewers: readonly Member[] | null = null
  private readonly reading = new Task(this)
  private readonly changing = new Task(this)

  async show(): Promise<void> {
    await this.updateComplete
    await this.dialog.show()
    const found = await this.reading.run(() => this.api.get<'/members'>('/members'))
    this.viewers = found?.members.filter(({ role }) => role === 'viewer') ?? null
    this.requestUpdate()
  }

  override render(): TemplateResult {
    const { stream } = this
    const { problem } = this.changing
    return html`<ma-dialog heading=${`Who sees “${stream.name}”`}>
      ${problem ? html`<p class="said bad" role="alert">Nothing was changed: ${problem.message}</p>` : nothing}
      <fieldset ?disabled=${this.changing.busy}>
        <legend class="visually-hidden">Visibility</legend>
        ${Object.entries(VISIBILITY).map(
          ([name, [title, meaning]]) => html`<label class="choice">
            <input
              type="radio"
              name="visibility"
              .checked=${stream.visibility === name}
              @change=${() => this.change({ visibility: name as Visibility })}
            />
            ${title}<small>${meaning}</small>
          </label>`,
        )}
      </fieldset>
      ${stream.visibility === 'private' ? this.listed() : nothing}
      <h3>Links</h3>
      <ma-share-links .stream=${stream.id} .name=${stream.name}></ma-share-links>
    </ma-dialog>`
  }

  private listed(): TemplateResult {
    const { viewers, stream } = this
    const { problem } = this.reading
    return html`<h3>Viewers</h3>
      ${problem ? html`<p class="said bad" role="alert">The members cannot be read: ${problem.message}</p>` : nothing}
      ${!viewers && !problem ? html`<p class="note">Asking the API…</p>` : nothing}
      ${viewers?.length === 0 ? html`<p class="note">The tenant has no viewers yet: an administrator invites them.</p>` : nothing}
      <ul class="people" aria-label="Viewers">
        ${repeat(
          viewers ?? [],
          ({ id }) => id,
          ({ id, name, email }) => html`<li>
            <label class="check">
              <input
                type="checkbox"
                .checked=${stream.viewers.includes(id)}
                ?disabled=${this.changing.busy}
                @change=${(event: Event) => this.list(id, (event.target as HTMLInputElement).checked)}
              />
              ${name || email} ${name && name !== email ? html`<small>${email}</small>` : nothing}
            </label>
          </li>`,
        )}
      </ul>`
  }

  private list(member: string, wanted: boolean): Promise<void> {
    const others = this.stream.viewers.filter((one) => one !== member)
    return this.change({ viewers: wanted ? [...others, member] : others })
  }

  /** The stream's document, which the page follows, says what became of it. */
  private async change(changes: { visibility?: Visibility; viewers?: readonly string[] }): Promise<void> {
    const path = `/streams/${encodeURIComponent(this.stream.id)}`
    await this.changing.run(() => this.api.patch<'/streams/{stream}'>(path, changes))
    this.requestUpdate()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-share-dialog': ShareDialog
  }
}
