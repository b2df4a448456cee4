import { consume } from '@lit/context'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'
import type { Api } from '../../data/api/api'
import { Reading } from '../../data/api/reading'
import { Task } from '../../data/api/task'
import { stamp } from '../../data/format'
import { serverClock } from '../../data/server-clock'
import { operatorApi } from '../../data/services'
import { base } from '../../style/base'
import { forms } from '../../style/forms'
import '../sending/command'

/** A share link as the API tells of it; its secret is told once. */
interface Link {
  readonly id: string
  readonly until: string
  readonly reports: boolean
  readonly label?: string | null
  readonly revoked: boolean
}

/** How long a new link holds (h). */
const LENGTHS: readonly (readonly [number, string])[] = [
  [1, 'an hour'],
  [24, 'a day'],
  [24 * 7, 'a week'],
  [24 * 30, '30 days'],
]

/** Links that show one stream to people without an account: makes them, copies them once, revokes them. */
@customElement('ma-share-links')
export class ShareLinks extends LitElement {
  static override styles = [
    base,
    forms,
    css`
      :host,
      form {
        display: grid;
        gap: 12px;
      }
      .line {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: 10px 14px;
      }
      .line label:not(.check) {
        flex: 1 1 130px;
      }
      .check {
        min-height: 36px;
      }
      ul {
        display: grid;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 12px;
        padding: 8px 0;
        border-top: 1px solid var(--line);
      }
      li span {
        flex: 1 1 200px;
        min-width: 0;
        overflow-wrap: anywhere;
      }
      small,
      .note {
        color: var(--soft);
      }
      li small {
        display: block;
      }
      p {
        margin: 0;
      }
      ma-command {
        margin: 0;
      }
      .small {
        height: 30px;
        padding: 0 12px;
      }
    `,
  ]

  @consume({ context: operatorApi }) api!: Api
  @property() stream = ''
  /** The new link, until the dialog closes. */
  @state() private made = ''
  @state() private hours = 24
  @query('#label') private label!: HTMLInputElement
  @query('#reports') private reports!: HTMLInputElement
  private readonly reading = new Reading(this, () => this.api.get<'/streams/{stream}/shares'>(this.path))
  private readonly changing = new Task(this)

  override render(): TemplateResult {
    const { busy, problem } = this.changing
    return html`
      ${this.made ? this.fresh() : nothing}
      <form @submit=${this.make}>
        <div class="line">
          <label>For whom <input id="label" type="text" autocomplete="off" maxlength="100" placeholder="a note for yourself" /></label>
          <label>
            It holds for
            <select @change=${(event: Event) => this.last(event)}>
              ${LENGTHS.map(([hours, name]) => html`<option value=${hours} ?selected=${hours === this.hours}>${name}</option>`)}
            </select>
          </label>
          <label class="check"><input id="reports" type="checkbox" /> With reports</label>
          <button class="button" ?disabled=${busy}>${busy ? 'Making it…' : 'Make a link'}</button>
        </div>
      </form>
      ${problem ? html`<p class="said bad" role="alert">${problem.message}</p>` : nothing}
      ${this.list()}
    `
  }

  private fresh(): TemplateResult {
    return html`<p class="said" role="status">
        <b>Copy the link now: it is not shown again.</b> Whatever it shows, it shows to everyone who has it, until it expires or
        is revoked.
      </p>
      <ma-command .text=${addressOf(this.made, '')} label="Copy the link"></ma-command>
      <ma-command
        .text=${`<iframe src="${addressOf(this.made, '?embed=1')}" width="640" height="400" allow="fullscreen" title="Video"></iframe>`}
        label="Copy the code that embeds it"
      ></ma-command>`
  }

  private list(): TemplateResult {
    const { problem, value } = this.reading
    if (problem) return html`<p class="said bad" role="alert">The links cannot be read: ${problem.message}</p>`
    if (!value) return html`<p class="note">Asking the API…</p>`
    const open = value.shares.filter(({ revoked, until }) => !revoked && Date.parse(until) > serverClock.now())
    if (open.length === 0) return html`<p class="note">No link is valid now.</p>`
    return html`<ul aria-label="Links that are valid">
      ${repeat(
        open,
        ({ id }) => id,
        (link) => html`<li>
          <span>${link.label || 'No note'} <small>until ${stamp(Date.parse(link.until))}${link.reports ? ', with reports' : ''}</small></span>
          <button class="button small" ?disabled=${this.changing.busy} @click=${() => this.revoke(link)}>
            Revoke<span class="visually-hidden"> ${link.label}</span>
          </button>
        </li>`,
      )}
    </ul>`
  }

  private readonly make = async (event: Event): Promise<void> => {
    event.preventDefault()
    const until = new Date(serverClock.now() + this.hours * 3_600_000).toISOString()
    const asked = { until, reports: this.reports.checked, label: this.label.value.trim() }
    const made = await this.changing.run(() => this.api.post<'/streams/{stream}/shares'>(this.path, asked))
    if (!made) return
    this.made = made.secret
    this.label.value = ''
    await this.reading.again()
  }

  private async revoke({ id }: Link): Promise<void> {
    const done = await this.changing.run(async () => {
      await this.api.delete<'/streams/{stream}/shares/{share}'>(`${this.path}/${encodeURIComponent(id)}`)
      return true
    })
    if (!done) return
    this.made = ''
    await this.reading.again()
  }

  private last(event: Event): void {
    this.hours = Number((event.target as HTMLSelectElement).value)
  }

  private get path(): string {
    return `/streams/${encodeURIComponent(this.stream)}/shares`
  }
}

/** The secret is the fragment, which no browser sends. */
const addressOf = (secret: string, search: string): string =>
  new URL(`index.html${search}#share=${encodeURIComponent(secret)}`, document.baseURI).href

declare global {
  interface HTMLElementTagNameMap {
    'ma-share-links': ShareLinks
  }
}
