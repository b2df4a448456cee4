import { describe, expect, it, vi } from 'vitest'
import { toFrame, toStream } from '../../data/documents/documents'
import type { Stream } from '../../data/documents/model'
import { idOf, wrongId, wrongName } from '../../data/stream-identity'
import { counts, matching, ordered, toGroup } from '../../data/stream-list'
import { Slots } from '../../player/media/slots'
import { glance } from './glance'

const stream = (id: string, state: string, over: object = {}): Stream => toStream(id, { state, ...over })
const at = (seconds: number): object => ({ seconds, nanoseconds: 0 })
const NONE: ReadonlySet<string> = new Set()

describe('ids', () => {
  it('are made of a name, readable, and free', () => {
    expect(idOf('Velodrome, camera 2', NONE)).toBe('velodrome-camera-2')
    expect(idOf(' Übertragung Café ', NONE)).toBe('ubertragung-cafe')
    expect(idOf('東京', NONE)).toBe('stream')
    expect(idOf('Main', new Set(['main', 'main-2']))).toBe('main-3')
  })

  it('that are made pass, however long the name is', () => {
    for (const name of ['x'.repeat(300), `${'a'.repeat(39)}, ${'b'.repeat(9)}`, '---', '!']) {
      expect(wrongId(idOf(name, NONE), NONE)).toBe('')
    }
  })

  it('are refused as the API refuses them, with what is wrong', () => {
    expect(wrongId('', NONE)).toMatch(/needs an id/)
    expect(wrongId('Studio', NONE)).toMatch(/a to z/)
    expect(wrongId('-studio', NONE)).toMatch(/begins and ends/)
    expect(wrongId('a'.repeat(64), NONE)).toMatch(/at most 63/)
    expect(wrongId('studio', new Set(['studio']))).toMatch(/is taken/)
    expect(wrongId('a'.repeat(63), NONE)).toBe('')
    expect(wrongId('a', NONE)).toBe('')
  })

  it('go with a name of 1 to 200 characters, as people count them', () => {
    expect(wrongName('  ')).toMatch(/Give the stream a name/)
    expect(wrongName('🚲'.repeat(200))).toBe('')
    expect(wrongName('🚲'.repeat(201))).toMatch(/at most 200/)
  })
})

describe('the wall', () => {
  const streams = [
    stream('old', 'ended', { last_segment_at: at(10) }),
    stream('new', 'idle'),
    stream('waits', 'reconnecting', { last_segment_at: at(30) }),
    stream('recent', 'error', { last_segment_at: at(20) }),
    stream('zebra', 'live', { last_segment_at: at(99) }),
    stream('arena', 'live', { last_segment_at: at(40), name: 'Arena', source: 'OBS' }),
  ]

  it('has live ones first, by name, then those that wait, then the others by when they were last live', () => {
    expect(ordered(streams).map(({ id }) => id)).toEqual(['arena', 'zebra', 'waits', 'recent', 'old', 'new'])
  })

  it('finds every word in name, id or source', () => {
    expect(matching(streams, 'obs AREN').map(({ id }) => id)).toEqual(['arena'])
    expect(matching(streams, 'obs zebra')).toEqual([])
    expect(matching(streams, ' ')).toHaveLength(6)
  })

  it('counts its groups, and knows those that an address may name', () => {
    expect(counts(streams)).toEqual({ live: 3, ended: 1, idle: 1, error: 1 })
    expect(['ended', 'nonsense', 'toString', null].map(toGroup)).toEqual(['ended', null, null, null])
  })
})

describe('a glance', () => {
  const seen = (label: string, confidence: number): object => ({ label, confidence })
  const made = (time: number, fields: object) => {
    const frame = toFrame(String(time), { media_time: time, ...fields })
    if (!frame) throw new Error('no frame')
    return frame
  }

  it('is the newest picture, and the labels of the newest frame that was analysed', () => {
    const logo = { detections: [seen('Velox', 0.5), seen('Velox', 0.9), seen('Nordlys', 0.7)] }
    const text = { detections: [seen('Velox', 0.8)] }
    const { picture, labels } = glance([
      made(1, { snapshot: 'one', analyses: { logo: { detections: [seen('Old', 1)] } } }),
      made(2, { snapshot: 'two', analyses: { logo, text } }),
      made(3, { snapshot: 'three', analyses: { logo: { detections: [], error: 'quota' } } }),
      made(4, {}),
    ])
    expect(picture?.snapshot).toBe('three')
    expect(labels.map(({ label, kind, confidence }) => [kind, label, confidence])).toEqual([
      ['logo', 'Velox', 0.9],
      ['text', 'Velox', 0.8],
      ['logo', 'Nordlys', 0.7],
    ])
  })

  it('of nothing is nothing', () => {
    expect(glance([])).toEqual({ picture: null, labels: [] })
  })
})

describe('slots', () => {
  it('let so many play, and the next one when one leaves', () => {
    const slots = new Slots(2)
    const holders = [1, 2, 3, 4].map(() => ({ granted: vi.fn<() => void>() }))
    const [first, second, third, fourth] = holders as [Holding, Holding, Holding, Holding]
    for (const holder of holders) slots.enter(holder)
    slots.enter(first)
    expect(holders.map(({ granted }) => granted.mock.calls.length)).toEqual([1, 1, 0, 0])
    slots.leave(third)
    slots.leave(second)
    slots.leave(second)
    expect(holders.map(({ granted }) => granted.mock.calls.length)).toEqual([1, 1, 0, 1])
    slots.enter(second)
    slots.leave(fourth)
    expect(second.granted).toHaveBeenCalledTimes(2)
  })
})

type Holding = { granted: ReturnType<typeof vi.fn<() => void>> }
