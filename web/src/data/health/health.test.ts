import { describe, expect, it } from 'vitest'
import { toStream } from '../documents/documents'
import type { Analysis, Provider, Stream } from '../documents/model'
import { toMeasured, toStored } from './documents'
import { backlog, bitsPerSecond, looking, mediaRate, sampling, targetDuration, whole } from './measure'
import type { DeadLetter, MeasuredSegment, Running, StoredFrame } from './model'
import { problemsOf } from './problems'

const NOW = 1_000_000_000_000
const at = (ms: number): object => ({ seconds: Math.floor(ms / 1000), nanoseconds: (ms % 1000) * 1e6 })
function segment(sequence: number, over: Partial<MeasuredSegment> = {}): MeasuredSegment {
  const made = toMeasured(String(sequence), {
    sequence,
    media_time: sequence * 2,
    duration: 2,
    finalized_at: at(NOW + sequence * 2000),
    sampled_at: at(NOW + sequence * 2000 + 200),
    bytes: 1_000_000,
  })
  if (!made) throw new Error('no segment')
  return { ...made, ...over }
}
const segmentsOf = (count: number): MeasuredSegment[] =>
  Array.from({ length: count }, (_, sequence) => segment(sequence))
const analysis = (after: number, over: Partial<Analysis> = {}): Analysis => ({
  provider: 'vision',
  model: '',
  detections: [],
  tookMs: 100,
  fallbackFrom: null,
  analyzedAt: NOW + after,
  error: null,
  ...over,
})
function frame(analyses: Record<string, Analysis>, over: Partial<StoredFrame> = {}): StoredFrame {
  const made = toStored('0', {
    media_time: 0,
    finalized_at: at(NOW),
    sampled_at: at(NOW + 100),
    kinds: ['logo', 'text'],
  })
  if (!made) throw new Error('no frame')
  return { ...made, analyses: new Map(Object.entries(analyses)), ...over }
}
/** `detect` has not begun with it. */
const unbegun: Partial<StoredFrame> = { begun: false, kinds: [] }
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
const stream = (state: string, stored = NOW): Stream => ({
  ...toStream('arena', { name: 'Arena', state }),
  lastSegmentAt: stored,
})
const running = (over: Partial<Running> = {}, state = 'live'): Running => ({
  stream: stream(state),
  session: session(10),
  segments: segmentsOf(10),
  frames: [],
  breaks: [],
  ...over,
})

describe('what comes in', () => {
  it('is one second of media a second for a stream in real time', () => {
    expect(mediaRate(segmentsOf(10))).toBeCloseTo(1)
  })

  it('is what the last half minute says, whatever was before', () => {
    const slow = segmentsOf(20).map((one) => ({ ...one, finalizedAt: NOW - 600_000 + one.sequence * 20_000 }))
    const fast = segmentsOf(20).map((one) => ({ ...one, finalizedAt: NOW + one.sequence * 1000 }))
    expect(mediaRate([...slow, ...fast])).toBeCloseTo(2)
  })

  it('cannot be said of one segment', () => {
    expect(mediaRate(segmentsOf(1))).toBeNull()
  })

  it('has the bit rate of those segments whose size is known', () => {
    expect(bitsPerSecond(segmentsOf(3))).toBeCloseTo(4_000_000)
    expect(bitsPerSecond([segment(0, { bytes: null }), segment(1)])).toBeCloseTo(4_000_000)
    expect(bitsPerSecond([segment(0, { bytes: null })])).toBeNull()
  })

  it('has the target duration that ingest chooses', () => {
    expect([0, 2, 3.4, 5, 9].map(targetDuration)).toEqual([4, 4, 6, 6, 12])
  })
})

describe('stages', () => {
  it('have the median and the 95th percentile', () => {
    const times = segmentsOf(20).map((one) => ({ ...one, sampledAt: one.finalizedAt + (one.sequence + 1) * 100 }))
    expect(sampling(times)).toEqual({ p50: 1000, p95: 1900, count: 20 })
    expect(sampling([])).toBeNull()
  })

  it('are told apart by kind and provider, from when the frame was sampled', () => {
    const found = looking([
      frame({ logo: analysis(500), text: analysis(700, { provider: 'clip' }) }),
      frame({ logo: analysis(0, { error: { code: 'quota-exceeded', message: '429' } }) }),
    ])
    expect(found).toEqual([
      { kind: 'logo', provider: 'vision', timing: { p50: 400, p95: 400, count: 1 }, own: 100, failed: 1 },
      { kind: 'text', provider: 'clip', timing: { p50: 600, p95: 600, count: 1 }, own: 100, failed: 0 },
    ])
  })

  it('as a whole end with the last result, of frames that have all', () => {
    const done = frame({ logo: analysis(500), text: analysis(900) })
    expect(whole([done, frame({ logo: analysis(100) }), frame({}, unbegun)])).toEqual({
      p50: 900,
      p95: 900,
      count: 1,
    })
  })
})

describe('the backlog', () => {
  it('is what is stored after the newest sampled segment', () => {
    const found = backlog({ session: session(15), segments: segmentsOf(10), frames: [] })
    expect([found.segments, found.seconds, found.skipped]).toEqual([5, 10, 0])
  })

  it('counts apart those that later ones have passed', () => {
    const found = backlog({
      session: session(10),
      segments: segmentsOf(10).filter(({ sequence }) => sequence !== 4),
      frames: [],
    })
    expect([found.segments, found.skipped]).toEqual([0, 1])
  })

  it('is everything while nothing has been sampled', () => {
    expect(backlog({ session: session(3), segments: [], frames: [] }).segments).toBe(3)
  })

  it('has the frames that lack a kind, failed ones too, and since when', () => {
    const found = backlog({
      session: null,
      segments: [],
      frames: [
        frame({ logo: analysis(1), text: analysis(1) }),
        frame(
          { logo: analysis(1), text: analysis(1, { error: { code: 'quota-exceeded', message: '429' } }) },
          { finalizedAt: NOW - 5000 },
        ),
        frame({}, unbegun),
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

  it('are not reported where all is well', () => {
    expect(titles({ running: [running()], providers: [provider('ok')], letters: [] })).toEqual([])
  })

  it('begin three target durations after the newest segment', () => {
    expect(titles({ running: [running()], now: NOW + 12_000 })).toEqual([])
    expect(titles({ running: [running()], now: NOW + 12_001 })).toEqual(['Arena: no segment for 12 s'])
    const long = running({ segments: [segment(0, { end: 9 })], session: session(1) })
    expect(titles({ running: [long], now: NOW + 30_000 })).toEqual([])
  })

  it('are not reported of a stream that is not live', () => {
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
    const waits = running({ frames: [frame({}, unbegun), frame({})] })
    expect(titles({ running: [{ ...waits, stream: stream('live', NOW + 15_000) }], now: NOW + 15_000 })).toEqual([])
    expect(titles({ running: [{ ...waits, stream: stream('live', NOW + 16_000) }], now: NOW + 16_000 })).toEqual([
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
