import { afterEach, describe, expect, it } from 'vitest'
import { ago, clock, codecNames, instant, number, share, stamp, stamps, title } from './format'

describe('numbers for people', () => {
  it('tell time', () => {
    expect(clock(187.9)).toBe('3:07')
    expect(clock(3723)).toBe('1:02:03')
    expect(instant(59.999)).toBe('1:00.00')
    expect(instant(7.25)).toBe('0:07.25')
  })

  it('tell shares with a digit more where they are small', () => {
    expect(share(0.094)).toBe('9.4 %')
    expect(share(0.24)).toBe('24 %')
  })

  it('tell how long ago something was', () => {
    const now = Date.UTC(2026, 2, 1, 12)
    const before = (seconds: number): string => ago(now - seconds * 1000, now)
    expect([-5, 59, 60, 7199, 90_000, 200_000, 5e7].map(before)).toEqual([
      'just now',
      'just now',
      '1 minute ago',
      '1 hour ago',
      'yesterday',
      '2 days ago',
      'last year',
    ])
  })

  it('call codecs by the names people use', () => {
    expect(codecNames('avc1.64001f,mp4a.40.2')).toBe('H.264, AAC')
    expect(codecNames('h264, vp8')).toBe('H.264, vp8')
  })

  it('quote what was read', () => {
    expect(title('FINAL LAP', 'text')).toBe('“FINAL LAP”')
    expect(title('Velox', 'logo')).toBe('Velox')
  })
})

describe('dates for people', () => {
  const zone = process.env['TZ']
  afterEach(() => {
    if (zone === undefined) delete process.env['TZ']
    else process.env['TZ'] = zone
  })

  it('can be told apart in the night when clocks go back', () => {
    process.env['TZ'] = 'Europe/Berlin'
    const twice = [Date.UTC(2026, 9, 25, 0, 30), Date.UTC(2026, 9, 25, 1, 30), Date.UTC(2026, 9, 26, 1, 30)]
    expect(twice.map((when) => stamp(when))[0]).toBe(stamp(twice[1] ?? 0))
    const [first, second, third] = stamps(twice)
    expect(first).toContain('GMT+2')
    expect(second).toContain('GMT+1')
    expect(third).not.toContain('GMT')
  })

  it('have the digits of the rest of the page', () => {
    expect(stamp(Date.UTC(2026, 9, 25, 12))).toMatch(/2026/)
    expect(number(1_234_567)).toBe('1,234,567')
  })
})
