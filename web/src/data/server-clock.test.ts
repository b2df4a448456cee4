import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ServerClock } from './server-clock'

const SERVER = Date.parse('2026-05-04T12:00:00Z')
const HOUR = 3_600_000

describe('the server’s clock', () => {
  /** Its time when the test began, less that of this machine. */
  let ahead = 0
  let asked = 0
  let answers: () => Promise<Response>
  const dated = (): Response => new Response('', { headers: { Date: new Date(Date.now() + ahead).toUTCString() } })
  const made = (): ServerClock =>
    new ServerClock(() => {
      asked += 1
      return answers()
    })

  /** This machine is `fast` (ms) before the server. */
  function machine(fast: number): void {
    vi.useFakeTimers({ now: SERVER + fast })
    ahead = -fast
  }

  beforeEach(() => {
    vi.stubGlobal('window', globalThis)
    asked = 0
    answers = async () => dated()
  })

  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  it.each([
    ['right', 0],
    ['ten minutes fast', 600_000],
    ['two hours slow', -2 * HOUR],
  ])('is known from one answer where the viewer’s is %s', async (_, fast) => {
    machine(fast)
    const clock = made()
    expect(clock.now()).toBe(SERVER + fast)
    await clock.asked(async () => dated())
    expect(Math.abs(clock.now() - SERVER)).toBeLessThanOrEqual(500)
    vi.advanceTimersByTime(90_000)
    expect(Math.abs(clock.now() - SERVER - 90_000)).toBeLessThanOrEqual(500)
    expect(asked).toBe(0)
  })

  it('is known closer with each answer', async () => {
    machine(600_000)
    const clock = made()
    for (const _ of Array(20)) {
      await clock.asked(async () => dated())
      vi.advanceTimersByTime(1130)
    }
    expect(Math.abs(clock.now() - SERVER - 20 * 1130)).toBeLessThan(60)
  })

  it('is not moved by an answer that took long, nor by one without a date', async () => {
    machine(0)
    const clock = made()
    await clock.asked(async () => dated())
    await clock.asked(async () => {
      vi.advanceTimersByTime(5000)
      return dated()
    })
    await clock.asked(async () => new Response(''))
    expect(Math.abs(clock.now() - SERVER - 5000)).toBeLessThanOrEqual(500)
  })

  it('asks the server again when the viewer’s clock was set, or the machine slept', async () => {
    machine(0)
    const clock = made()
    await clock.asked(async () => dated())
    vi.setSystemTime(SERVER + HOUR) // nothing passed, for performance.now()
    answers = async () => Promise.reject(new TypeError('Failed to fetch'))
    clock.now()
    await vi.advanceTimersByTimeAsync(4999)
    clock.now()
    expect(asked).toBe(1)
    await vi.advanceTimersByTimeAsync(1)
    answers = async () => dated()
    clock.now()
    await vi.advanceTimersByTimeAsync(5000)
    expect(asked).toBe(2)
    expect(Math.abs(clock.now() - SERVER - HOUR - 10_000)).toBeLessThanOrEqual(500)
    expect(asked).toBe(2)
  })

  it('asks the server again each hour', async () => {
    machine(0)
    const clock = made()
    await clock.asked(async () => dated())
    vi.advanceTimersByTime(HOUR + 1)
    clock.now()
    await vi.advanceTimersByTimeAsync(0)
    expect(asked).toBe(1)
  })
})
