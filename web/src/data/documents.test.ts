import { describe, expect, it } from 'vitest'
import { toFrame, toProvider, toSegment, toSession, toStream } from './documents/documents'
import { latency, quantile } from './latency'
import { sightings } from './sightings'

const at = (seconds: number): { seconds: number; nanoseconds: number } => ({
  seconds: Math.floor(seconds),
  nanoseconds: Math.round((seconds % 1) * 1e9),
})
function document(time: number, labels: readonly string[], over: object = {}): Record<string, unknown> {
  const detections = labels.map((label, index) => ({
    label,
    kind: 'logo',
    confidence: 0.5 + time / 100 - index / 10,
    box: { x: 0.1, y: 0.1, width: 0.2, height: 0.2 },
  }))
  return {
    media_time: time,
    finalized_at: at(100),
    kinds: ['logo'],
    analyses: { logo: { provider: 'vision', detections, error: null, analyzed_at: at(100.25 + time / 10) } },
    ...over,
  }
}
const frame = (time: number, labels: readonly string[], over: object = {}) => {
  const made = toFrame(String(time), document(time, labels, over))
  if (!made) throw new Error('no frame')
  return made
}

describe('documents', () => {
  it('keep the fraction of a millisecond in the start of a session', () => {
    const session = toSession('s', { started: { seconds: 1000, nanoseconds: 250_400_000 }, playlist: 'p' })
    expect(session?.started).toBeCloseTo(1_000_250.4, 3)
  })

  it('are no session before they have a start and a playlist', () => {
    expect(toSession('s', { playlist: 'p' })).toBeNull()
    expect(toSession('s', { started: at(1) })).toBeNull()
  })

  it('are no frame before they have a media time: detect may write first', () => {
    expect(toFrame('f', { analyses: {} })).toBeNull()
    expect(toFrame('f', { media_time: 1 })).toMatchObject({ time: 1, kinds: [], visual: null })
  })

  it('tell a frame that detect has not begun with from one of no kinds', () => {
    expect(toFrame('f', { media_time: 1 })?.begun).toBe(false)
    expect(toFrame('f', { media_time: 1, kinds: [] })?.begun).toBe(true)
  })

  it('take an unknown state of a provider for a failing one', () => {
    const states = [undefined, 'ok', 'open', 'melted'].map((state) => toProvider('vision', { state }).state)
    expect(states).toEqual(['ok', 'ok', 'open', 'failing'])
  })

  it('take a malformed box for none, and a malformed colour away', () => {
    const made = frame(0, [], {
      analyses: { logo: { detections: [{ label: 'a', box: { x: 'left' } }] } },
      visual: {
        brightness: 0.5,
        colors: [
          { hex: 'url(x)', share: 1 },
          { hex: '#a0b1c2', share: 0.5 },
        ],
      },
    })
    expect(made.analyses.get('logo')?.detections).toEqual([{ label: 'a', kind: 'logo', confidence: 0, box: null }])
    expect(made.visual?.colors).toEqual([{ hex: '#a0b1c2', share: 0.5 }])
  })

  it('call a stream by its id where it has no name, and an unknown state an error', () => {
    expect(toStream('demo', { state: 'exploded' })).toMatchObject({ name: 'demo', state: 'error' })
  })

  it('tell where a segment ends', () => {
    expect(toSegment('0', { media_time: 2, duration: 2.5 })).toMatchObject({ time: 2, end: 4.5 })
  })
})

describe('latency', () => {
  it('runs from the segment stored to the last result of a frame', () => {
    const found = latency([frame(0, []), frame(1, []), frame(2, [])])
    expect(found?.p50).toBeCloseTo(0.35)
    expect(found?.p95).toBeCloseTo(0.45)
  })

  it('leaves out frames that wait for a kind', () => {
    expect(latency([frame(0, [], { kinds: ['logo', 'text'] })])).toBeNull()
  })

  it('takes quantiles that were really measured', () => {
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2)
    expect(quantile([1, 2, 3, 4], 0.95)).toBe(4)
    expect(quantile([7], 0.5)).toBe(7)
  })
})

describe('sightings', () => {
  const frames = [frame(0, ['Velox']), frame(1, ['Velox', 'Nordlys']), frame(2, ['Nordlys']), frame(3, ['Velox'])]

  it('join frames without a break, newest first', () => {
    expect(sightings(frames, 10).map(({ label, from, to }) => [label, from, to])).toEqual([
      ['Velox', 3, 3],
      ['Nordlys', 1, 2],
      ['Velox', 0, 1],
    ])
  })

  it('show the frame on which the label was surest', () => {
    expect(sightings(frames, 10).find(({ label }) => label === 'Nordlys')?.frame.time).toBe(2)
  })

  it('go on over a frame whose analysis failed or is still to come', () => {
    const failed = frame(1, [], { analyses: { logo: { detections: [], error: 'quota' } } })
    const pending = frame(2, [], { analyses: {} })
    expect(sightings([frame(0, ['Velox']), failed, pending, frame(3, ['Velox'])], 10)).toHaveLength(1)
  })

  it('are no more than asked for', () => {
    expect(sightings(frames, 2)).toHaveLength(2)
  })

  it('keep their ids as they grow, so that cards stay in place', () => {
    const [before] = sightings(frames.slice(0, 1), 1)
    expect(sightings(frames.slice(0, 2), 9).map(({ id }) => id)).toContain(before?.id)
  })
})
