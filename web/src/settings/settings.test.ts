import { describe, expect, it } from 'vitest'
import { changes, count, fieldOf, moved, NONE, over, patched, type Settings, without } from './settings'

const base: Settings = {
  kinds: ['logo', 'text'],
  providers: { logo: ['vision'], text: ['vision'] },
  threshold: { logo: 0.5, text: 0.5 },
  brands: [],
  sampling: { change: 0.001, calls_per_hour: 900 },
}

describe('settings', () => {
  it('win field by field, of objects key by key', () => {
    const own = { ...NONE, kinds: ['face'], threshold: { logo: 0.7 } }
    expect(over(own, base)).toEqual({ ...base, kinds: ['face'], threshold: { logo: 0.7, text: 0.5 } })
    expect(over(NONE, base)).toEqual(base)
  })

  it('are sent as what has changed, null for what is taken away', () => {
    const before = { ...NONE, threshold: { logo: 0.5, text: 0.6 }, sampling: { change: 0.1 } }
    const after = { ...NONE, kinds: ['logo'], threshold: { logo: 0.8 }, sampling: { change: 0.1 } }
    const patch = changes(before, after)
    expect(patch).toEqual({ kinds: ['logo'], threshold: { logo: 0.8, text: null } })
    expect(count(patch)).toBe(3)
    expect(patched(before, patch)).toEqual(after)
  })

  it('that are as they were are not sent', () => {
    expect(changes(base, { ...base, providers: { text: ['vision'], logo: ['vision'] } })).toEqual({})
  })

  it('that somebody else has set meanwhile stay', () => {
    const theirs = { ...base, threshold: { logo: 0.5, text: 0.9 } }
    const mine = changes(base, { ...base, threshold: { ...base.threshold, logo: 0.7 } })
    expect(patched(theirs, mine).threshold).toEqual({ logo: 0.7, text: 0.9 })
  })

  it('of an order of preference: one provider up, one down', () => {
    expect(moved(['a', 'b', 'c'], 2, -1)).toEqual(['a', 'c', 'b'])
    expect(moved(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c'])
  })

  it('fall back to what is below once they are taken away', () => {
    expect(over({ ...base, threshold: without({ logo: 0.9 }, 'logo') }, base).threshold.logo).toBe(0.5)
  })
})

describe('a refusal', () => {
  it.each([
    ["'sampling.minimum_interval' must not be longer than 'sampling.maximum_interval'", 'sampling.minimum_interval'],
    ["'settings.threshold.logo' must be a number from 0 to 1", 'threshold.logo'],
    ["unknown field 'settings.sampling.speed': expected", 'sampling.speed'],
    ['the configuration was changed meanwhile: read it and send this again', ''],
  ])('names its field: %s', (detail, field) => {
    expect(fieldOf(detail)).toBe(field)
  })
})
