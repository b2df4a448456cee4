/** An HTTP date counts whole seconds (ms). */
const RESOLUTION = 1000
/** How far the two clocks of this machine part before the server is asked again: one of them stood still, or was set (ms). */
const PARTED = 1000
/** A measurement holds so long (ms): no quartz is off by a second before. */
const HOLDS = 3_600_000
/** Pause between two questions (ms). */
const AGAIN = 5000

/**
 * The server's clock, in ms since 1970. The viewer's own may be minutes fast or hours slow, so no state, alarm or
 * countdown looks at it: what documents date is compared with this clock.
 *
 * It is what answers are dated, carried on by `performance.now()`. As that stands still while some machines sleep, and
 * drifts over days, the server is asked again then.
 */
export class ServerClock {
  /** Between these is the server's time at which `performance.now()` was 0; null: no answer was dated yet. */
  private bounds: readonly [number, number] | null = null
  private measured = 0
  private apart = 0
  private asking = false

  /** `ask` sends a request that no cache answers; it may fail. */
  constructor(private readonly ask: () => Promise<Response>) {}

  /** Until an answer was dated, this machine's own time. */
  now(): number {
    if (!this.bounds) return Date.now()
    const passed = performance.now()
    if (passed - this.measured > HOLDS || Math.abs(apart() - this.apart) > PARTED) void this.measure()
    return passed + (this.bounds[0] + this.bounds[1]) / 2
  }

  /** Sends a request, and takes the date of its answer. */
  async asked(send: () => Promise<Response>): Promise<Response> {
    const sent = performance.now()
    const response = await send()
    const dated = Date.parse(response.headers.get('Date') ?? '')
    if (!Number.isNaN(dated)) this.take(dated, sent)
    return response
  }

  /** Each answer narrows the bounds, unless it contradicts them: then it alone is right. */
  private take(dated: number, sent: number): void {
    this.measured = performance.now()
    this.apart = apart()
    const [least, most] = [dated - this.measured, dated + RESOLUTION - sent]
    const before = this.bounds
    const agrees = before !== null && least <= before[1] && most >= before[0]
    this.bounds = agrees ? [Math.max(least, before[0]), Math.min(most, before[1])] : [least, most]
  }

  private async measure(): Promise<void> {
    if (this.asking) return
    this.asking = true
    await this.asked(this.ask).catch(() => undefined) // it is asked again
    window.setTimeout(() => {
      this.asking = false
    }, AGAIN)
  }
}

/** The one of this page: its own server is asked. */
export const serverClock = new ServerClock(() => fetch('config.json', { cache: 'no-store' }))

/** The wall clock less the one that only passes. */
const apart = (): number => Date.now() - performance.now()
