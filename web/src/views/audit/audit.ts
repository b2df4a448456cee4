import { collection, type Firestore, limit, orderBy, query, where } from '@firebase/firestore'
import { consume } from '@lit/context'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'
import type { Api } from '../../data/api/api'
import { Reading } from '../../data/api/reading'
import { stamp } from '../../data/format'
import type { Session } from '../../data/identity/session'
import { Live } from '../../data/live/live'
import { database, identity, operatorApi } from '../../data/services'
import { base, view } from '../../style/base'
import { forms } from '../../style/forms'
import '../../ui/notice'
import { remember } from '../../ui/route'
import { type Entry, spoken, toEntry } from './entry'

/** Entries that are read at once, and as many as Firestore's rules allow. */
const PAGE = 100
const MOST = 1000

/** Changes in the tenant, newest first: who, what, before and after, from where. A search is in the address. */
@customElement('ma-audit')
export class Audit extends LitElement {
  static override styles = [
    base,
    forms,
    view,
    css`
      :host {
        max-width: 1100px;
      }
      input[type='search'] {
        flex: 1 1 200px;
        max-width: 320px;
        min-width: 0;
        height: 36px;
        margin-left: auto;
        padding: 0 12px;
        color: var(--ink);
        font: inherit;
        background: var(--panel);
        border: 1px solid var(--line);
        border-radius: 8px;
      }
      ol {
        margin: 0 0 16px;
        padding: 0;
        list-style: none;
        background: var(--panel);
        border: 1px solid var(--line);
        border-radius: var(--radius);
      }
      li {
        display: grid;
        grid-template-columns: 190px minmax(0, 1fr) minmax(0, 1.2fr);
        gap: 2px 16px;
        padding: 10px 16px;
      }
      li + li {
        border-top: 1px solid var(--line);
      }
      b,
      li span {
        overflow-wrap: anywhere;
      }
      small,
      time {
        color: var(--soft);
      }
      dl {
        grid-column: 2 / -1;
        grid-template-columns: auto minmax(0, 1fr);
        font-size: 0.7812rem;
      }
      dd {
        text-align: left;
        font-family: var(--mono);
      }
      .none {
        color: var(--soft);
      }
      @media (max-width: 700px) {
        li {
          grid-template-columns: minmax(0, 1fr);
        }
        dl {
          grid-column: 1;
        }
      }
    `,
  ]

  @consume({ context: database }) db!: Firestore
  @consume({ context: operatorApi }) api!: Api
  @consume({ context: identity }) session!: Session
  @property({ attribute: false }) query = new URLSearchParams()
  @state() private most = PAGE
  /** They stay while older ones are read. */
  private shown: readonly Entry[] | null = null
  private readonly entries = new Live(this, toEntry)
  /** Without the members' names, entries show their ids. */
  private readonly names = new Reading(this, async () => {
    const { members } = await this.api.get<'/members'>('/members')
    return new Map(members.map(({ id, email }) => [id, email]))
  })

  override willUpdate(): void {
    const { db, most } = this
    const tenant = this.session.member?.tenant ?? ''
    this.entries.follow(String(most), () =>
      query(collection(db, 'audit'), where('tenant', '==', tenant), orderBy('at', 'desc'), limit(most)),
    )
  }

  override render(): TemplateResult {
    const { error } = this.entries
    this.shown = this.entries.items ?? this.shown
    const items = this.shown
    if (!items) {
      return error
        ? html`<ma-notice tone="error" heading="The audit log cannot be read">${error} The page keeps trying.</ma-notice>`
        : html`<ma-notice heading="Asking the database…"></ma-notice>`
    }
    const words = this.query.get('q') ?? ''
    const found = items.filter((entry) => this.fits(entry, words))
    return html`
      <div class="title">
        <h1>Audit</h1>
        <input type="search" aria-label="Search the audit log" placeholder="Search what is shown" .value=${words} @input=${this.search} />
      </div>
      ${error ? html`<p class="said" role="status">${error} The page shows the last known state and keeps trying.</p>` : nothing}
      <p class="visually-hidden" role="status">${found.length} of ${items.length} entries</p>
      ${found.length === 0 ? html`<p class="none">${words ? 'No entry that is shown matches.' : 'Nothing has been changed yet.'}</p>` : this.list(found)}
      ${
        items.length >= this.most && this.most < MOST
          ? html`<button class="button" @click=${this.more}>Show older entries</button>`
          : nothing
      }
    `
  }

  private list(entries: readonly Entry[]): TemplateResult {
    return html`<ol aria-label="Changes, newest first">
      ${repeat(
        entries,
        ({ id }) => id,
        (entry) => html`<li>
          <time datetime=${new Date(entry.at).toISOString()}>${stamp(entry.at, 'full')}</time>
          <span><b>${this.nameOf(entry)}</b> <small>${entry.address}</small></span>
          <span>${spoken(entry.action)} <b>${entry.target}</b></span>
          ${
            entry.changes.length > 0
              ? html`<dl>
                  ${entry.changes.map(
                    ({ field, before, after }) =>
                      html`<dt>${field}</dt><dd>${before || 'nothing'} → ${after || 'nothing'}</dd>`,
                  )}
                </dl>`
              : nothing
          }
        </li>`,
      )}
    </ol>`
  }

  private nameOf({ who, kind }: Entry): string {
    return this.names.value?.get(who) ?? ([kind.replaceAll('_', ' '), who].filter(Boolean).join(' ') || 'unknown')
  }

  private fits(entry: Entry, words: string): boolean {
    const text = [this.nameOf(entry), spoken(entry.action), entry.target, entry.address].join(' ').toLowerCase()
    return words
      .toLowerCase()
      .split(/\s+/)
      .every((word) => text.includes(word))
  }

  private readonly more = (): void => {
    this.most = Math.min(this.most + PAGE, MOST)
  }

  private readonly search = (event: Event): void => {
    this.query = remember(this.query, { q: (event.target as HTMLInputElement).value })
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-audit': Audit
  }
}
