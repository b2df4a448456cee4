import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import type { Analysis, Detection } from '../../data/documents/model'
import { instant, kindName, percent, providerName, share, stamp, title } from '../../data/format'
import { hueOf } from '../../player/overlay/colors'
import { base, labelColor } from '../../style/base'
import { forms } from '../../style/forms'
import { styled } from '../../style/styled'
import { momentOf, type Snapshot } from './snapshot'
import '../../ui/crop'
import { detailsStyles } from './explore-styles'
import './snapshot-picture'

const REASONS: Readonly<Record<string, string>> = {
  first: 'the first of its session',
  cut: 'a cut',
  change: 'something changed',
  interval: 'time had passed',
}

/** One snapshot: its picture, what was found on it by whom, and the way to its moment. Fires `close-details`. */
@customElement('ma-explore-details')
export class ExploreDetails extends LitElement {
  static override styles = [base, forms, labelColor, detailsStyles]

  @property({ attribute: false }) snapshot!: Snapshot
  @property() streamName = ''
  @state() private active: Detection | null = null

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('snapshot')) this.active = null
  }

  /** Moves the focus into the details where they cover the page. */
  override focus(): void {
    this.shadowRoot?.querySelector<HTMLElement>('.close')?.focus()
  }

  override render(): TemplateResult {
    const { frame, wall } = this.snapshot
    const analyses = [...frame.analyses]
    const found = analyses.flatMap(([, { detections, error }]) => (error === null ? detections : []))
    const waiting = frame.kinds.filter((kind) => !frame.analyses.has(kind))
    return html`
      <header>
        <h2>${this.streamName}<small>${stamp(wall, 'full')}</small></h2>
        <button class="close" aria-label="Close the details" title="Close (Esc)" @click=${this.close}>×</button>
      </header>
      <ma-snapshot-picture
        .frame=${frame}
        .boxes=${found}
        .active=${this.active}
      ></ma-snapshot-picture>
      <div class="body">
        <a class="button primary" href=${momentOf(this.snapshot)}>Watch this moment</a>
        ${analyses.map(([kind, analysis]) => this.kind(kind, analysis))}
        ${waiting.length > 0 ? html`<p>Still to come: ${waiting.map(kindName).join(', ')}.</p>` : nothing}
        <dl>
          ${fact('In the session', instant(frame.time))}
          ${fact('Sent on because', REASONS[frame.reason] ?? (frame.reason || '–'))}
          ${fact('Picture', `${frame.width} × ${frame.height}`)}
          ${frame.motion === null ? nothing : fact('Motion', frame.motion.toFixed(2))}
        </dl>
      </div>
    `
  }

  private kind(kind: string, analysis: Analysis): TemplateResult {
    const { provider, model, tookMs, fallbackFrom, error, detections } = analysis
    const by = [providerName(provider), model, tookMs === null ? '' : `${tookMs} ms`].filter(Boolean).join(' · ')
    return html`<section>
      <h3>${kindName(kind)}<small>${by}</small></h3>
      ${fallbackFrom ? html`<p>In place of ${providerName(fallbackFrom)}, which rested after failures or for the day’s budget.</p>` : nothing}
      ${error === null ? nothing : html`<p class="said bad">The analysis failed: ${error.message}</p>`}
      ${error === null && detections.length === 0 ? html`<p>Nothing was found.</p>` : nothing}
      <ul>
        ${[...detections].sort((a, b) => b.confidence - a.confidence).map((one) => this.detection(one))}
      </ul>
    </section>`
  }

  private detection(one: Detection): TemplateResult {
    const point = (active: Detection | null) => (): void => {
      this.active = active
    }
    return html`<li
      class="label"
      ${styled({ '--hue': String(hueOf(one.label)) })}
      @pointerenter=${point(one)}
      @pointerleave=${point(null)}
    >
      <ma-crop .frame=${this.snapshot.frame} .box=${one.box}></ma-crop>
      <div>
        <b>${title(one.label, one.kind)}</b>
        <small>${one.box ? `${share(one.box.width * one.box.height)} of the picture` : 'whole picture'}</small>
      </div>
      <span class="score">${percent(one.confidence)}<i aria-hidden="true"><i ${styled({ width: `${one.confidence * 100}%` })}></i></i></span>
    </li>`
  }

  private readonly close = (): void => {
    this.dispatchEvent(new Event('close-details'))
  }
}

const fact = (name: string, value: string): TemplateResult => html`<dt>${name}</dt><dd>${value}</dd>`

declare global {
  interface HTMLElementTagNameMap {
    'ma-explore-details': ExploreDetails
  }
}
