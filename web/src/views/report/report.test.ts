import { describe, expect, it } from 'vitest'
import { dollars, elapsed } from '../../data/format'
import { itemName, quantity } from './items'
import type { Appearance } from './model'
import { lane, presence, sharesOverTime } from './series'

const box = (width: number, height: number) => ({ x: 0, y: 0, width, height })
const appearance = (label: string, from: number, to: number, track: Appearance['track'] = []): Appearance => ({
  id: `${label}${from}`,
  label,
  from,
  to,
  seconds: to - from,
  looks: 1,
  confidence: 1,
  share: { mean: 0, max: 0 },
  track,
})

describe('share of the screen over time', () => {
  it('is that of each place until the next, and of the last until the end', () => {
    const track = [
      { time: 2, box: box(0.5, 0.5) },
      { time: 4, box: box(0.1, 0.1) },
    ]
    const { times, byLabel } = sharesOverTime([appearance('nike', 2, 6, track)], ['nike'], 10, 5)
    expect(times).toEqual([1, 3, 5, 7, 9])
    expect(byLabel.get('nike')?.map((share) => Number(share.toFixed(6)))).toEqual([0, 0.25, 0.01, 0, 0])
  })

  it('adds up to the seconds for which it would have filled the screen, however cells fall', () => {
    const track = [
      { time: 1.3, box: box(0.5, 0.4) },
      { time: 2.9, box: box(0.2, 0.2) },
    ]
    const { byLabel } = sharesOverTime([appearance('a', 1.3, 7.77, track)], ['a'], 9, 7)
    const seconds = (byLabel.get('a') ?? []).reduce((sum, share) => sum + share * (9 / 7), 0)
    expect(seconds).toBeCloseTo(0.2 * 1.6 + 0.04 * 4.87, 6)
  })

  it('adds those that are there together, never beyond the whole screen', () => {
    const whole = [{ time: 0, box: box(1, 0.8) }]
    const { byLabel } = sharesOverTime([appearance('a', 0, 4, whole), appearance('a', 0, 2, whole)], ['a'], 4, 2)
    expect(byLabel.get('a')).toEqual([1, 0.8])
  })

  it('leaves out labels that were not asked for, and what lies beyond the end', () => {
    const { byLabel } = sharesOverTime(
      [appearance('b', 0, 9, [{ time: 0, box: box(1, 1) }]), appearance('a', 3, 9, [{ time: 3, box: box(1, 1) }])],
      ['a'],
      4,
      2,
    )
    expect([...byLabel]).toEqual([['a', [0, 0.5]]])
  })
})

describe('presence', () => {
  it('joins what overlaps or nearly touches, by label', () => {
    const found = presence(
      [appearance('a', 50, 60), appearance('a', 0, 10), appearance('a', 10.05, 20), appearance('b', 90, 120)],
      100,
    )
    expect(found.get('a')).toEqual([
      { from: 0, to: 0.2 },
      { from: 0.5, to: 0.6 },
    ])
    expect(found.get('b')).toEqual([{ from: 0.9, to: 1 }])
  })

  it('is drawn so that the shortest is seen, the last one within the lane', () => {
    expect(lane([{ from: 0.1, to: 0.2 }])).toBe('M100.0 0h100.0v1h-100.0z')
    expect(lane([{ from: 1, to: 1 }])).toBe('M998.0 0h2.0v1h-2.0z')
  })
})

describe('words and figures', () => {
  it('name the lines of a bill', () => {
    expect(itemName('vision.logo')).toBe('Cloud Vision, logo')
    expect(itemName('firestore.reads')).toBe('Firestore, reads')
    expect(itemName('something.new')).toBe('something.new')
  })

  it('have as many digits as say something', () => {
    expect([0, 0.000123, 0.0512, 5.4, 1234.5].map(dollars)).toEqual([
      '$0.00',
      '$0.00012',
      '$0.051',
      '$5.40',
      '$1234.50',
    ])
    expect([0, 0.00213, 1.25, 1234.5].map(quantity)).toEqual(['0', '0.0021', '1.25', '1,235'])
    expect([0, 340, 1234, 48_000, 180_000, 7_200_000].map(elapsed)).toEqual([
      '0 ms',
      '340 ms',
      '1.2 s',
      '48 s',
      '3 min',
      '2 h',
    ])
  })
})
