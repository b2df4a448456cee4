import { type Api, ApiError } from '../../data/api/api'
import type { Appearance, Cost, Exposure } from './model'

/** Appearances that are drawn, at most: beyond that a lane is one bar anyway. */
const MOST = 5000
const PAGE = 1000
/** A live session's cost is cheap to ask for; exposure is read from its first frame on each time (docs/exposure.md). */
const COST_EACH = 5000
const EXPOSURE_EACH = 30_000
const REST = 20

interface Page {
  readonly appearances: readonly Appearance[]
  readonly next: string | null
}

/** The reports of one session, polled while it is live and the page is visible. Fires `change`. */
export class ReportStore extends EventTarget {
  exposure: Exposure | null = null
  appearances: readonly Appearance[] = []
  /** There are more appearances than are held. */
  cut = false
  cost: Cost | null = null
  /** Reasons why the last answers are missing, for the user. */
  exposureProblem = ''
  costProblem = ''
  private path = ''
  private kind = ''
  private turn = 0
  private costTimer = 0
  private exposureTimer = 0

  constructor(
    private readonly api: Api,
    private readonly stream: string,
  ) {
    super()
  }

  open(): void {
    document.addEventListener('visibilitychange', this.again)
  }

  close(): void {
    this.turn += 1
    this.path = ''
    window.clearTimeout(this.costTimer)
    window.clearTimeout(this.exposureTimer)
    document.removeEventListener('visibilitychange', this.again)
  }

  /** Shows another session, or another kind of it. */
  show(session: string, kind: string): void {
    const path = `/streams/${encodeURIComponent(this.stream)}/sessions/${encodeURIComponent(session)}`
    if (path === this.path && kind === this.kind) return
    if (path !== this.path) this.cost = null
    this.path = path
    this.kind = kind
    this.exposure = null
    this.appearances = []
    this.exposureProblem = ''
    this.again()
  }

  /** The table of exposure, to keep. Raises ApiError. */
  csv(): Promise<Blob> {
    return this.api.blob(`${this.path}/exposure.csv?kind=${this.kind}`)
  }

  readonly again = (): void => {
    window.clearTimeout(this.costTimer)
    window.clearTimeout(this.exposureTimer)
    this.turn += 1
    if (document.hidden || !this.path) return
    void this.askCost(this.turn)
    void this.askExposure(this.turn)
  }

  private async askCost(turn: number): Promise<void> {
    await this.asking(turn, 'costProblem', async () => {
      const { cost } = await this.api.get<'/streams/{stream}/sessions/{session}/cost'>(`${this.path}/cost`)
      if (turn === this.turn) this.cost = cost
    })
    if (turn === this.turn && this.cost?.ended === null) {
      this.costTimer = window.setTimeout(() => void this.askCost(turn), COST_EACH)
    }
  }

  private async askExposure(turn: number): Promise<void> {
    const began = performance.now()
    await this.asking(turn, 'exposureProblem', async () => {
      const { exposure } = await this.api.get<'/streams/{stream}/sessions/{session}/exposure'>(
        `${this.path}/exposure?kind=${this.kind}`,
      )
      const { found, cut } = await this.allAppearances()
      if (turn !== this.turn) return
      this.exposure = exposure
      this.appearances = found
      this.cut = cut
    })
    if (turn === this.turn && this.exposure?.ended === null) {
      const rest = Math.max(EXPOSURE_EACH, REST * (performance.now() - began))
      this.exposureTimer = window.setTimeout(() => void this.askExposure(turn), rest)
    }
  }

  private async allAppearances(): Promise<{ found: readonly Appearance[]; cut: boolean }> {
    const found: Appearance[] = []
    let after: string | null = null
    do {
      const from: string = after === null ? '' : `&after=${after}`
      const page: Page = await this.api.get<'/streams/{stream}/sessions/{session}/appearances'>(
        `${this.path}/appearances?kind=${this.kind}&limit=${PAGE}${from}`,
      )
      found.push(...page.appearances)
      after = page.next
    } while (after !== null && found.length < MOST)
    return { found, cut: after !== null }
  }

  private async asking(
    turn: number,
    problem: 'exposureProblem' | 'costProblem',
    ask: () => Promise<void>,
  ): Promise<void> {
    let words = ''
    try {
      await ask()
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      words = error.message
    }
    if (turn !== this.turn) return
    this[problem] = words
    this.dispatchEvent(new Event('change'))
  }
}
