import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { clock, elapsed, number, percent, share, title } from '../../data/format'
import { hueOf } from '../../player/overlay/colors'
import { base, labelColor, panel } from '../../style/base'
import { styled } from '../../style/styled'
import { tables } from '../../style/tables'
import type { Appearance, ExposedLabel, Exposure } from './model'
import { exposureStyles } from './report-styles'
import { lane, presence, type Stretch } from './series'

/** Labels in the table before the rest is asked for. */
const FEW = 25

/** Each label: how long, how large, when. */
@customElement('ma-report-exposure')
export class ReportExposure extends LitElement {
  static override styles = [base, panel, labelColor, tables, exposureStyles]

  @property({ attribute: false }) exposure!: Exposure
  @property({ attribute: false }) appearances: readonly Appearance[] = []
  @property({ type: Boolean }) cut = false
  /** The address at which reels are asked for, without the label; empty: they are not offered. */
  @property() reels = ''
  @state() private all = false
  private chartLoaded = false

  /** The chart is drawn by a library of its own, which is loaded where there is something to draw. */
  override willUpdate(): void {
    if (this.chartLoaded || !this.hasBoxes) return
    this.chartLoaded = true
    void import('./report-chart')
  }

  override render(): TemplateResult {
    const { exposure } = this
    if (exposure.labels.length === 0) return html`<h2>On the screen</h2><p class="empty">${this.nothingSeen()}</p>`
    const lanes = presence(this.appearances, exposure.until)
    const longest = Math.max(...exposure.labels.map(({ seconds }) => seconds))
    const shown = this.all ? exposure.labels : exposure.labels.slice(0, FEW)
    return html`
      <h2>On the screen <span>${count(exposure.labels.length)}</span></h2>
      <div class="wide" tabindex="0" role="region" aria-label="Time on the screen">
        <table>
          <caption class="visually-hidden">Time on the screen, and share of it, by label</caption>
          <thead>
            <tr>
              <th scope="col">Label</th>
              <th scope="col" class="bar">On the screen</th>
              <th scope="col">of the time</th>
              <th scope="col">share of screen</th>
              <th scope="col">largest</th>
              <th scope="col">times</th>
              <th scope="col">first</th>
              <th scope="col">last</th>
              <th scope="col" class="lane">When</th>
              ${this.reels ? html`<th scope="col"><span class="visually-hidden">Clips</span></th>` : nothing}
            </tr>
          </thead>
          <tbody>
            ${shown.map((label) => this.row(label, longest, lanes.get(label.label) ?? []))}
          </tbody>
        </table>
      </div>
      ${this.more(shown.length)}
      ${
        this.hasBoxes
          ? html`<ma-report-chart .exposure=${exposure} .appearances=${this.appearances}></ma-report-chart>`
          : html`<p class="empty">These are named for whole frames, without boxes: they have times and no share of the screen.</p>`
      }
      ${this.cut ? html`<p class="empty">The first ${number(this.appearances.length)} appearances are drawn; the table counts all.</p>` : nothing}
      ${exposure.left_out > 0 ? html`<p class="empty">${exposure.left_out} appearances of further labels are left out.</p>` : nothing}
    `
  }

  private row(one: ExposedLabel, longest: number, stretches: readonly Stretch[]): TemplateResult {
    const bar = { '--part': String(longest > 0 ? one.seconds / longest : 0) }
    return html`<tr class="label" ${styled({ '--hue': String(hueOf(one.label)) })}>
      <th scope="row">${title(one.label, this.exposure.kind)}</th>
      <td class="bar" ${styled(bar)}><i aria-hidden="true"></i><span>${duration(one.seconds)}</span></td>
      <td>${percent(one.share_of_time)}</td>
      <td>${one.share.max > 0 ? share(one.share.mean) : '–'}</td>
      <td>${one.share.max > 0 ? share(one.share.max) : '–'}</td>
      <td>${one.appearances}</td>
      <td>${clock(one.first)}</td>
      <td>${clock(one.last)}</td>
      <td class="lane">
        <svg viewBox="0 0 1000 1" preserveAspectRatio="none" aria-hidden="true"><path d=${lane(stretches)} /></svg>
      </td>
      ${
        this.reels
          ? html`<td>
              <a href=${`${this.reels}&label=${encodeURIComponent(one.label)}`}>
                Reel<span class="visually-hidden"> of ${title(one.label, this.exposure.kind)}</span>
              </a>
            </td>`
          : nothing
      }
    </tr>`
  }

  private more(shown: number): TemplateResult | typeof nothing {
    const rest = this.exposure.labels.length - shown
    if (rest === 0) return nothing
    return html`<p class="more">
      <button
        class="link"
        @click=${() => {
          this.all = true
        }}
      >
        Show ${rest} more
      </button>
    </p>`
  }

  private get hasBoxes(): boolean {
    return this.exposure.labels.some(({ share: { max } }) => max > 0)
  }

  private nothingSeen(): string {
    if (this.exposure.analysed_seconds === 0) return 'Nothing has been analysed yet.'
    const known = clock(this.exposure.analysed_seconds)
    return `Nothing of this kind was seen in the ${known} that were analysed.`
  }
}

const count = (labels: number): string => (labels === 1 ? 'one label' : `${labels} labels`)
const duration = (seconds: number): string => (seconds < 60 ? elapsed(seconds * 1000) : clock(seconds))

declare global {
  interface HTMLElementTagNameMap {
    'ma-report-exposure': ReportExposure
  }
}
