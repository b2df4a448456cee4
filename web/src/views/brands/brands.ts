import type { Firestore } from '@firebase/firestore'
import { consume } from '@lit/context'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { keyed } from 'lit/directives/keyed.js'
import { repeat } from 'lit/directives/repeat.js'
import type { Api } from '../../data/api/api'
import { type Brand, brandsOf, found, summary, toBrand } from '../../data/documents/brand'
import type { Session } from '../../data/identity/session'
import { Live } from '../../data/live/live'
import { database, identity, operatorApi } from '../../data/services'
import { base, view } from '../../style/base'
import { editing } from '../../style/editing'
import { forms } from '../../style/forms'
import { pictured } from '../../ui/pictured'
import { address, remember } from '../../ui/route'
import { Pictures } from './pictures'
import './brand'
import './brand-new'
import { about } from './brands-about'
import '../../ui/missing-role'
import '../../ui/notice'
import '../../ui/change-status'
import type { ChangeStatus } from '../../ui/change-status'

/** The brands that are looked for, one of them open. The address says which one, and what was searched for. */
@customElement('ma-brands')
export class Brands extends LitElement {
  static override styles = [
    base,
    forms,
    editing,
    view,
    css`
      :host {
        max-width: 1240px;
      }
      .title > span {
        color: var(--soft);
      }
      .title input {
        max-width: 260px;
        margin-left: auto;
      }
      .columns {
        display: grid;
        grid-template-columns: 340px minmax(0, 1fr);
        gap: 16px;
        align-items: start;
      }
      nav {
        overflow: hidden;
      }
      ul {
        max-height: calc(100vh - 150px);
        margin: 0;
        padding: 0;
        list-style: none;
        overflow-y: auto;
      }
      li + li {
        border-top: 1px solid var(--line);
      }
      li a {
        display: grid;
        grid-template-columns: 56px minmax(0, 1fr) auto;
        gap: 0 12px;
        align-items: center;
        padding: 8px 14px 8px 9px;
        color: inherit;
        text-decoration: none;
        outline-offset: -3px;
      }
      li a:hover,
      li a[aria-current='true'] {
        background: var(--raised);
      }
      li a[aria-current='true'] {
        box-shadow: inset 3px 0 var(--accent);
      }
      li a > i,
      li a > img {
        grid-row: 1 / 3;
        width: 56px;
        height: 42px;
        padding: 5px;
        object-fit: contain;
        border-radius: 7px;
        background: #b9bfc8;
      }
      li a > i {
        display: grid;
        place-items: center;
        color: #22272f;
        font-style: normal;
        font-weight: 650;
      }
      li a > .chip {
        grid-row: 1 / 3;
        grid-column: 3;
      }
      li a > b,
      li a > small {
        grid-column: 2;
      }
      li b {
        font-weight: 600;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      li small {
        color: var(--faint);
        font-size: 0.7812rem;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .empty {
        margin: 0;
        padding: 16px;
        color: var(--soft);
      }
      .about {
        padding: 18px 20px;
        color: var(--soft);
      }
      .about h2 {
        margin: 0 0 8px;
        color: var(--ink);
        font-size: 0.9375rem;
      }
      .about p {
        margin: 0 0 8px;
        max-width: 62ch;
      }
      .said {
        margin-bottom: 14px;
      }
      .back {
        display: none;
      }
      @media (max-width: 800px) {
        .columns {
          grid-template-columns: minmax(0, 1fr);
        }
        .columns.opened nav {
          display: none;
        }
        .opened .back {
          display: inline-flex;
          margin-bottom: 12px;
        }
        ul {
          max-height: none;
        }
        .title input {
          order: 1;
          max-width: none;
          margin: 0;
        }
        .add {
          margin-left: auto;
        }
      }
    `,
  ]

  @consume({ context: database }) db!: Firestore
  @consume({ context: operatorApi }) api!: Api
  @consume({ context: identity }) session!: Session
  /** Of the address. */
  @property({ attribute: false }) asked = new URLSearchParams()
  private readonly brands = new Live(this, toBrand)
  private readonly pictures = new Pictures()
  @state() private gone = ''
  /** A brand that was just made: its document may be a moment behind. */
  private expected = ''
  @query('ma-change-status') private changeStatus!: ChangeStatus

  override willUpdate(): void {
    const { db } = this
    this.brands.follow('all', () => brandsOf(db, this.session.member?.tenant ?? ''))
  }

  override render(): TemplateResult {
    const { items, error } = this.brands
    if (!items) {
      return error
        ? html`<ma-notice tone="error" heading="The brands cannot be read">${error} The page keeps trying.</ma-notice>`
        : html`<ma-notice heading="Asking the database…">
            <p>If this takes long, the database cannot be reached; the page keeps trying.</p>
          </ma-notice>`
    }
    const adding = this.asked.has('add')
    const words = this.asked.get('q') ?? ''
    const off = items.filter(({ enabled }) => !enabled).length
    return html`<header class="title">
        <h1>Brands</h1>
        <span>${items.length > 0 ? `${items.length}${off > 0 ? `, ${off} off` : ''}` : nothing}</span>
        ${items.length === 0 && !adding ? nothing : this.tools(words, adding)}
      </header>
      ${
        error
          ? html`<p class="said" role="status">${error} The page shows the last known state and keeps trying.</p>`
          : nothing
      }
      <ma-change-status></ma-change-status>
      <p class="visually-hidden" role="status">${this.gone}</p>
      ${items.length === 0 && !adding ? this.first() : this.columns(items, words, adding)}`
  }

  private tools(words: string, adding: boolean): TemplateResult {
    return html`<input type="search" aria-label="Search brands" placeholder="Search" .value=${words} @input=${this.search} />
      ${
        this.session.may('operator')
          ? html`<a class="button ${adding ? '' : 'primary'} add" href=${this.to({ add: '1', brand: null })} @click=${this.go}>
              Add a brand
            </a>`
          : nothing
      }`
  }

  private columns(items: readonly Brand[], words: string, adding: boolean): TemplateResult {
    const open = items.find(({ id }) => id === this.asked.get('brand'))
    const shown = found(items, words)
    return html`<div class="columns ${open || adding ? 'opened' : ''}">
      <nav class="box" aria-label="Brands">
        ${shown.length === 0 ? html`<p class="empty">${words ? `No brand goes by “${words}”.` : 'None yet.'}</p>` : nothing}
        <ul>
          ${repeat(
            shown,
            ({ id }) => id,
            (brand) => html`<li>${this.row(brand, brand === open)}</li>`,
          )}
        </ul>
      </nav>
      <div @changing=${() => this.changeStatus.begin()} @changed=${() => this.changeStatus.done()}>
        <a class="button small back" href=${this.to({ add: null, brand: null })} @click=${this.go}>← All brands</a>
        ${adding ? this.adding() : open ? this.open(open) : about(this.missing)}
      </div>
    </div>`
  }

  private row(brand: Brand, open: boolean): TemplateResult {
    const [mark] = brand.references
    return html`<a href=${this.to({ brand: brand.id, add: null })} aria-current=${open} @click=${this.go}>
      ${
        mark
          ? html`<img src=${pictured(mark)} alt="" loading="lazy" />`
          : html`<i aria-hidden="true">${brand.name.slice(0, 1)}</i>`
      }
      <b>${brand.name}</b><small>${summary(brand)}</small>
      ${brand.enabled ? nothing : html`<span class="chip">off</span>`}
    </a>`
  }

  private open(brand: Brand): unknown {
    return keyed(
      brand.id,
      html`<ma-brand
        .brand=${brand}
        .pictures=${this.pictures}
        .gone=${() => this.deleted(brand)}
      ></ma-brand>`,
    )
  }

  private adding(): TemplateResult {
    if (!this.session.may('operator')) {
      return html`<ma-missing-role purpose="To add a brand" least="operator"></ma-missing-role>`
    }
    return html`<ma-brand-new
      .pictures=${this.pictures}
      @added=${(event: CustomEvent<string>) => this.added(event.detail)}
      @cancelled=${() => this.show({ add: null })}
    ></ma-brand-new>`
  }

  private first(): TemplateResult {
    if (!this.session.may('operator')) {
      return html`<ma-notice heading="There are no brands yet">
        <p>An operator of the tenant can add one. Until then Cloud Vision names the logos that it knows.</p>
      </ma-notice>`
    }
    return html`<ma-notice heading="There are no brands yet">
      <p>
        Add one with a picture of its mark: drop it, paste it or choose it. Running streams find it seconds later. Until then Cloud Vision names the logos that it knows.
      </p>
      <a class="button primary" href=${this.to({ add: '1' })} @click=${this.go}>Add the first brand</a>
    </ma-notice>`
  }

  private get missing(): string {
    const wanted = this.asked.get('brand') ?? ''
    return wanted === this.expected ? '' : wanted
  }

  private to(changes: Readonly<Record<string, string | null>>): string {
    return address(this.asked, changes)
  }

  /** Links work without a load, and as links: in a new tab, copied. */
  private readonly go = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    const query = new URLSearchParams((event.currentTarget as HTMLAnchorElement).search)
    this.show({ brand: query.get('brand'), add: query.get('add') })
  }

  /** `keep`: pictures that were refused go along to the brand that they were meant for. */
  private show(changes: Readonly<Record<string, string | null>>, keep = false): void {
    if (!keep) this.pictures.clear()
    this.asked = remember(this.asked, changes)
  }

  private readonly search = (event: Event): void => {
    // Without room for both, a search shows the list.
    const narrow = window.matchMedia('(max-width: 800px)').matches
    const q = (event.target as HTMLInputElement).value
    this.asked = remember(this.asked, narrow ? { q, brand: null, add: null } : { q })
  }

  private added(id: string): void {
    this.expected = id
    this.show({ add: null, brand: id }, true)
  }

  private deleted({ name }: Brand): void {
    this.gone = `${name} was deleted`
    this.changeStatus.done()
    this.show({ brand: null })
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-brands': Brands
  }
}
