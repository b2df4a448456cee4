import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { type Api, ApiError } from '../../data/api/api'
import { clock, elapsed, instant, number, percent, share, title } from '../../data/format'
import { hueOf } from '../../player/overlay/colors'
import { base, labelColor, panel } from '../../style/base'
import { forms } from '../../style/forms'
import { styled } from '../../style/styled'
import { save } from './save'
import {
  audienceOf,
  BANDS,
  FACTORS,
  FIELDS,
  momentOf,
  type Point,
  type SponsoredLabel,
  type Sponsorship,
} from './sponsor'
import { sponsorStyles } from './sponsor-styles'

/** All measures of each brand, each with the moments that it is taken from. */
@customElement('ma-report-sponsor')
export class ReportSponsor extends LitElement {
  static override styles = [base, forms, panel, labelColor, sponsorStyles]

  @property({ attribute: false }) api!: Api
  @property() stream = ''
  @property() session = ''
  @property() kind = 'logo'
  @state() private report: Sponsorship | null = null
  @state() private problem = ''
  @state() private audience: readonly Point[] = []
  private turn = 0

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('session') || changed.has('kind') || changed.has('stream')) {
      this.report = null
      void this.ask()
    }
  }

  override render(): TemplateResult {
    const { report } = this
    return html`
      <h2>For sponsors <span>${report ? `${clock(report.analysed_seconds)} analysed` : ''}</span></h2>
      ${this.controls()}
      ${this.problem ? html`<p class="said bad" role="alert">${this.problem}</p>` : nothing}
      ${
        report
          ? html`<div class="cards">${report.labels.map((one) => this.card(report, one))}</div>
              ${report.labels.length === 0 ? html`<p class="empty">Nothing of this kind was seen.</p>` : nothing}
              ${this.formulas(report)}`
          : this.problem
            ? nothing
            : html`<p class="empty" role="status">Measuring the session…</p>`
      }
    `
  }

  private controls(): TemplateResult {
    return html`<div class="controls">
      <label>Audience (CSV: at or time, viewers)
        <input type="file" accept=".csv,text/csv" @change=${this.readAudience} />
      </label>
      ${this.audience.length > 0 ? html`<span class="hint">${number(this.audience.length)} points</span>` : nothing}
      <span class="buttons" role="group" aria-label="Keep the sponsors' report">
        ${FILES.map(
          ([ending, name]) =>
            html`<button class="button" ?disabled=${!this.report} @click=${() => this.keep(ending)}>${name}</button>`,
        )}
      </span>
    </div>`
  }

  private card(report: Sponsorship, one: SponsoredLabel): TemplateResult {
    const { quality, audience } = one
    return html`<article class="label" ${styled({ '--hue': String(hueOf(one.label)) })}>
      <header>
        <h3>${title(one.label, report.kind)}</h3>
        <strong><span class="visually-hidden">Quality </span>${quality.index === null ? '–' : quality.index.toFixed(1)}<small>/100</small></strong>
      </header>
      <div class="drawn">
        ${this.nine(report, one)}
        <dl class="factors">
          ${Object.entries(FACTORS).map(([name, words]) => factor(words, quality.factors[name] ?? null))}
        </dl>
      </div>
      <ul class="figures">
        ${this.figure(report, 'on the screen', one.on_screen)}
        ${this.figure(report, 'viewable', one.viewable)}
        ${this.figure(report, 'alone', one.alone)}
        ${Object.entries(BANDS).map(([name, words]) => this.figure(report, words, one.bands[name]))}
        ${this.figure(report, 'cut off by the edge', one.cut_off)}
        ${this.figure(report, 'longest unbroken', one.unbroken.longest)}
        ${Object.entries(one.beside).map(([label, figure]) => this.figure(report, `beside ${label}`, figure))}
        ${Object.entries(one.placements).map(([zone, figure]) => this.figure(report, zone, figure))}
        ${this.mentions(report, 'said', one.spoken)} ${this.mentions(report, 'written', one.written)}
      </ul>
      <p class="facts">
        ${share(one.share.mean)} of the screen on average, ${share(one.share.max)} at most · ${times(one.appearances)} ·
        share of voice ${percent(one.voice.seconds)}, by area ${percent(one.voice.screen)}
        ${audience ? html`· ${number(Math.round(audience.impressions))} impressions` : nothing}
        ${one.value === null ? nothing : html`· ${number(one.value)} ${report.rates?.currency ?? ''}`}
      </p>
    </article>`
  }

  /** Nine fields of the picture, the darker the longer; each leads to its first moment. */
  private nine(report: Sponsorship, one: SponsoredLabel): TemplateResult {
    const most = Math.max(0.001, ...Object.values(one.fields).map(({ seconds }) => seconds))
    return html`<ul class="nine" aria-label="Where it was">
      ${FIELDS.map((name) => {
        const figure = one.fields[name]
        const [first] = figure?.ranges ?? []
        if (!figure || !first) return html`<li></li>`
        const told = `${name}: ${elapsed(figure.seconds * 1000)}`
        return html`<li ${styled({ '--part': (figure.seconds / most).toFixed(3) })}>
          <a title=${told} aria-label=${told} href=${this.moment(report, first)}>${elapsed(figure.seconds * 1000)}</a>
        </li>`
      })}
    </ul>`
  }

  private figure(
    report: Sponsorship,
    words: string,
    figure: SponsoredLabel['on_screen'] | undefined,
  ): TemplateResult | typeof nothing {
    if (!figure || figure.seconds === 0) return nothing
    return html`<li>
      <details>
        <summary><b>${elapsed(figure.seconds * 1000)}</b> ${words}</summary>
        <p>
          ${figure.ranges.map(
            (range) => html`<a href=${this.moment(report, range)}>${instant(range.from)} – ${instant(range.to)}</a> `,
          )}
          ${figure.cut ? 'and more' : nothing}
        </p>
      </details>
    </li>`
  }

  private mentions(
    report: Sponsorship,
    words: string,
    told: SponsoredLabel['spoken'],
  ): TemplateResult | typeof nothing {
    if (told.count === 0) return nothing
    return html`<li>
      <details>
        <summary><b>${told.count} ×</b> ${words}</summary>
        <p>
          ${told.at.map(
            ({ session, time }) => html`<a href=${this.moment(report, { session, from: time })}>${instant(time)}</a> `,
          )}
        </p>
      </details>
    </li>`
  }

  private formulas({ formulas }: Sponsorship): TemplateResult {
    return html`<details class="formulas">
      <summary>How these figures are made</summary>
      <p>${formulas.quality}</p>
      <p>${formulas.viewable}</p>
      <p>${formulas.audience}</p>
      ${formulas.value ? html`<p>${formulas.value}</p>` : nothing}
    </details>`
  }

  private moment(report: Sponsorship, range: { session: number; from: number }): string {
    const session = report.sessions[range.session]
    return session ? momentOf(session, range.from) : ''
  }

  private get path(): string {
    return `/streams/${encodeURIComponent(this.stream)}/sessions/${encodeURIComponent(this.session)}/sponsorship`
  }

  private get asked() {
    const audience = this.audience.length > 0 ? { points: [...this.audience] } : null
    return { kind: this.kind as Sponsorship['kind'], audience }
  }

  private async ask(): Promise<void> {
    this.turn += 1
    const turn = this.turn
    this.problem = ''
    if (!this.session) return
    try {
      const { report } = await this.api.post<'/streams/{stream}/sessions/{session}/sponsorship'>(this.path, this.asked)
      if (turn === this.turn) this.report = report
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (turn === this.turn) this.problem = error.message
    }
  }

  private readonly readAudience = async (event: Event): Promise<void> => {
    const file = (event.target as HTMLInputElement).files?.[0]
    try {
      this.audience = file ? audienceOf(await file.text()) : []
    } catch (error) {
      this.audience = []
      this.problem = (error as Error).message
      return
    }
    await this.ask()
  }

  private async keep(ending: string): Promise<void> {
    this.problem = ''
    try {
      const blob = ending === 'json' ? asJson(this.report) : await this.api.file(`${this.path}.${ending}`, this.asked)
      save(blob, `sponsorship-${this.stream}-${this.session}-${this.kind}.${ending}`)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      this.problem = `The file could not be downloaded: ${error.message}`
    }
  }
}

const FILES = [
  ['pdf', 'PDF'],
  ['xlsx', 'Excel'],
  ['csv', 'CSV'],
  ['json', 'JSON'],
] as const

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`)
const asJson = (report: Sponsorship | null): Blob =>
  new Blob([JSON.stringify(report, null, 2)], { type: 'application/json' })

function factor(words: string, value: number | null): TemplateResult {
  return html`<div ${styled({ '--part': String(value ?? 0) })}>
    <dt>${words}</dt>
    <dd>${value === null ? 'not known' : percent(value)}</dd>
  </div>`
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-report-sponsor': ReportSponsor
  }
}
