import { describe, expect, it } from 'vitest'
import { toStream } from '../documents/documents'
import { backlog, bitsPerSecond, looking, mediaRate, sampling, targetDuration, whole } from './measure'
import type { Answer, DeadLetter, Piece, Provider, Running, Sent } from './model'
import { problemsOf } from './problems'

const NOW = 1_000_000_000_000
const piece = (sequence: number, over: Partial<Piece> = {}): Piece => ({
  id: String(sequence),
  sequence,
  time: sequence * 2,
  end: sequence * 2 + 2,
  finalizedAt: NOW + sequence * 2000,
  sampledAt: NOW + sequence * 2000 + 200,
  bytes: 1_000_000,
  ...over,
})
const pieces = (count: number): Piece[] => Array.from({ length: count }, (_, sequence) => piece(sequence))
const answer = (after: number, over: Partial<Answer> = {}): Answer => ({
  provider: 'vision',
  tookMs: 100,
  analyzedAt: NOW + after,
  error: null,
  ...over,
})
const sent = (answers: Record<string, Answer>, over: Partial<Sent> = {}): Sent => ({
  id: '0',
  time: 0,
  finalizedAt: NOW,
  sampledAt: NOW + 100,
  kinds: ['logo', 'text'],
  answers: new Map(Object.entries(answers)),
  ...over,
})
const session = (segments: number): Running['session'] => ({
  id: 's',
  started: NOW,
  ended: null,
  playlist: 'p',
  vod: null,
  codecs: null,
  width: null,
  height: null,
  fps: null,
  segments,
  mediaSeconds: segments * 2,
  repaired: 0,
  dropped: 0,
  error: null,
})
const running = (over: Partial<Running> = {}, state = 'live'): Running => ({
  stream: toStream('arena', { name: 'Arena', state }),
  storedAt: NOW,
  session: session(10),
  pieces: pieces(10),
  sent: [],
  breaks: [],
  ...over,
})

describe('what comes in', () => {
  it('is one second of media a second for a stream in real time', () => {
    expect(mediaRate(pieces(10))).toBeCloseTo(1)
  })

  it('is what the last half minute says, whatever was before', () => {
    const slow = pieces(20).map((one) => ({ ...one, finalizedAt: NOW - 600_000 + one.sequence * 20_000 }))
    const fast = pieces(20).map((one) => ({ ...one, finalizedAt: NOW + one.sequence * 1000 }))
    expect(mediaRate([...slow, ...fast])).toBeCloseTo(2)
  })

  it('cannot be said of one segment', () => {
    expect(mediaRate(pieces(1))).toBeNull()
  })

  it('has the bit rate of those segments whose size is known', () => {
    expect(bitsPerSecond(pieces(3))).toBeCloseTo(4_000_000)
    expect(bitsPerSecond([piece(0, { bytes: null }), piece(1)])).toBeCloseTo(4_000_000)
    expect(bitsPerSecond([piece(0, { bytes: null })])).toBeNull()
  })

  it('has the target duration that ingest chooses', () => {
    expect([0, 2, 3.4, 5, 9].map(targetDuration)).toEqual([4, 4, 6, 6, 12])
  })
})

describe('stages', () => {
  it('have the median and the 95th percentile', () => {
    const times = pieces(20).map((one) => ({ ...one, sampledAt: one.finalizedAt + (one.sequence + 1) * 100 }))
    expect(sampling(times)).toEqual({ p50: 1000, p95: 1900, count: 20 })
    expect(sampling([])).toBeNull()
  })

  it('are told apart by kind and provider, from when the frame was sampled', () => {
    const found = looking([
      sent({ logo: answer(500), text: answer(700, { provider: 'clip' }) }),
      sent({ logo: answer(0, { error: '429' }) }),
    ])
    expect(found).toEqual([
      { kind: 'logo', provider: 'vision', timing: { p50: 400, p95: 400, count: 1 }, own: 100, failed: 1 },
      { kind: 'text', provider: 'clip', timing: { p50: 600, p95: 600, count: 1 }, own: 100, failed: 0 },
    ])
  })

  it('as a whole end with the last result, of frames that have all', () => {
    const done = sent({ logo: answer(500), text: answer(900) })
    expect(whole([done, sent({ logo: answer(100) }), sent({}, { kinds: null })])).toEqual({
      p50: 900,
      p95: 900,
      count: 1,
    })
  })
})

describe('the backlog', () => {
  it('is what is stored after the newest sampled segment', () => {
    const found = backlog({ session: session(15), pieces: pieces(10), sent: [] })
    expect([found.segments, found.seconds, found.skipped]).toEqual([5, 10, 0])
  })

  it('counts apart those that later ones have passed', () => {
    const found = backlog({
      session: session(10),
      pieces: pieces(10).filter(({ sequence }) => sequence !== 4),
      sent: [],
    })
    expect([found.segments, found.skipped]).toEqual([0, 1])
  })

  it('is everything while nothing has been sampled', () => {
    expect(backlog({ session: session(3), pieces: [], sent: [] }).segments).toBe(3)
  })

  it('has the frames that lack a kind, failed ones too, and since when', () => {
    const found = backlog({
      session: null,
      pieces: [],
      sent: [
        sent({ logo: answer(1), text: answer(1) }),
        sent({ logo: answer(1), text: answer(1, { error: '429' }) }, { finalizedAt: NOW - 5000 }),
        sent({}, { kinds: null }),
      ],
    })
    expect([found.frames, Object.fromEntries(found.kinds)]).toEqual([2, { text: 1 }])
    expect(found.oldest).toBe(NOW - 5000)
  })
})

describe('problems', () => {
  const titles = (known: Partial<Parameters<typeof problemsOf>[0]>): readonly string[] =>
    problemsOf({ running: [], providers: [], letters: null, now: NOW, ...known }).map(({ title }) => title)
  const provider = (state: Provider['state'], over: Partial<Provider> = {}): Provider => ({
    id: 'vision',
    state,
    model: null,
    device: null,
    queue: null,
    lastError: null,
    lastErrorAt: null,
    updated: NOW,
    ...over,
  })

  it('are none where all is well', () => {
    expect(titles({ running: [running()], providers: [provider('ok')], letters: [] })).toEqual([])
  })

  it('begin three target durations after the newest segment', () => {
    expect(titles({ running: [running()], now: NOW + 12_000 })).toEqual([])
    expect(titles({ running: [running()], now: NOW + 12_001 })).toEqual(['Arena: no segment for 12 s'])
    const long = running({ pieces: [piece(0, { end: 9 })], session: session(1) })
    expect(titles({ running: [long], now: NOW + 30_000 })).toEqual([])
  })

  it('are none of a stream that does not say it is live', () => {
    expect(titles({ running: [running({}, 'connecting')], now: NOW + 60_000 })).toEqual([])
  })

  it('are a sender that went away and a session that broke off', () => {
    expect(titles({ running: [running({}, 'reconnecting')] })).toEqual(['Arena: the sender has gone away'])
    expect(titles({ running: [running({}, 'error')] })).toEqual(['Arena broke off: no reason was given'])
  })

  it('are sampling that falls behind', () => {
    expect(titles({ running: [running({ session: session(16) })] })).toEqual([])
    expect(titles({ running: [running({ session: session(17) })] })).toEqual(['Arena: sampling is 14 s behind'])
  })

  it('are frames that wait for results', () => {
    const waits = running({ sent: [sent({}, { kinds: null }), sent({})] })
    expect(titles({ running: [{ ...waits, storedAt: NOW + 15_000 }], now: NOW + 15_000 })).toEqual([])
    expect(titles({ running: [{ ...waits, storedAt: NOW + 16_000 }], now: NOW + 16_000 })).toEqual([
      'Arena: 2 frames wait for results, the oldest for 16 s',
    ])
  })

  it('are providers that fail now, not long ago', () => {
    expect(titles({ providers: [provider('open')] })).toEqual(['Cloud Vision fails and is left alone for now'])
    expect(titles({ providers: [provider('failing')] })).toEqual(['Cloud Vision fails now and then'])
    expect(titles({ providers: [provider('open', { updated: NOW - 601_000 })] })).toEqual([])
  })

  it('are dead letters, and the worst come first', () => {
    const letters = [{ id: '1' }, { id: '2' }] as unknown as readonly DeadLetter[]
    expect(titles({ letters, providers: [provider('failing')] })).toEqual([
      '2 events were given up on',
      'Cloud Vision fails now and then',
    ])
  })
})
