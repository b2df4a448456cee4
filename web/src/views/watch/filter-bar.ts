import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { Frame } from '../../data/documents/model'
import { kindName, kindPlural, percent, title } from '../../data/format'
import { hueOf } from '../../player/overlay/colors'
import { Filter } from '../../player/overlay/filter'
import { base, labelColor } from '../../style/base'
import { styled } from '../../style/styled'
import { composes } from '../../ui/keyboard'
import { filterStyles } from './filter-bar-styles'

interface Label {
  readonly kind: string
  readonly label: string
  readonly frames: number
}

/** The most frequent labels; more could not be ticked one by one. */
const MOST = 60

/** Filters by kind, label and confidence. Fires `filter` (Filter). */
@customElement('ma-filter-bar')
export class FilterBar extends LitElement {
  static override styles = [base, labelColor, filterStyles]

  @property({ attribute: false }) filter = new Filter()
  /** Frames whose kinds and labels can be chosen. */
  @property({ attribute: false }) frames: readonly Frame[] = []

  override render(): TemplateResult {
    const kinds = kindsOf(this.frames)
    return html`<div role="group" aria-label="What is shown">
      ${kinds.map((kind) => this.kind(kind))}
      <details @keydown=${close} @focusout=${left}>
        <summary>Labels${this.filter.hiddenLabels > 0 ? html` <em>${this.filter.hiddenLabels} hidden</em>` : nothing}</summary>
        ${this.labels(labelsOf(this.frames))}
      </details>
      <label class="least">
        <span>≥ ${percent(this.filter.least)}</span>
        <input
          type="range"
          min="0"
          max="99"
          step="1"
          aria-label="Least confidence"
          aria-valuetext=${percent(this.filter.least)}
          .value=${String(Math.round(this.filter.least * 100))}
          @input=${(event: InputEvent) => this.set(this.filter.withLeast(Number((event.target as HTMLInputElement).value) / 100))}
        />
      </label>
      ${this.filter.open ? nothing : html`<button class="all" @click=${() => this.set(new Filter())}>Show all</button>`}
    </div>`
  }

  private kind(kind: string): TemplateResult {
    return html`<button
      aria-pressed=${!this.filter.hidesKind(kind)}
      @click=${() => this.set(this.filter.toggleKind(kind))}
    >
      ${kindPlural(kind)}
    </button>`
  }

  private labels(labels: readonly Label[]): TemplateResult {
    if (labels.length === 0) return html`<p>Labels appear here as they are detected.</p>`
    return html`<ul>
      ${labels.map((one) => html`<li>${this.label(one)}</li>`)}
    </ul>`
  }

  private label(one: Label): TemplateResult {
    return html`<label class="label" ${styled({ '--hue': String(hueOf(one.label)) })}>
      <input
        type="checkbox"
        .checked=${!this.filter.hidesLabel(one)}
        @change=${() => this.set(this.filter.toggleLabel(one))}
      />
      <i></i><b>${title(one.label, one.kind)}</b><small>${kindName(one.kind)} · ${one.frames} ×</small>
    </label>`
  }

  private set(filter: Filter): void {
    this.dispatchEvent(new CustomEvent<Filter>('filter', { detail: filter }))
  }
}

function close(event: KeyboardEvent): void {
  const details = event.currentTarget as HTMLDetailsElement
  if (event.key !== 'Escape' || composes(event) || !details.open) return
  details.open = false
  details.querySelector('summary')?.focus()
}

/** Closes when the focus leaves it. */
function left(event: FocusEvent): void {
  const details = event.currentTarget as HTMLDetailsElement
  const to = event.relatedTarget
  if (to instanceof Node && !details.contains(to)) details.open = false
}

function kindsOf(frames: readonly Frame[]): readonly string[] {
  return [...new Set(frames.flatMap(({ kinds, analyses }) => [...kinds, ...analyses.keys()]))].sort()
}

function labelsOf(frames: readonly Frame[]): readonly Label[] {
  const found = new Map<string, Label>()
  for (const { analyses } of frames) {
    for (const { detections } of analyses.values()) {
      for (const { kind, label } of new Map(detections.map((one) => [`${one.kind}/${one.label}`, one])).values()) {
        const name = `${kind}/${label}`
        found.set(name, { kind, label, frames: (found.get(name)?.frames ?? 0) + 1 })
      }
    }
  }
  const often = [...found.values()].sort((a, b) => b.frames - a.frames).slice(0, MOST)
  return often.sort((a, b) => a.kind.localeCompare(b.kind) || a.label.localeCompare(b.label))
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-filter-bar': FilterBar
  }
}
