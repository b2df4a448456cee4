import { describe, expect, it } from 'vitest'
import { changesOf, spoken, toEntry } from './entry'

const AT = { seconds: 1_770_000_000, nanoseconds: 0 }

describe('an entry of the audit log', () => {
  it('says which fields changed, and how', () => {
    const entry = toEntry('1', {
      at: AT,
      who: 'm1',
      action: 'streams.change',
      before: { name: 'Old', viewers: ['a'] },
      after: { name: 'New', viewers: ['a'] },
    })
    expect(entry?.changes).toEqual([{ field: 'name', before: '"Old"', after: '"New"' }])
  })

  it('says what came and what went', () => {
    expect(changesOf({ a: 1 }, { b: null })).toEqual([
      { field: 'a', before: '1', after: '' },
      { field: 'b', before: '', after: 'null' },
    ])
  })

  it('waits for its time, and takes what is missing as empty', () => {
    expect(toEntry('1', {})).toBeNull()
    expect(toEntry('1', { at: AT })).toMatchObject({ who: '', target: '', changes: [] })
  })

  it('names its action in words', () => {
    expect(spoken('streams.rotate_key')).toBe('streams rotate key')
  })
})
