import type { ReactiveControllerHost } from 'lit'
import { ApiError } from './api'

/** One request at a time, and what became of it: `busy` while it runs, `problem` where it was refused. */
export class Task {
  busy = false
  problem: ApiError | null = null

  constructor(private readonly host: ReactiveControllerHost) {}

  /** The work's result; undefined where it was refused, or where other work is under way. */
  async run<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (this.busy) return undefined
    this.set(true, null)
    try {
      const result = await work()
      this.set(false, null)
      return result
    } catch (error) {
      this.set(false, error instanceof ApiError ? error : null)
      if (!(error instanceof ApiError)) throw error
      return undefined
    }
  }

  /** Forgets what was refused. */
  clear(): void {
    this.set(this.busy, null)
  }

  private set(busy: boolean, problem: ApiError | null): void {
    this.busy = busy
    this.problem = problem
    this.host.requestUpdate()
  }
}
