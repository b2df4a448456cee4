import { describe, expect, it } from 'vitest'
import { fingerprint, typeOf } from './begin'
import { answerOf, contentRange, nextByte, PIECE } from './resumable'
import { Speed } from './speed'

describe('what Cloud Storage answers', () => {
  it('says how far it got, or that it is done', () => {
    expect(answerOf(308, 'bytes=0-262143')).toEqual({ is: 'more', next: 262_144 })
    expect(answerOf(308, null)).toEqual({ is: 'more', next: 0 })
    expect(answerOf(200, null)).toEqual({ is: 'done' })
  })

  it('may pass, be final, or mean that the session is gone', () => {
    expect([0, 408, 429, 500, 503].map((status) => answerOf(status, null).is)).toEqual(Array(5).fill('wait'))
    expect([404, 410].map((status) => answerOf(status, null).is)).toEqual(['gone', 'gone'])
    expect(answerOf(403, null)).toEqual({ is: 'refused', status: 403 })
  })

  it('is not believed where it is malformed', () => {
    expect(nextByte('bytes=5-9')).toBe(0)
    expect(nextByte('bytes 0-9')).toBe(0)
  })
})

describe('a piece', () => {
  it('is a multiple of 256 KiB', () => {
    expect(PIECE % (256 << 10)).toBe(0)
  })

  it('names its bytes; without one, it asks', () => {
    expect(contentRange(0, 10, 25)).toBe('bytes 0-9/25')
    expect(contentRange(20, 25, 25)).toBe('bytes 20-24/25')
    expect(contentRange(0, 0, 25)).toBe('bytes */25')
  })
})

describe('the type of a file', () => {
  it('follows its ending, for systems disagree', () => {
    expect(typeOf({ name: 'a.ts', type: 'text/vnd.trolltech.linguist' })).toBe('video/mp2t')
    expect(typeOf({ name: 'A.MKV', type: '' })).toBe('video/x-matroska')
    expect(typeOf({ name: 'picture', type: 'image/png' })).toBe('image/png')
    expect(typeOf({ name: 'what', type: '' })).toBe('application/octet-stream')
  })
})

describe('the speed', () => {
  it('is that of the last seconds', () => {
    const speed = new Speed(1000)
    for (let at = 0; at <= 5000; at += 20) speed.add(at, at < 4000 ? 0 : (at - 4000) * 2)
    expect(speed.perSecond).toBeGreaterThan(1800)
    expect(speed.perSecond).toBeLessThan(2100)
  })

  it('is not known at first, nor after a piece began again', () => {
    const speed = new Speed()
    speed.add(0, 0)
    expect(speed.perSecond).toBe(0)
    speed.add(1000, 500)
    expect(speed.perSecond).toBe(500)
    speed.add(1100, 0)
    expect(speed.perSecond).toBe(0)
  })
})

describe('the fingerprint of a file', () => {
  const made = (text: string, lastModified = 5) => new File([text], 'a.mp4', { lastModified })

  it('is the same for the same file, and 64 digits', async () => {
    expect(await fingerprint(made('film'))).toMatch(/^[0-9a-f]{64}$/)
    expect(await fingerprint(made('film'))).toBe(await fingerprint(made('film')))
  })

  it('differs by what is at either end, by size and by time', async () => {
    const middle = 'm'.repeat(3 << 20)
    const files = [
      made(`a${middle}z`),
      made(`b${middle}z`),
      made(`a${middle}y`),
      made(`a${middle}mz`),
      made(`a${middle}z`, 6),
    ]
    expect(new Set(await Promise.all(files.map(fingerprint))).size).toBe(files.length)
  })
})
