import { describe, expect, it } from 'vitest'
import type { Box } from '../../data/documents/model'
import { Easing } from './easing'
import type { Shown } from './timeline'

const FRAME = 1 / 30
const at = (x: number, label = 'Velox'): Shown => {
  const box: Box = { x, y: 0.5, width: 0.1, height: 0.1 }
  return { label, kind: 'logo', confidence: 0.9, box } as unknown as Shown
}
const xs = (shown: readonly Shown[]): readonly number[] => shown.map(({ box }) => Number(box?.x.toFixed(4)))
const never = (): readonly Shown[] => {
  throw new Error('asked again without need')
}

describe('a correction of what is being drawn', () => {
  it('is eased to over 150 ms of media time', () => {
    const easing = new Easing()
    easing.ease(1, [at(0.3)], 1, never)
    // It is known now that it was at 0.2 then.
    expect(xs(easing.ease(1 + FRAME, [at(0.2)], 2, () => [at(0.2)]))).toEqual([0.2778])
    expect(xs(easing.ease(1 + 2 * FRAME, [at(0.2)], 2, never))).toEqual([0.2556])
    expect(xs(easing.ease(1 + 5 * FRAME, [at(0.2)], 2, never))).toEqual([0.2])
  })

  it('is eased to while the thing goes on moving', () => {
    const easing = new Easing()
    easing.ease(0, [at(0.3)], 1, never)
    expect(xs(easing.ease(0.075, [at(0.25)], 2, () => [at(0.2)]))).toEqual([0.3])
  })

  it('goes on from where it was drawn when another comes before it is done', () => {
    const easing = new Easing()
    easing.ease(0, [at(0.3)], 1, never)
    easing.ease(0.075, [at(0.2)], 2, () => [at(0.2)]) // drawn at 0.25
    expect(xs(easing.ease(0.075, [at(0.4)], 3, () => [at(0.4)]))).toEqual([0.25])
    expect(xs(easing.ease(0.15, [at(0.4)], 3, never))).toEqual([0.325])
  })

  it('leaves alone what was right, what is new, and what has gone', () => {
    const easing = new Easing()
    easing.ease(0, [at(0.3), at(0.8, 'Nordlys')], 1, never)
    expect(xs(easing.ease(FRAME, [at(0.3), at(0.6, 'Arcta')], 2, () => [at(0.3), at(0.6, 'Arcta')]))).toEqual([
      0.3, 0.6,
    ])
  })

  it('is jumped to after a seek, and after a rest', () => {
    const easing = new Easing()
    easing.ease(5, [at(0.3)], 1, never)
    expect(xs(easing.ease(2, [at(0.2)], 2, never))).toEqual([0.2])
    easing.reset()
    expect(xs(easing.ease(2 + FRAME, [at(0.1)], 3, never))).toEqual([0.1])
  })

  it('changes nothing where there is no news, to the last digit', () => {
    const easing = new Easing()
    const first = [at(0.1)]
    const second = [at(0.9)]
    expect(easing.ease(0, first, 1, never)).toBe(first)
    expect(easing.ease(FRAME, second, 1, never)).toBe(second)
  })
})
