import { describe, expect, it } from 'vitest'
import { toFrame } from '../../data/documents/documents'
import { ANY, filterOf, instantOf, localOf, parameters, tagOf, utcOf, wanted } from './filter'
import { layout, stepped, visible } from './rows'
import { momentOf, pathOf, toSnapshot } from './snapshot'

const found = (label: string, confidence: number): object => ({ label, confidence, box: null })
const DOCUMENT = {
  media_time: 12.48,
  program_date_time: { seconds: 1000, nanoseconds: 250_400_000 },
  analyses: {
    logo: { provider: 'vision', detections: [found('Velox', 0.7), found('VELOX', 0.95), found('Nordal', 0.9)] },
    text: { provider: 'vision', detections: [found('velox', 0.8)] },
    object: { provider: 'vision', detections: [found('velox', 0.99)], error: 'quota' },
  },
}
const frame = toFrame('0000012480', DOCUMENT)
if (!frame) throw new Error('no frame')

describe('the filter', () => {
  it('comes from the address and goes back into it', () => {
    const filter = {
      ...ANY,
      stream: 'lobby',
      label: 'Velox',
      kind: 'logo',
      confidence: 0.8,
      from: '2026-03-01T11:00:00Z',
    }
    const query = new URLSearchParams(
      Object.entries(parameters(filter)).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
    )
    expect(filterOf(query)).toEqual(filter)
    expect(Object.values(parameters(ANY))).toEqual([null, null, null, null, null, null])
  })

  it('takes for any what the address says wrong', () => {
    expect(filterOf(new URLSearchParams('confidence=7&from=tomorrow'))).toEqual(ANY)
    expect(instantOf('2026-03-01T12:00')).toBe(new Date(2026, 2, 1, 12).getTime())
  })

  it('means the same instants in every zone, and both hours of the night when clocks go back', () => {
    const zone = process.env['TZ']
    try {
      const instants = ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z', '2026-07-01T10:00:05Z']
      for (const [name, locals] of [
        ['Europe/Berlin', ['2026-10-25T02:30', '2026-10-25T02:30', '2026-07-01T12:00:05']],
        ['America/New_York', ['2026-10-24T20:30', '2026-10-24T21:30', '2026-07-01T06:00:05']],
      ] as const) {
        process.env['TZ'] = name
        expect(instants.map((at) => filterOf(new URLSearchParams({ from: at })).from)).toEqual(instants)
        expect(instants.map(localOf)).toEqual(locals)
        expect(utcOf('2026-07-01T12:00')).toBe(new Date(2026, 6, 1, 12).toISOString().replace('.000Z', 'Z'))
      }
    } finally {
      if (zone === undefined) delete process.env['TZ']
      else process.env['TZ'] = zone
    }
  })

  it('is one tag, as frames carry it', () => {
    expect(tagOf(ANY)).toBe(':')
    expect(tagOf({ ...ANY, kind: 'logo' })).toBe('logo:')
    expect(tagOf({ ...ANY, label: ' Velox ' })).toBe(':velox')
    expect(tagOf({ ...ANY, kind: 'text', label: 'x'.repeat(90) })).toBe(`text:${'x'.repeat(80)}`)
  })

  it('decides what of a frame is wanted, surest first, and nothing of what failed', () => {
    const confidences = (filter: object): number[] => wanted(frame, { ...ANY, ...filter }).map((one) => one.confidence)
    expect(confidences({})).toEqual([0.95, 0.9, 0.8, 0.7])
    expect(confidences({ label: 'velox' })).toEqual([0.95, 0.8, 0.7])
    expect(confidences({ label: 'velox', kind: 'logo', confidence: 0.9 })).toEqual([0.95])
    expect(confidences({ kind: 'object' })).toEqual([])
  })
})

describe('a snapshot', () => {
  const path = 'streams/lobby/sessions/s1/frames/0000012480'

  it('knows its stream, its session and its instant', () => {
    const snapshot = toSnapshot(path, DOCUMENT)
    expect(snapshot).toMatchObject({ id: 'lobby/s1/0000012480', stream: 'lobby', session: 's1' })
    expect(snapshot?.wall).toBeCloseTo(1_000_250.4, 3)
    expect(snapshot && momentOf(snapshot)).toBe('?stream=lobby&session=s1&t=12.480')
    expect(pathOf('lobby/s1/0000012480')).toBe(path)
  })

  it('is null without its time, or with a name of too few parts', () => {
    expect(toSnapshot(path, { media_time: 1 })).toBeNull()
    expect([pathOf(''), pathOf('lobby/s1'), pathOf('a/b/c/d'), pathOf('a//c')]).toEqual([null, null, null, null])
  })
})

describe('the grid', () => {
  const wide = layout(1000, 1400)

  it('has as many columns as fit, and two on a phone', () => {
    expect(wide.columns).toBe(6)
    expect(layout(10, 366).columns).toBe(2)
  })

  it('needs only the rows near the screen to exist', () => {
    const [first, last] = visible(wide, 10_000, 10_900)
    expect(last - first).toBeLessThan(100)
    expect(first % wide.columns).toBe(0)
    expect(first / wide.columns).toBeLessThanOrEqual(10_000 / wide.row)
    expect(last / wide.columns).toBeGreaterThanOrEqual(10_900 / wide.row)
    expect(visible(layout(0, 1400), 0, 900)).toEqual([0, 0])
  })

  it('is walked with arrow keys, and not left', () => {
    expect(stepped('ArrowDown', 3, 20, wide)).toBe(9)
    expect(stepped('ArrowDown', 17, 20, wide)).toBe(17)
    expect(stepped('ArrowLeft', 0, 20, wide)).toBe(0)
    expect(stepped('End', 3, 20, wide)).toBe(19)
    expect(stepped('x', 3, 20, wide)).toBeNull()
  })
})
