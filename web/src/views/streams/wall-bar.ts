import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { GROUPS, type Group } from '../../data/stream-list'
import { base } from '../../style/base'
import { forms } from '../../style/forms'

/** Filter of the wall. */
export interface Filter {
  readonly words: string
  readonly group: Group | null
  /** Whether live tiles move. */
  readonly moving: boolean
}

/** The wall's filters. Fires `filter-changed` (Filter). */
@customElement('ma-wall-bar')
export class WallBar extends LitElement {
  static override styles = [
    base,
    forms,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 10px;
        min-width: 0;
      }
      .groups {
        display: flex;
        gap: 4px;
        min-width: 0;
        overflow-x: auto;
        scrollbar-width: none;
        padding: 2px;
        margin: -2px;
      }
      button {
        display: inline-flex;
        align-items: center;
        gap: 7px;
        height: 36px;
        padding: 0 12px;
        color: var(--soft);
        font-size: 0.8438rem;
        white-space: nowrap;
        background: none;
        border: 1px solid transparent;
        border-radius: 8px;
      }
      button:hover {
        color: var(--ink);
      }
      button[aria-pressed='true'] {
        color: var(--ink);
        background: var(--raised);
        border-color: var(--line);
      }
      .groups span {
        color: var(--faint);
        font-size: 0.7812rem;
      }
      input[type='search'] {
        flex: 1 1 200px;
        max-width: 280px;
        min-width: 0;
        height: 36px;
        padding: 0 12px;
        color: var(--ink);
        font: inherit;
        background: var(--panel);
        border: 1px solid var(--line);
        border-radius: 8px;
      }
      @media (max-width: 560px) {
        input[type='search'] {
          max-width: none;
          order: -1;
          flex-basis: 100%;
        }
        .still {
          display: none;
        }
      }
    `,
  ]

  @property({ attribute: false }) filter: Filter = { words: '', group: null, moving: true }
  @property({ attribute: false }) counts: Readonly<Record<Group, number>> = { live: 0, ended: 0, idle: 0, error: 0 }

  override render(): TemplateResult {
    const { words, group, moving } = this.filter
    const names = Object.keys(GROUPS) as Group[]
    const all = names.reduce((sum, name) => sum + this.counts[name], 0)
    return html`
      <div class="groups" role="group" aria-label="State">
        ${this.choice('All', all, null)}
        ${names.map((name) =>
          this.counts[name] > 0 || name === group ? this.choice(GROUPS[name], this.counts[name], name) : nothing,
        )}
      </div>
      <input
        type="search"
        aria-label="Search streams"
        placeholder="Search by name, id or source"
        .value=${words}
        @input=${(event: Event) => this.change({ words: (event.target as HTMLInputElement).value })}
      />
      <button
        class="still"
        aria-pressed=${moving ? 'true' : 'false'}
        title="Whether live streams play here, or show their newest frame"
        @click=${() => this.change({ moving: !moving })}
      >
        Moving pictures
      </button>
    `
  }

  private choice(name: string, count: number, group: Group | null): TemplateResult {
    return html`<button aria-pressed=${this.filter.group === group ? 'true' : 'false'} @click=${() => this.change({ group })}>
      ${name} <span>${count}</span>
    </button>`
  }

  private change(changes: Partial<Filter>): void {
    this.dispatchEvent(new CustomEvent<Filter>('filter-changed', { detail: { ...this.filter, ...changes } }))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-wall-bar': WallBar
  }
}
