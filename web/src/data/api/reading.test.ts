import type { ReactiveControllerHost } from 'lit'
import { describe, expect, it, vi } from 'vitest'
import { ApiError } from './api'
import { Reading } from './reading'

function host(): ReactiveControllerHost {
  return {
    addController: vi.fn(),
    removeController: vi.fn(),
    requestUpdate: vi.fn(),
    updateComplete: Promise.resolve(true),
  }
}

describe('what the API is asked', () => {
  it('is asked when its element is on the page', async () => {
    const element = host()
    const reading = new Reading(element, async () => 7)
    expect(element.addController).toHaveBeenCalledWith(reading)
    expect(reading.value).toBeNull()
    reading.hostConnected()
    await vi.waitFor(() => expect(reading.value).toBe(7))
    expect(element.requestUpdate).toHaveBeenCalled()
  })

  it('keeps its answer while another one is refused, and says why', async () => {
    let answers = 0
    const reading = new Reading(host(), async () => {
      answers += 1
      if (answers === 2) throw new ApiError(503, 'Unavailable', 'away')
      return answers
    })
    await reading.again()
    await reading.again()
    expect([reading.value, reading.problem?.message]).toEqual([1, 'away'])
    await reading.again()
    expect([reading.value, reading.problem]).toEqual([3, null])
  })
})
