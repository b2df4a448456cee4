/** Passes on at most one item per interval: the first at once, and the last of those in between at the end. */
export class Throttle<T> {
  private last = Number.NEGATIVE_INFINITY
  private timer = 0

  constructor(
    /** Milliseconds. */
    private readonly each: number,
    private readonly pass: (one: T) => void,
  ) {}

  /** `urgent`: it cannot wait. */
  take(one: T, urgent: boolean): void {
    window.clearTimeout(this.timer)
    const wait = this.last + this.each - performance.now()
    if (urgent || wait <= 0) this.now(one)
    // It may be the last one for long: the picture may have been stopped.
    else this.timer = window.setTimeout(() => this.now(one), wait)
  }

  stop(): void {
    window.clearTimeout(this.timer)
  }

  private now(one: T): void {
    this.last = performance.now()
    this.pass(one)
  }
}
