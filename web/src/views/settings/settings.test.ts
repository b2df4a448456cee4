import { describe, expect, it } from 'vitest'
import { toSegment, toStream } from '../../data/documents/documents'
import type { Segment } from '../../data/documents/model'
import { rate, withVideo } from '../../data/gate-reads'
import { changes, count, fieldOf, moved, NONE, over, patched, type Settings, without } from '../../data/settings'
import { shown, stored } from './explained'

const base: Settings = {
  kinds: ['logo', 'text'],
  providers: { logo: ['vision'], text: ['vision'] },
  threshold: { logo: 0.5, text: 0.5 },
  brands: [],
  sampling: { change: 0.001, calls_per_hour: 900 },
  speech: { enabled: false, languages: ['en-US'] },
  words: {},
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

  it('of speech are switched off for one, in the languages of all', () => {
    const all: Settings = { ...base, speech: { enabled: true, languages: ['de-DE'] } }
    expect(over({ ...NONE, speech: { enabled: false } }, all).speech).toEqual({ enabled: false, languages: ['de-DE'] })
    expect(changes(all, { ...all, speech: { enabled: true } })).toEqual({ speech: { languages: null } })
  })

  it('that are as they were are not sent', () => {
    expect(changes(base, { ...base, providers: { text: ['vision'], logo: ['vision'] } })).toEqual({})
  })

  it('that another operator has set meanwhile stay', () => {
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

describe('what the gate did', () => {
  const fields = { media_time: 4, duration: 2, looked_at: 10, frames: [4200], motion: 0.2, gate: { revision: 'r' } }

  it('is read from segments, whatever is missing', () => {
    const read = { id: '2', time: 4, end: 6, looks: 10, kept: 1, motion: 0.2, revision: 'r' }
    expect(toSegment('2', fields)).toMatchObject(read)
    expect(toSegment('2', { media_time: 4, duration: 2 })).toMatchObject({
      ...read,
      looks: 0,
      kept: 0,
      motion: 0,
      revision: '',
    })
    expect(toSegment('2', { media_time: 4 })).toBeNull()
  })

  it('is told as frames an hour', () => {
    const one = toSegment('2', fields) as Segment
    expect(rate([one, { ...one, kept: 0 }])).toEqual({ seconds: 4, looks: 20, kept: 1, perHour: 900 })
    expect(rate([])).toBeNull()
  })

  it('is looked for in streams that have been sent, live ones first', () => {
    const stream = (id: string, over: object) => toStream(id, { state: 'ended', session: 's', ...over })
    const all = [stream('a', {}), stream('b', { session: null }), stream('c', { state: 'live' })]
    expect(withVideo(all).map(({ id }) => id)).toEqual(['c', 'a'])
    expect(withVideo(null)).toEqual([])
  })
})

describe('numbers', () => {
  it('are shown in percent and stored as shares, without dust', () => {
    expect(shown(0.001, 100)).toBe(0.1)
    expect(stored(0.07, 100)).toBe(0.0007)
    expect(stored(shown(0.29, 100), 100)).toBe(0.29)
  })
})
