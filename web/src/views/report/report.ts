import type { Firestore } from '@firebase/firestore'
import { consume } from '@lit/context'
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { type Api, ApiError } from '../../data/api/api'
import { toSession } from '../../data/documents/documents'
import type { Session } from '../../data/documents/model'
import { clock, kindName, share, stamps } from '../../data/format'
import type { Session as Identity } from '../../data/identity/session'
import { Live } from '../../data/live/live'
import { sessionsOf } from '../../data/live/sessions'
import { StoreController } from '../../data/live/store-controller'
import { StreamDocument } from '../../data/live/stream-document'
import { database, identity, operatorApi } from '../../data/services'
import { base, view } from '../../style/base'
import { forms } from '../../style/forms'
import { type Route, remember } from '../../ui/route'
import { save } from './save'
import { ReportStore } from './store'
import '../../ui/notice'
import './report-cost'
import './report-exposure'
import { reportStyles } from './report-styles'

const KINDS = ['logo', 'text', 'object', 'label', 'face'] as const

/** Report of a session: labels, their time and size on the screen, and the cost. */
@customElement('ma-report')
export class Report extends LitElement {
  static override styles = [base, forms, view, reportStyles]

  @consume({ context: database }) db!: Firestore
  @consume({ context: operatorApi }) api!: Api
  @consume({ context: identity }) identity!: Identity
  @property({ attribute: false }) route!: Route
  @state() private problem = ''
  @state() private forSponsors = false
  private query = new URLSearchParams()
  private document: StreamDocument | null = null
  private reports!: ReportStore
  private readonly sessions = new Live(this, toSession)

  override connectedCallback(): void {
    super.connectedCallback()
    if (!this.document) {
      const { stream, query } = this.route
      this.query = query
      this.document = new StreamDocument(this.db, stream)
      this.reports = new ReportStore(this.api, stream)
      new StoreController(this, this.document)
      new StoreController(this, this.reports)
    }
  }

  override willUpdate(): void {
    this.sessions.follow('all', () => sessionsOf(this.db, this.route.stream))
    const session = this.session
    if (session) this.reports.show(session, this.kind)
  }

  override render(): TemplateResult {
    const { items: all, error } = this.sessions
    const id = this.route.stream
    const name = this.document?.stream?.name ?? id
    if (!all && error) return html`<ma-notice tone="error" heading="The stream cannot be read">${error}</ma-notice>`
    if (!all) {
      return html`<ma-notice heading="Asking the database…">
        <p>If this takes long, the database cannot be reached; the page keeps trying.</p>
      </ma-notice>`
    }
    if (all.length === 0) {
      return html`<ma-notice heading="Nothing to report yet">
        <p>${name} has no session. <a href="?stream=${encodeURIComponent(id)}">See how to stream</a></p>
      </ma-notice>`
    }
    return html`
      <div class="title">
        <h1>Report <a href="?stream=${encodeURIComponent(id)}">${name}</a></h1>
        ${this.choices(all)}
      </div>
      ${this.problem ? html`<p class="said bad" role="alert">${this.problem}</p>` : nothing}
      ${this.body()}
    `
  }

  private choices(all: readonly Session[]): TemplateResult {
    const { session, kind } = this
    const when = stamps(all.map(({ started }) => started))
    return html`<div class="choices">
      <label>Session
        <select @change=${(event: Event) => this.choose({ session: chosen(event) })}>
          ${all.some(({ id }) => id === session) ? nothing : html`<option value=${session} selected>${session}</option>`}
          ${all.map((one, i) => html`<option value=${one.id} ?selected=${one.id === session}>${describe(one, when[i] ?? '')}</option>`)}
        </select>
      </label>
      <label>Of
        <select @change=${(event: Event) => this.choose({ kind: chosen(event) })}>
          ${KINDS.map((one) => html`<option value=${one} ?selected=${one === kind}>${kindName(one)}s</option>`)}
        </select>
      </label>
      <div class="buttons" role="group" aria-label="Keep this report">
        <button class="button" aria-pressed=${this.forSponsors} @click=${this.showSponsors}>For sponsors</button>
        <button class="button" ?disabled=${!this.reports.exposure} @click=${this.csv}>CSV</button>
        <button class="button" ?disabled=${!this.reports.exposure} @click=${this.json}>JSON</button>
        <button class="button" ?disabled=${!this.reports.exposure} @click=${() => window.print()}>Print</button>
      </div>
    </div>`
  }

  private body(): TemplateResult {
    const { exposure, exposureProblem, cost, costProblem, appearances, cut } = this.reports
    const again = (problem: string): TemplateResult =>
      html`<p class="said bad" role="alert">
        ${problem} <button class="button" @click=${this.reports.again}>Try again</button>
      </p>`
    const known = exposure?.media_seconds ? share(exposure.analysed_seconds / exposure.media_seconds) : null
    return html`
      ${
        exposure
          ? html`<p class="facts">
              ${clock(exposure.media_seconds ?? exposure.until)} of video${known ? `, ${known} of it analysed` : ''}
              ${exposure.ended === null ? '· live, read again every half minute' : ''}
            </p>`
          : nothing
      }
      ${exposureProblem ? again(exposureProblem) : nothing}
      ${
        exposure
          ? html`<ma-report-exposure
              .exposure=${exposure}
              .appearances=${appearances}
              .cut=${cut}
              .reels=${this.reels}
            ></ma-report-exposure>`
          : exposureProblem
            ? nothing
            : html`<p class="facts" role="status">Reading the session from its first frame…</p>`
      }
      ${
        this.forSponsors
          ? html`<ma-report-sponsor
              .api=${this.api}
              .stream=${this.route.stream}
              .session=${this.session}
              .kind=${this.kind}
            ></ma-report-sponsor>`
          : nothing
      }
      ${costProblem ? again(costProblem) : nothing}
      ${cost ? html`<ma-report-cost .cost=${cost}></ma-report-cost>` : nothing}
    `
  }

  /** The address at which a reel of a label is asked for; empty for those who may not. */
  private get reels(): string {
    if (!this.identity.mayChange(this.document?.stream)) return ''
    return `?${new URLSearchParams({ stream: this.route.stream, view: 'clips', session: this.session, kind: this.kind })}`
  }

  private get session(): string {
    return this.query.get('session') ?? this.sessions.items?.[0]?.id ?? ''
  }

  private get kind(): string {
    const kind = this.query.get('kind') ?? ''
    return (KINDS as readonly string[]).includes(kind) ? kind : KINDS[0]
  }

  private choose(changes: Record<string, string>): void {
    this.query = remember(this.query, changes)
    this.requestUpdate()
  }

  /** Its measures are asked for, and its code is loaded, where they are wanted. */
  private readonly showSponsors = async (): Promise<void> => {
    if (!this.forSponsors) await import('./report-sponsor')
    this.forSponsors = !this.forSponsors
  }

  private readonly csv = async (): Promise<void> => {
    this.problem = ''
    try {
      save(await this.reports.csv(), `${this.fileName}.csv`)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      this.problem = `The table could not be downloaded: ${error.message}`
    }
  }

  private readonly json = (): void => {
    const { exposure, appearances, cost } = this.reports
    const text = JSON.stringify({ exposure, appearances, cost }, null, 2)
    save(new Blob([text], { type: 'application/json' }), `${this.fileName}.json`)
  }

  private get fileName(): string {
    return `exposure-${this.route.stream}-${this.session}-${this.kind}`
  }
}

const chosen = (event: Event): string => (event.target as HTMLSelectElement).value

function describe({ ended, mediaSeconds }: Session, when: string): string {
  const length = mediaSeconds > 0 ? ` · ${clock(mediaSeconds)}` : ''
  return `${when}${length}${ended === null ? ' · live' : ''}`
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-report': Report
  }
}
