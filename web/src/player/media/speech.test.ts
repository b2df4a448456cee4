import { describe, expect, it } from 'vitest'
import { toTranscript } from '../../data/documents/documents'
import type { Transcript } from '../../data/documents/model'
import { spokenCues, wordsOf } from './speech'

type Said = readonly (readonly [text: string, start: number, end: number])[]

function transcript(time: number, begins: number, said: Said, error: string | null = null): Transcript {
  const words = said.map(([text, start, end]) => ({ text, start, end, confidence: null }))
  const made = toTranscript(String(time), { media_time: time, begins, words, error })
  if (!made) throw new Error('no transcript')
  return made
}

const texts = (transcripts: readonly Transcript[]): string =>
  wordsOf(transcripts)
    .map(({ text }) => text)
    .join(' ')

describe('words at the border of two segments', () => {
  const first = transcript(0, 0, [
    ['say', 1, 1.4],
    ['hell', 1.7, 2],
  ])

  it('stand as they are until the next segment is there', () => {
    expect(texts([first])).toBe('say hell')
  })

  it('are taken from the segment that heard them whole', () => {
    expect(texts([first, transcript(2, 1.5, [['hello', 1.71, 2.2]])])).toBe('say hello')
  })

  it('come once, though the later one heard them a little earlier', () => {
    const second = transcript(2, 1.5, [
      ['say', 1.0, 1.41],
      ['hello', 1.71, 2.2],
    ])
    expect(texts([first, { ...second, begins: 1.1 }])).toBe('say hello')
  })

  it('stay where the later one failed, and go where it heard nothing', () => {
    expect(texts([first, transcript(2, 1.5, [], 'quota')])).toBe('say hell')
    expect(texts([first, transcript(2, 1.5, [])])).toBe('say')
  })
})

describe('captions of what is said', () => {
  const at = (start: number, ...words: string[]): Said =>
    words.map((word, n) => [word, start + n / 4, start + n / 4 + 0.2])

  it('hold a few words, and stay a little', () => {
    const [cue, ...others] = spokenCues([transcript(0, 0, at(1, 'good', 'evening', 'listeners'))])
    expect(others).toEqual([])
    expect(cue).toMatchObject({ from: 1, text: 'good evening listeners' })
    expect(cue?.to).toBeCloseTo(2.3)
  })

  it('name the speaker at each turn, where speakers are told apart', () => {
    const words = [
      { text: 'Good evening.', start: 1, end: 1.5, speaker: '1' },
      { text: 'Hello.', start: 1.6, end: 2, speaker: '2' },
      { text: 'Welcome.', start: 2.1, end: 2.5, speaker: '2' },
    ]
    const cues = spokenCues([{ ...transcript(0, 0, []), words }])
    expect(cues.map(({ text }) => text)).toEqual(['Speaker 1: Good evening.', 'Speaker 2: Hello. Welcome.'])
  })

  it('end where there is silence for a while, before the next begins', () => {
    const cues = spokenCues([transcript(0, 0, [...at(1, 'one'), ...at(2.1, 'two')])])
    expect(cues.map(({ from, text }) => `${from} ${text}`)).toEqual(['1 one', '2.1 two'])
    expect(cues[0]?.to).toBeLessThanOrEqual(2.1)
  })

  it('are short enough to be read', () => {
    const cues = spokenCues([transcript(0, 0, at(0, ...Array.from({ length: 40 }, () => 'word')))])
    expect(cues.length).toBeGreaterThan(1)
    for (const { from, to, text } of cues) {
      expect(text.length).toBeLessThanOrEqual(68)
      expect(to - from).toBeLessThan(6)
    }
  })

  it('are empty where nothing was said', () => {
    expect(spokenCues([transcript(0, 0, [])])).toEqual([])
    expect(spokenCues([])).toEqual([])
  })
})
