import { describe, expect, it } from 'vitest'
import { cleanKey } from './secrets'

const KEY = 'sk_Ab-9.~x'

describe('a key as it was pasted', () => {
  it.each([
    ['a zero-width space', `${KEY}\u200b`],
    ['a byte order mark', `\ufeff${KEY}`],
    ['spaces and a line end', `\u00a0 ${KEY}\r\n`],
    ['a soft hyphen within', `${KEY.slice(0, 4)}\u00ad${KEY.slice(4)}`],
    ['a line that an editor broke', `${KEY.slice(0, 4)}\n${KEY.slice(4)}`],
    ['marks of direction', `\u2068${KEY}\u2069`],
    ['a variation selector', `${KEY}\ufe0f`],
    ['a combining joiner and a filler', `${KEY}\u034f\u3164`],
  ])('is the key without %s', (_, pasted) => {
    expect(cleanKey(pasted)).toBe(KEY)
  })

  it.each([
    ['a dash made long', `sk\u2013Ab`],
    ['a letter of another script', `sk_\u0410b`],
    ['half an emoji', `sk_\ud83d`],
    ['quotes made typographic', `\u201csk_Ab\u201d`],
  ])('is none with %s', (_, pasted) => {
    expect(cleanKey(pasted)).toBeNull()
  })

  it('is empty where nothing was pasted', () => {
    expect(cleanKey(' ')).toBe('')
  })
})
