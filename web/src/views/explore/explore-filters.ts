import { html, LitElement, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { kindName, percent } from '../../data/format'
import { base } from '../../style/base'
import { forms } from '../../style/forms'
import { filterStyles } from './explore-styles'
import { ANY, type Filter, localOf, utcOf } from './filter'

const KINDS = ['logo', 'object', 'text', 'face', 'label', 'safe_search'] as const

/** Filters of snapshots. Fires `filter` (a Filter) on a change. */
@customElement('ma-explore-filters')
export class ExploreFilters extends LitElement {
  static override styles = [base, forms, filterStyles]

  @property({ attribute: false }) filter: Filter = ANY
  /** Names of streams by id, and labels to propose. */
  @property({ attribute: false }) names: ReadonlyMap<string, string> = new Map()
  @property({ attribute: false }) labels: readonly string[] = []

  override render(): TemplateResult {
    const { filter, names } = this
    const streams =
      filter.stream && !names.has(filter.stream) ? [[filter.stream, filter.stream] as const, ...names] : [...names]
    return html`<form @submit=${(event: Event) => event.preventDefault()}>
      <label class="wide">
        Label
        <input
          type="text"
          list="labels"
          placeholder="any"
          autocomplete="off"
          spellcheck="false"
          .value=${filter.label}
          @change=${(event: Event) => this.set({ label: value(event).trim() })}
        />
        <datalist id="labels">${this.labels.map((label) => html`<option value=${label}></option>`)}</datalist>
      </label>
      <label>
        Stream
        <select @change=${(event: Event) => this.set({ stream: value(event) })}>
          <option value="" .selected=${filter.stream === ''}>all</option>
          ${streams.map(([id, name]) => html`<option value=${id} .selected=${id === filter.stream}>${name}</option>`)}
        </select>
      </label>
      <label>
        Kind
        <select @change=${(event: Event) => this.set({ kind: value(event) })}>
          <option value="" .selected=${filter.kind === ''}>any</option>
          ${KINDS.map((kind) => html`<option value=${kind} .selected=${kind === filter.kind}>${kindName(kind)}</option>`)}
        </select>
      </label>
      <label class="sure">
        <span>Confidence <output>${filter.confidence > 0 ? `from ${percent(filter.confidence)}` : 'any'}</output></span>
        <input
          type="range"
          min="0"
          max="0.95"
          step="0.05"
          .value=${String(filter.confidence)}
          @change=${(event: Event) => this.set({ confidence: Number(value(event)) })}
        />
      </label>
      <label>
        From
        <input type="datetime-local" .value=${localOf(filter.from)} @change=${(event: Event) => this.set({ from: utcOf(value(event)) })} />
      </label>
      <label>
        Until
        <input type="datetime-local" .value=${localOf(filter.to)} @change=${(event: Event) => this.set({ to: utcOf(value(event)) })} />
      </label>
      <button type="button" class="button" ?disabled=${isAny(filter)} @click=${() => this.set(ANY)}>Clear</button>
    </form>`
  }

  private set(changes: Partial<Filter>): void {
    this.dispatchEvent(new CustomEvent<Filter>('filter', { detail: { ...this.filter, ...changes } }))
  }
}

const value = (event: Event): string => (event.target as HTMLInputElement | HTMLSelectElement).value

/** Whether everything is wanted. */
export const isAny = (filter: Filter): boolean =>
  (Object.keys(ANY) as (keyof Filter)[]).every((name) => filter[name] === ANY[name])

declare global {
  interface HTMLElementTagNameMap {
    'ma-explore-filters': ExploreFilters
  }
}
