import { css, html, LitElement, type TemplateResult, unsafeCSS } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import uPlot from 'uplot'
import sheet from 'uplot/dist/uPlot.min.css?inline'
import { clock, share, title } from '../../data/format'
import { hueOf } from '../../player/overlay/colors'
import { base, labelColor } from '../../style/base'
import { rem, styled } from '../../style/styled'
import type { Appearance, Exposure } from './model'
import { type Shares, sharesOverTime } from './series'

/** Lines that can be told apart; the table has the others. */
const LINES = 6
const CELLS = 400
/** Between two times that are written under it (s). */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400]
const HEIGHT = 230
const PRINTED = 680
/** Colour is not all that tells lines apart. */
const DASHES: readonly (readonly number[])[] = [[], [7, 3], [2, 3], [10, 3, 2, 3], [5, 5], [1, 4]]

/** Chart of the share of the screen that each label covers over time. */
@customElement('ma-report-chart')
export class ReportChart extends LitElement {
  static override styles = [
    base,
    labelColor,
    unsafeCSS(sheet),
    css`
      :host {
        padding: 10px 16px 12px;
      }
      h3 {
        margin: 0 0 4px;
        font-size: 0.7812rem;
        font-weight: 600;
      }
      ul {
        display: flex;
        flex-wrap: wrap;
        gap: 2px 18px;
        margin: 6px 0 0;
        padding: 0;
        list-style: none;
        font-size: 0.7812rem;
      }
      li {
        display: flex;
        align-items: center;
        gap: 7px;
      }
      li svg {
        color: var(--k);
      }
      li span {
        min-width: 44px;
        color: var(--soft);
      }
      .chart {
        min-height: ${HEIGHT}px;
      }
      .u-select {
        background: color-mix(in srgb, var(--accent) 20%, transparent);
      }
      .u-hz .u-cursor-x {
        border-color: var(--faint);
      }
    `,
  ]

  @property({ attribute: false }) exposure!: Exposure
  @property({ attribute: false }) appearances: readonly Appearance[] = []
  /** The cell that is pointed at. */
  @state() private at: number | null = null
  private shares: Shares = { times: [], byLabel: new Map() }
  private plot: uPlot | null = null
  private readonly sized = new ResizeObserver(() => this.fit())
  private readonly schemes = ['print', '(prefers-color-scheme: dark)'].map((query) => window.matchMedia(query))

  override connectedCallback(): void {
    super.connectedCallback()
    for (const scheme of this.schemes) scheme.addEventListener('change', this.draw)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    for (const scheme of this.schemes) scheme.removeEventListener('change', this.draw)
    this.sized.disconnect()
    this.plot?.destroy()
    this.plot = null
  }

  override willUpdate(changes: Map<string, unknown>): void {
    if (!changes.has('exposure') && !changes.has('appearances')) return
    const largest = [...this.exposure.labels].sort((a, b) => b.share.seconds - a.share.seconds)
    const labels = largest.slice(0, LINES).map(({ label }) => label)
    const cells = Math.max(2, Math.min(CELLS, Math.ceil(this.exposure.until)))
    this.shares = sharesOverTime(this.appearances, labels, this.exposure.until, cells)
  }

  override updated(changes: Map<string, unknown>): void {
    if (changes.has('exposure') || changes.has('appearances')) this.draw()
  }

  override render(): TemplateResult {
    const labels = [...this.shares.byLabel.keys()]
    const time = this.at === null ? null : this.shares.times[this.at]
    return html`
      <h3>Share of the screen over time ${time === null || time === undefined ? '' : `· ${clock(time)}`}</h3>
      <div class="chart" role="img" aria-label=${this.summary(labels)}></div>
      <ul aria-hidden="true">
        ${labels.map((label, index) => this.key(label, index))}
      </ul>
    `
  }

  private key(label: string, index: number): TemplateResult {
    const now = this.at === null ? '' : share(this.shares.byLabel.get(label)?.[this.at] ?? 0)
    return html`<li class="label" ${styled({ '--hue': String(hueOf(label)) })}>
      <svg width="26" height="4" viewBox="0 0 26 4">
        <path d="M0 2h26" stroke="currentColor" stroke-width="2.4" stroke-dasharray=${(DASHES[index] ?? []).join(' ')} />
      </svg>
      ${title(label, this.exposure.kind)} <span>${now}</span>
    </li>`
  }

  private summary(labels: readonly string[]): string {
    const of = (label: string): string => {
      const { mean, max } = this.exposure.labels.find((one) => one.label === label)?.share ?? { mean: 0, max: 0 }
      return `${label} ${share(mean)} on average while it is on, ${share(max)} at most`
    }
    return `A chart of how much of the screen each label covers: ${labels.map(of).join('; ')}.`
  }

  /** Colours are read from the page as it is now, on paper too. */
  private readonly draw = (): void => {
    const place = this.renderRoot.querySelector<HTMLElement>('.chart')
    if (!place) return
    this.plot?.destroy()
    const data: uPlot.AlignedData = [
      [...this.shares.times],
      ...[...this.shares.byLabel.values()].map((one) => [...one]),
    ]
    this.plot = new uPlot(this.options(place), data, place)
    this.sized.observe(place)
  }

  private fit(): void {
    const width = this.width()
    if (this.plot && width > 0 && width !== this.plot.width) this.plot.setSize({ width, height: HEIGHT })
  }

  private width(): number {
    if (window.matchMedia('print').matches) return PRINTED
    return Math.floor(this.renderRoot.querySelector<HTMLElement>('.chart')?.clientWidth ?? 0)
  }

  private options(place: HTMLElement): uPlot.Options {
    const css = getComputedStyle(place)
    const color = (name: string): string => css.getPropertyValue(name).trim()
    const [ink, line] = [color('--faint'), color('--line')]
    const paint = (label: string, alpha: number): string =>
      `oklch(${color('--label-l')} ${color('--label-c')} ${hueOf(label)} / ${alpha})`
    const axis = {
      stroke: ink,
      font: `${0.6875 * rem()}px system-ui`,
      ticks: { show: false },
      grid: { stroke: line, width: 1 },
    }
    return {
      width: this.width(),
      height: HEIGHT,
      legend: { show: false },
      cursor: { y: false, points: { size: 6 }, drag: { x: true, y: false } },
      scales: { x: { time: false }, y: { range: (_plot, _least, most) => [0, Math.max(0.01, most * 1.08)] } },
      axes: [
        {
          ...axis,
          size: 28,
          incrs: [...STEPS],
          grid: { show: false },
          values: (_plot, at) => at.map((value) => clock(value)),
        },
        { ...axis, size: 52, values: (_plot, at) => at.map((value) => share(value)) },
      ],
      series: [
        {},
        ...[...this.shares.byLabel.keys()].map((label, index) => ({
          label,
          stroke: paint(label, 1),
          fill: paint(label, 0.1),
          width: 1.6,
          dash: [...(DASHES[index] ?? [])],
          points: { show: false },
        })),
      ],
      hooks: {
        setCursor: [
          (plot) => {
            this.at = plot.cursor.idx ?? null
          },
        ],
      },
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-report-chart': ReportChart
  }
}
