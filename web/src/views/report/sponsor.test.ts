import { describe, expect, it } from 'vitest'
import { audienceOf, momentOf } from './sponsor'

describe('the audience', () => {
  it('is read from a CSV file by media time or by the clock, as spreadsheets write it', () => {
    expect(audienceOf('\uFEFFtime,viewers\r\n0,1000\r\n60.5,"2500"\r\n')).toEqual([
      { viewers: 1000, at: null, time: 0 },
      { viewers: 2500, at: null, time: 60.5 },
    ])
    expect(audienceOf('Viewers;At\n7;2026-11-30T12:00:00+01:00')).toEqual([
      { viewers: 7, at: '2026-11-30T11:00:00.000Z', time: null },
    ])
  })

  it('is refused in words', () => {
    expect(() => audienceOf('viewers\n7')).toThrow('names the columns')
    expect(() => audienceOf('time,viewers\n1,2\nsoon,2')).toThrow('Line 3')
    expect(() => audienceOf('time,viewers\n1,-2')).toThrow('Line 2')
  })
})

it('leads to a moment of the player', () => {
  expect(momentOf({ stream: 'cup', session: 's1' }, 12.5)).toBe('?stream=cup&session=s1&t=12.500')
})
