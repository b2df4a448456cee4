import { describe, expect, it } from 'vitest'
import { hueOf } from './colors'
import { contain, shapeOf } from './paint'

describe('contain', () => {
  it('leaves bars at the sides of a picture that is narrower', () => {
    expect(contain({ width: 400, height: 300 }, { width: 1600, height: 900 })).toEqual({
      x: 200,
      y: 0,
      width: 1200,
      height: 900,
    })
  })

  it('leaves bars above and below a picture that is wider', () => {
    expect(contain({ width: 1600, height: 800 }, { width: 800, height: 600 })).toEqual({
      x: 0,
      y: 100,
      width: 800,
      height: 400,
    })
  })

  it('takes the whole box while the picture has no size yet', () => {
    expect(contain({ width: 0, height: 0 }, { width: 8, height: 6 })).toEqual({ x: 0, y: 0, width: 8, height: 6 })
  })
})

describe('the hue of a label', () => {
  it('is always the same, and does not depend on capitals', () => {
    expect(hueOf('Velox')).toBe(hueOf('velox'))
  })

  it('spreads similar names over the circle', () => {
    const hues = new Set(Array.from({ length: 36 }, (_, at) => Math.floor(hueOf(`brand ${at}`) / 30)))
    expect(hues.size).toBeGreaterThanOrEqual(10)
  })
})

describe('the outline of a thing', () => {
  const box = { x: 100, y: 50, width: 200, height: 100 }

  it('is its box where its corners are unknown, or upright in any order', () => {
    const upright = [
      { x: 1, y: 0.02 },
      { x: 1, y: 1 },
      { x: 0, y: 1 },
      { x: -0.03, y: 0 },
    ]
    expect(shapeOf(box, undefined)).toEqual(box)
    expect(shapeOf(box, upright)).toEqual(box)
  })

  it('has its corners where it leans, and they move and grow with the box', () => {
    const leaning = [
      { x: 0, y: 0 },
      { x: 1, y: 0.5 },
      { x: 1, y: 1 },
      { x: 0, y: 0.7 },
    ]
    expect(shapeOf(box, leaning)).toEqual([
      { x: 100, y: 50 },
      { x: 300, y: 100 },
      { x: 300, y: 150 },
      { x: 100, y: 120 },
    ])
  })
})
