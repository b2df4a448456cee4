import { describe, expect, it } from 'vitest'
import { toFrame } from '../../data/documents/documents'
import type { Frame } from '../../data/documents/model'
import { cuesOf, escaped } from './cues'

function frame(time: number, texts: readonly string[] | null, error: string | null = null): Frame {
  const detections = (texts ?? []).map((label, at) => ({
    label,
    kind: 'text',
    confidence: 0.9,
    box: { x: 0.1, y: 0.9 - at / 10, width: 0.2, height: 0.05 },
  }))
  const made = toFrame(String(time), { media_time: time, analyses: texts ? { text: { detections, error } } : {} })
  if (!made) throw new Error('no frame')
  return made
}

describe('captions of the text on the picture', () => {
  it('last as long as the text stays, lines from top to bottom', () => {
    const frames = [frame(0, ['2', '1']), frame(1, ['2', '1']), frame(2, []), frame(3, ['FINAL LAP'])]
    expect(cuesOf(frames)).toEqual([
      { from: 0, to: 2, text: '1\n2' },
      { from: 3, to: 5, text: 'FINAL LAP' },
    ])
  })

  it('go on over frames that were not read', () => {
    expect(cuesOf([frame(0, ['a']), frame(1, null), frame(2, [], 'quota'), frame(3, ['a']), frame(4, [])])).toEqual([
      { from: 0, to: 4, text: 'a' },
    ])
  })

  it('are empty where nothing was read', () => {
    expect(cuesOf([frame(0, []), frame(1, null)])).toEqual([])
  })

  it('hold no tags', () => {
    expect(escaped('<b>R&D</b>')).toBe('&lt;b>R&amp;D&lt;/b>')
  })
})
