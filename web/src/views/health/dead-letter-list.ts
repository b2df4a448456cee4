import { type Api, ApiError } from '../../data/api/api'
import type { DeadLetter } from '../../data/health/model'

const EACH = 15_000

/** Dead letters from the API, polled while the page is visible. Fires `change`. */
export class Letters extends EventTarget {
  /** null: not known (yet). */
  all: readonly DeadLetter[] | null = null
  /** There are more than are listed. */
  more = false
  problem = ''
  /** Those that are being sent again or discarded. */
  busy: ReadonlySet<string> = new Set()
  private timer = 0

  constructor(private readonly api: Api) {
    super()
  }

  open(): void {
    document.addEventListener('visibilitychange', this.look)
    this.timer = window.setInterval(this.look, EACH)
    this.look()
  }

  close(): void {
    window.clearInterval(this.timer)
    document.removeEventListener('visibilitychange', this.look)
  }

  /** Sends one to its topic again. Returns whether that succeeded; if not, `problem` says why. */
  retry(id: string): Promise<boolean> {
    return this.act(id, () =>
      this.api.post<'/dead-letters/{letter}/retry'>(`/dead-letters/${encodeURIComponent(id)}/retry`),
    )
  }

  /** Sends all to their topics again, a hundred at a time. Returns the number sent; `problem` says what ended it. */
  async retryAll(): Promise<number> {
    let count = 0
    this.problem = ''
    await this.tried(async () => {
      for (let left = 1; left > 0; ) {
        const answer = await this.api.post<'/dead-letters/retry'>('/dead-letters/retry', {})
        count += answer.sent
        left = answer.sent > 0 ? answer.left : 0
        this.emit()
      }
    })
    await this.list()
    return count
  }

  discard(id: string): Promise<boolean> {
    return this.act(id, () => this.api.delete<'/dead-letters/{letter}'>(`/dead-letters/${encodeURIComponent(id)}`))
  }

  private async act(id: string, act: () => Promise<unknown>): Promise<boolean> {
    this.busy = new Set([...this.busy, id])
    this.problem = ''
    this.emit()
    const done = await this.tried(act)
    this.busy = new Set([...this.busy].filter((one) => one !== id))
    if (done) this.all = this.all?.filter((one) => one.id !== id) ?? null
    this.emit()
    return done
  }

  private async tried(act: () => Promise<unknown>): Promise<boolean> {
    try {
      await act()
      return true
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      // Another operator has done it meanwhile.
      if (error.status === 404) return true
      this.problem = error.message
      return false
    }
  }

  private readonly look = (): void => {
    if (!document.hidden) void this.list()
  }

  private async list(): Promise<void> {
    try {
      const found = await this.api.get<'/dead-letters'>('/dead-letters')
      this.all = found.dead_letters
      this.more = found.more
      this.problem = ''
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      this.problem = error.message
    }
    this.emit()
  }

  private emit(): void {
    this.dispatchEvent(new Event('change'))
  }
}
