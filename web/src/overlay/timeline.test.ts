import { describe, expect, it } from 'vitest'
import type { Analysis, Box, Detection, Frame, Segment } from '../model'
import { match, overlap, Timeline } from './timeline'

const box = (x: number, y = 0.5, width = 0.1, height = 0.1): Box => ({ x, y, width, height })
const logo = (label: string, place: Box | null, confidence = 0.9): Detection => ({
  label,
  kind: 'logo',
  confidence,
  box: place,
})
const analysis = (detections: readonly Detection[], error: string | null = null): Analysis => ({
  provider: 'vision',
  model: '',
  detections,
  error,
  tookMs: 100,
  fallbackFrom: null,
  analyzedAt: 0,
})
function frame(time: number, analyses: Record<string, Analysis>, kinds = Object.keys(analyses)): Frame {
  return {
    id: String(Math.round(time * 1000)).padStart(10, '0'),
    time,
    finalizedAt: 0,
    snapshot: null,
    reason: 'change',
    width: 1280,
    height: 720,
    visual: null,
    motion: null,
    kinds,
    analyses: new Map(Object.entries(analyses)),
  }
}
const segment = (time: number, end: number, sameAs: number | null = null): Segment => ({
  id: String(time),
  time,
  end,
  finalizedAt: 0,
  sampledAt: 0,
  sameAs,
})
function timeline(frames: readonly Frame[], segments: readonly Segment[] = [segment(0, 2), segment(2, 4)]): Timeline {
  const made = new Timeline()
  made.set(frames, segments)
  return made
}
const xs = (moment: { shown: readonly { box: Box | null }[] }): (number | undefined)[] =>
  moment.shown.map((one) => one.box?.x)

describe('a moment', () => {
  const moving = timeline([
    frame(0, { logo: analysis([logo('Velox', box(0.1), 0.8)]) }),
    frame(1, { logo: analysis([logo('Velox', box(0.3), 0.9)]) }),
  ])

  it('shows on a sampled frame what was seen there', () => {
    expect(xs(moving.at(1))).toEqual([0.3])
  })

  it('takes a frame that is a rounding away for that very frame', () => {
    expect(xs(moving.at(0.9995, 0.016))).toEqual([0.3])
    expect(xs(moving.at(1.001, 0.016))).toEqual([0.3])
  })

  it('moves a box in a straight line between two sampled frames', () => {
    const { shown } = moving.at(0.25)
    expect(shown[0]?.box?.x).toBeCloseTo(0.15)
    expect(shown[0]?.confidence).toBeCloseTo(0.825)
    expect(shown[0]?.seen?.x).toBe(0.1)
  })

  it('is settled only once the next sampled frame is analysed, and on a sampled frame itself', () => {
    const waiting = timeline([
      frame(0, { logo: analysis([logo('Velox', box(0.1))]) }),
      frame(1, {}, ['logo']),
      frame(2, {}, ['logo']),
    ])
    expect(moving.at(0.5).settled).toBe(true)
    expect(moving.at(1).settled).toBe(true)
    expect(moving.at(1.5).settled).toBe(false)
    expect(waiting.at(0.5)).toMatchObject({ status: 'covered', settled: false })
  })

  it('is settled and at rest as long as segments inherit a frame, and moves only after them', () => {
    const before = frame(1, { logo: analysis([logo('Velox', box(0.1))]) })
    const after = frame(7, { logo: analysis([logo('Velox', box(0.5))]) })
    const segments = [segment(0, 2), segment(2, 4, 1), segment(4, 6, 1), segment(6, 8)]
    const waiting = timeline([before], segments.slice(0, 3))
    expect(waiting.at(1.5)).toMatchObject({ status: 'covered', settled: true })
    expect(waiting.at(5.9)).toMatchObject({ status: 'covered', settled: true })
    const known = timeline([before, after], segments)
    expect(known.at(5.9).shown[0]?.box?.x).toBe(0.1)
    expect(known.at(6.5).shown[0]?.box?.x).toBeCloseTo(0.3)
  })

  it('holds a label that the later frame lacks until that frame, and no longer', () => {
    const leaving = timeline([
      frame(0, { logo: analysis([logo('Velox', box(0.1))]) }),
      frame(1, { logo: analysis([]) }),
    ])
    expect(xs(leaving.at(0.95))).toEqual([0.1])
    expect(xs(leaving.at(1))).toEqual([])
  })

  it('shows a label that only the later frame has from that frame on', () => {
    const coming = timeline([frame(0, { logo: analysis([]) }), frame(1, { logo: analysis([logo('Velox', box(0.3))]) })])
    expect(xs(coming.at(0.9))).toEqual([])
    expect(xs(coming.at(1))).toEqual([0.3])
  })

  it('holds the last frame to the end of the last sampled segment, and claims nothing beyond', () => {
    expect(xs(moving.at(3.9))).toEqual([0.3])
    expect(moving.at(3.9).status).toBe('covered')
    expect(moving.at(4)).toMatchObject({ status: 'analysing', shown: [] })
  })

  it('bridges the rounding between two sampled segments', () => {
    const rounded = timeline(
      [frame(0, { logo: analysis([logo('Velox', box(0.1))]) })],
      [segment(0, 1.98), segment(2.01, 4)],
    )
    expect(xs(rounded.at(1.99))).toEqual([0.1])
  })

  it('claims nothing in a segment that is not sampled yet, though later ones are', () => {
    const gap = timeline(
      [
        frame(0, { logo: analysis([logo('Velox', box(0.1))]) }),
        frame(4, { logo: analysis([logo('Velox', box(0.5))]) }),
      ],
      [segment(0, 2), segment(4, 6)],
    )
    expect(gap.at(1).status).toBe('covered')
    expect(gap.at(3)).toMatchObject({ status: 'analysing', shown: [] })
    expect(xs(gap.at(5))).toEqual([0.5])
  })

  it('waits for a frame whose analysis is still to come', () => {
    const pending = timeline([frame(0, { logo: analysis([logo('Velox', box(0.1))]) }), frame(1, {}, ['logo'])])
    expect(xs(pending.at(0.5))).toEqual([0.1])
    expect(pending.at(1.5)).toMatchObject({ status: 'analysing', shown: [] })
  })

  it('shows one kind while another is still to come', () => {
    const half = timeline([frame(0, { logo: analysis([logo('Velox', box(0.1))]) }, ['logo', 'text'])])
    expect(half.at(0.5)).toMatchObject({ status: 'analysing' })
    expect(xs(half.at(0.5))).toEqual([0.1])
  })

  it('claims nothing where the provider failed', () => {
    const failed = timeline([frame(0, { logo: analysis([], 'quota exceeded') })])
    expect(failed.at(0)).toMatchObject({ status: 'failed', shown: [] })
  })

  it('is unknown before anything is loaded, and analysing before the first frame', () => {
    expect(timeline([], []).at(0).status).toBe('unknown')
    expect(timeline([frame(1, {})]).at(0.2).status).toBe('analysing')
  })

  it('keeps what has no box', () => {
    const scene = timeline([frame(0, { label: analysis([logo('cycling', null)]) })])
    expect(scene.at(0.5).shown).toMatchObject([{ label: 'cycling', box: null }])
  })

  it('sees an analysis that arrives later for the same frames', () => {
    const first = frame(0, { logo: analysis([logo('Velox', box(0.1))]) })
    const late = timeline([first, frame(1, {}, ['logo'])])
    expect(xs(late.at(0.5))).toEqual([0.1])
    late.set([first, frame(1, { logo: analysis([logo('Velox', box(0.3))]) })], [segment(0, 2)])
    expect(late.at(0.5).shown[0]?.box?.x).toBeCloseTo(0.2)
  })

  it('is found among 200,000 frames by halving', () => {
    let reads = 0
    const counting = (time: number): Frame => {
      const made = frame(time, { logo: analysis([]) })
      return Object.defineProperty(made, 'time', {
        get() {
          reads += 1
          return time
        },
      })
    }
    const long = timeline(
      Array.from({ length: 200_000 }, (_, at) => counting(at)),
      [segment(0, 200_000)],
    )
    long.at(123_456.5)
    expect(reads).toBeLessThan(30)
  })
})

describe('boxes of two frames', () => {
  it('belong together when they are nearest, whatever their order', () => {
    const [left, right] = [logo('Velox', box(0.1)), logo('Velox', box(0.7))]
    const [laterRight, laterLeft] = [logo('Velox', box(0.65)), logo('Velox', box(0.15))]
    expect(match([left, right], [laterRight, laterLeft])).toEqual([
      { from: left, to: laterLeft },
      { from: right, to: laterRight },
    ])
  })

  it('never join different labels, or different kinds', () => {
    const from = logo('Velox', box(0.1))
    expect(match([from], [logo('Nordlys', box(0.1))])).toEqual([{ from, to: null }])
    expect(match([from], [{ ...from, kind: 'text' }])).toEqual([{ from, to: null }])
  })

  it('never join where one is of quite another size', () => {
    const from = logo('Velox', box(0.1))
    expect(match([from], [logo('Velox', box(0.1, 0.5, 0.5, 0.5))])).toEqual([{ from, to: null }])
  })

  it('are used once each', () => {
    const [one, two] = [logo('Velox', box(0.1)), logo('Velox', box(0.12))]
    const later = logo('Velox', box(0.121))
    expect(match([one, two], [later]).map(({ to }) => to)).toEqual([null, later])
  })
})

describe('overlap', () => {
  it('is intersection over union', () => {
    expect(overlap(box(0, 0, 0.2, 0.2), box(0.1, 0, 0.2, 0.2))).toBeCloseTo(1 / 3)
    expect(overlap(box(0, 0), box(0.5, 0))).toBe(0)
  })
})
