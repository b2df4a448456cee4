import { describe, expect, it } from 'vitest'
import { toFrame, toSession, toStream } from '../../data/documents/documents'
import type { Frame, Session, Stream } from '../../data/documents/model'
import { Filter } from '../../player/overlay/filter'
import { playlistOf } from '../../player/session/playlist'
import { facts, nothingYet, startOf } from './watch-text'

const stream: Stream = toStream('s', { state: 'live' })
function session(fields: object): Session {
  const made = toSession('one', { started: { seconds: 1, nanoseconds: 0 }, playlist: 'index', ...fields })
  if (!made) throw new Error('no session')
  return made
}
function frames(...found: readonly (readonly string[] | null)[]): readonly Frame[] {
  return found.flatMap((labels, at) => {
    const detections = labels?.map((label) => ({ label, confidence: 0.9 }))
    return toFrame(String(at), { media_time: at, analyses: detections ? { logo: { detections } } : {} }) ?? []
  })
}

describe('words of the Watch view', () => {
  it('begin where the address says, if it says a time', () => {
    expect(startOf(new URLSearchParams('t=12.345'))).toBe(12.345)
    expect(startOf(new URLSearchParams('t=0'))).toBe(0)
    for (const nonsense of ['', 't=', 't=-1', 't=soon', 't=Infinity']) {
      expect(startOf(new URLSearchParams(nonsense))).toBeNull()
    }
  })

  it('play the recording once there is one', () => {
    const ended = { seconds: 9, nanoseconds: 0 }
    expect(playlistOf(null)).toBe('')
    expect(playlistOf(session({ vod: 'vod' }))).toBe('index')
    expect(playlistOf(session({ ended }))).toBe('index')
    expect(playlistOf(session({ ended, vod: 'vod' }))).toBe('vod')
  })

  it('tell what is known of the picture', () => {
    expect(facts(session({ width: 1280, height: 720, fps: 29.97003 }))).toBe('1280 × 720 · 29.97 fps')
    expect(facts(session({}))).toBe('')
  })

  it('say why no detection is listed', () => {
    const all = new Filter()
    expect(nothingYet(stream, [], all)).toBe('No frame has been sampled yet.')
    expect(nothingYet(stream, frames(null), all)).toContain('their analysis is under way')
    expect(nothingYet(stream, frames([]), all)).toContain('Nothing was found on the one frame')
    expect(nothingYet(stream, frames(['Velox'], []), all.toggleKind('logo'))).toContain('is hidden by the filters')
    expect(nothingYet(stream, frames([], []), all.toggleKind('logo'))).toContain('Nothing was found on the 2 frames')
  })
})
