import { css, html, LitElement, nothing, svg, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { Frame } from '../../data/documents/model'
import { percent } from '../../data/format'
import { base, panel } from '../../style/base'
import { styled } from '../../style/styled'

const MEASURES = ['brightness', 'contrast', 'saturation', 'motion'] as const
type Measure = (typeof MEASURES)[number]
const POINTS = 60

const measured = (frame: Frame, measure: Measure): number | null =>
  measure === 'motion' ? frame.motion : (frame.visual?.[measure] ?? null)

/** An SVG path through `values` (0 to 1) in a box of 100 by 20. */
export function sparkline(values: readonly number[]): string {
  const step = 100 / Math.max(1, values.length - 1)
  const y = (value: number): string => (18.5 - 17 * Math.min(1, Math.max(0, value))).toFixed(1)
  if (values.length === 1) return sparkline([...values, ...values])
  return values.map((value, at) => `${at === 0 ? 'M' : 'L'}${(at * step).toFixed(1)} ${y(value)}`).join('')
}

/** Colours of the frame on the screen, and measures over the last sampled frames. */
@customElement('ma-picture-panel')
export class PicturePanel extends LitElement {
  static override styles = [
    base,
    panel,
    css`
      .swatches {
        display: flex;
        height: 26px;
        margin: 2px 16px 14px;
        border-radius: 6px;
        overflow: hidden;
      }
      dl {
        display: grid;
        gap: 9px;
        margin: 0;
        padding: 0 16px 16px;
      }
      dl div {
        display: grid;
        grid-template-columns: 84px 1fr 38px;
        gap: 12px;
        align-items: center;
      }
      dt {
        color: var(--soft);
        text-transform: capitalize;
      }
      dd {
        margin: 0;
        text-align: right;
      }
      svg {
        display: block;
        width: 100%;
        height: 22px;
        overflow: visible;
      }
      path {
        fill: none;
        stroke: var(--accent);
        stroke-width: 1.6;
        vector-effect: non-scaling-stroke;
        stroke-linejoin: round;
      }
      path.area {
        fill: color-mix(in srgb, var(--accent) 13%, transparent);
        stroke: none;
      }
    `,
  ]

  /** Sampled frames up to the one on the screen, by time. */
  @property({ attribute: false }) frames: readonly Frame[] = []

  override render(): TemplateResult {
    const recent = this.frames.slice(-POINTS)
    const visual = recent.at(-1)?.visual ?? null
    if (!visual)
      return html`<h2>Picture</h2><p class="empty">Colours and motion appear with the first sampled frame.</p>`
    return html`
      <h2>Picture <span>${recent.length > 1 ? `last ${recent.length} sampled frames` : nothing}</span></h2>
      <div class="swatches" role="img" aria-label="Dominant colours: ${visual.colors.map(({ hex }) => hex).join(', ')}">
        ${visual.colors.map(
          ({ hex, share }) =>
            html`<i title="${hex}, ${percent(share)}" ${styled({ background: hex, flex: String(share) })}></i>`,
        )}
      </div>
      <dl>${MEASURES.map((measure) => this.measure(recent, measure))}</dl>
    `
  }

  private measure(frames: readonly Frame[], measure: Measure): TemplateResult | typeof nothing {
    const values = frames.map((frame) => measured(frame, measure)).filter((value) => value !== null)
    const last = values.at(-1)
    if (last === undefined) return nothing
    return html`<div>
      <dt>${measure}</dt>
      <svg viewBox="0 0 100 20" preserveAspectRatio="none" aria-hidden="true">${svg`<path class="area" d=${`${sparkline(values)}L100 20L0 20Z`} /><path d=${sparkline(values)} />`}</svg>
      <dd>${last.toFixed(2)}</dd>
    </div>`
  }
}
