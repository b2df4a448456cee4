import { describe, expect, it } from 'vitest'
import { toFrame } from './documents/documents'
import type { Frame } from './documents/model'
import { providerProblems, sentence } from './provider-problems'

type Fields = Readonly<Record<string, unknown>>
const good = { provider: 'vision', error: null, detections: [] }
const failed = (code: string, message: string): Fields => ({ ...good, error: { code, message } })
const quota = failed('quota-exceeded', "Cloud Vision's quota is used up for now")
function frames(...analyses: readonly Fields[]): readonly Frame[] {
  return analyses.flatMap((one, at) => toFrame(String(at), { media_time: at, analyses: one }) ?? [])
}

describe('problems of providers', () => {
  it('are not reported where all is well, or nothing is known', () => {
    expect(providerProblems(frames({ logo: good, text: good }))).toEqual([])
    expect(providerProblems([])).toEqual([])
  })

  it('are told by their kinds together, each provider once', () => {
    const [found, ...others] = providerProblems(frames({ logo: quota, text: quota }))
    expect(others).toEqual([])
    expect(found).toMatchObject({ type: 'quota', kinds: ['logo', 'text'], provider: 'vision' })
    expect(found && sentence(found)).toContain(
      'The quota of Cloud Vision is used up for now: frames wait for their logo and text analysis',
    )
  })

  it('are over as soon as a newer frame was analysed', () => {
    expect(providerProblems(frames({ logo: quota }, { logo: good }))).toEqual([])
    expect(providerProblems(frames({ logo: quota }, {}))).toHaveLength(1)
  })

  it('say who looks in whose place', () => {
    const [found] = providerProblems(frames({ logo: { ...good, fallback_from: 'clip' } }))
    expect(found).toMatchObject({ type: 'degraded', provider: 'clip', instead: 'vision' })
    expect(found && sentence(found)).toBe(
      'CLIP rests after failures or for the day’s budget: Cloud Vision looks for logos instead until it is back.',
    )
  })

  it('know who is left alone from who fails', () => {
    const typeOf = (code: string): string | undefined =>
      providerProblems(frames({ logo: failed(code, 'why') }))[0]?.type
    expect(['resting', 'busy', 'unavailable'].map(typeOf)).toEqual(['resting', 'busy', 'failed'])
  })

  it('show what an earlier release wrote as it stands, whatever its words are', () => {
    const old = 'vision failed too often: left alone for some seconds'
    expect(providerProblems(frames({ logo: { ...good, error: old } }))[0]).toMatchObject({ type: 'failed', words: old })
  })
})
