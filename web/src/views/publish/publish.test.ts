import { describe, expect, it } from 'vitest'
import { chooseFormat, LEAST_BITS, lower } from './format'
import { liveUrl } from './live-socket'
import { captureProblem, isPassing, refusalSentence } from './problems'

describe('the format', () => {
  it('is H.264 in Matroska where it can be had, for ingest copies it', () => {
    expect(chooseFormat(() => true)?.mimeType).toBe('video/x-matroska;codecs=avc1,opus')
  })

  it('is VP8 in WebM where H.264 cannot be recorded', () => {
    expect(chooseFormat((type) => type.startsWith('video/webm'))?.mimeType).toBe('video/webm;codecs=vp8,opus')
  })

  it('is null where nothing fits', () => {
    expect(chooseFormat(() => false)).toBeNull()
  })
})

describe('the bit rate', () => {
  it('is halved until a picture is not worth it any more', () => {
    expect(lower(2_500_000)).toBe(1_250_000)
    expect(lower(LEAST_BITS * 2)).toBe(LEAST_BITS)
    expect(lower(LEAST_BITS * 2 - 2)).toBeNull()
  })
})

describe('the address of a live stream', () => {
  it('is that of ingest, with the scheme of WebSockets', () => {
    expect(liveUrl('https://ingest.example.com', 'studio')).toBe('wss://ingest.example.com/streams/studio/live')
    expect(liveUrl('http://127.0.0.1:8080/', 'studio')).toBe('ws://127.0.0.1:8080/streams/studio/live')
  })
})

describe('problems', () => {
  it('name the thing and the remedy', () => {
    const denied = captureProblem(new DOMException('no', 'NotAllowedError'), 'microphone')
    expect(denied.message).toContain('Permission for the microphone was denied')
    expect(captureProblem(new DOMException('no', 'NotAllowedError'), 'screen').message).toContain('Nothing was shared')
    expect(captureProblem(new Error('odd'), 'camera').message).toBe('The camera could not be used: odd')
  })

  it('pass by themselves only where ingest is in trouble', () => {
    const refusal = (status: number) => ({ status, title: '', detail: '' })
    expect([401, 404, 409, 415, 429, 503].map((status) => isPassing(refusal(status)))).toEqual([
      false,
      false,
      false,
      false,
      true,
      true,
    ])
    const usedUp = { status: 429, title: 'Quota used up', detail: 'stream studio has used up its 2 hours' }
    expect(isPassing(usedUp)).toBe(false)
    expect(refusalSentence(usedUp)).toBe(
      'A quota is used up, so the stream may not go on now. Ingest says: stream studio has used up its 2 hours',
    )
    expect(refusalSentence({ status: 422, title: 'Odd', detail: 'why' })).toContain('Odd. Ingest says: why')
  })
})
