import { describe, expect, it } from 'vitest'
import type { Analysis, Box, Detection, Frame, Segment } from '../../data/documents/model'
import { match, overlap } from './match'
import { Timeline } from './timeline'

const box = (x: number, y = 0.5, width = 0.1, height = 0.1): Box => ({ x, y, width, height })
const logo = (label: string, place: Box | null, confidence = 0.9): Detection => ({
  label,
  kind: 'logo',
  confidence,
  box: place,
})
const analysis = (detections: readonly Detection[], message: string | null = null): Analysis => ({
  provider: 'vision',
  model: '',
  detections,
  error: message === null ? null : { code: 'unavailable', message },
  tookMs: 100,
  fallbackFrom: null,
  analyzedAt: 0,
})
function frame(
  time: number,
  analyses: Record<string, Analysis>,
  kinds = Object.keys(analyses),
  reason = 'change',
): Frame {
  return {
    id: String(Math.round(time * 1000)).padStart(10, '0'),
    time,
    wall: null,
    finalizedAt: 0,
    sampledAt: null,
    snapshot: null,
    reason,
    width: 1280,
    height: 720,
    visual: null,
    motion: null,
    begun: true,
    kinds,
    analyses: new Map(Object.entries(analyses)),
    tracks: null,
  }
}
const segment = (time: number, end: number, sameAs: number | null = null): Segment => ({
  id: String(time),
  sequence: null,
  time,
  end,
  finalizedAt: 0,
  sampledAt: 0,
  bytes: null,
  looks: 0,
  kept: 0,
  motion: 0,
  revision: '',
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

  it('shows a label that the later frame lacks for half of the way', () => {
    const leaving = timeline([
      frame(0, { logo: analysis([logo('Velox', box(0.1))]) }),
      frame(1, { logo: analysis([]) }),
    ])
    expect(xs(leaving.at(0.45))).toEqual([0.1])
    expect(xs(leaving.at(0.55))).toEqual([])
    expect(xs(leaving.at(1))).toEqual([])
  })

  it('shows a label that only the later frame has from half of the way on', () => {
    const coming = timeline([frame(0, { logo: analysis([]) }), frame(1, { logo: analysis([logo('Velox', box(0.3))]) })])
    expect(xs(coming.at(0.45))).toEqual([])
    expect(xs(coming.at(0.55))).toEqual([0.3])
    expect(coming.at(0.55).shown[0]).toMatchObject({ frame: { time: 1 }, settled: true })
    expect(xs(coming.at(1))).toEqual([0.3])
  })

  it('lets nothing come or go where nothing changed', () => {
    const frames = [
      frame(1, { logo: analysis([logo('Velox', box(0.1))]) }),
      frame(7, { logo: analysis([logo('Nordlys', box(0.5))]) }),
    ]
    const still = timeline(frames, [segment(0, 2), segment(2, 4, 1), segment(4, 6, 1), segment(6, 8)])
    const labels = (time: number): readonly string[] => still.at(time).shown.map(({ label }) => label)
    expect(labels(5.9)).toEqual(['Velox'])
    expect(labels(6.4)).toEqual(['Velox'])
    expect(labels(6.6)).toEqual(['Nordlys'])
  })

  it('keeps what the later frame was not asked for, or in vain', () => {
    const first = frame(0, { logo: analysis([logo('Velox', box(0.1))]) })
    expect(xs(timeline([first, frame(1, { logo: analysis([], 'quota') })]).at(0.9))).toEqual([0.1])
    expect(xs(timeline([first, frame(1, { text: analysis([]) })]).at(0.9))).toEqual([0.1])
  })

  it('shows what has no box once, whichever of two frames it is from', () => {
    const scene = timeline([
      frame(0, { label: analysis([logo('cycling', null, 0.6)]) }),
      frame(1, { label: analysis([logo('cycling', null, 0.8)]) }),
    ])
    expect(scene.at(0.75).shown).toMatchObject([{ label: 'cycling', confidence: expect.closeTo(0.75) }])
  })

  it('holds the last frame to the end of the last sampled segment, and claims nothing beyond', () => {
    const single = timeline([frame(0, { logo: analysis([logo('Velox', box(0.3))]) })])
    expect(xs(single.at(3.9))).toEqual([0.3])
    expect(single.at(3.9)).toMatchObject({ status: 'covered', shown: [{ settled: false }] })
    expect(single.at(4)).toMatchObject({ status: 'analysing', shown: [] })
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

describe('a cut', () => {
  const before = [
    frame(0, { logo: analysis([logo('Velox', box(0.1))]) }),
    frame(1, { logo: analysis([logo('Velox', box(0.1)), logo('Nordlys', box(0.7))]) }),
  ]
  const cut = (found: readonly Detection[]): Frame => frame(2, { logo: analysis(found) }, ['logo'], 'cut')

  it('is the end of what was there, not a moment sooner', () => {
    const gone = timeline([...before, cut([])])
    expect(xs(gone.at(1.95))).toEqual([0.1, 0.7])
    expect(xs(gone.at(2))).toEqual([])
  })

  it('is where what comes with it begins, not a moment sooner', () => {
    const come = timeline([...before, cut([logo('Arcta', box(0.4))])])
    expect(come.at(1.95).shown.map(({ label }) => label)).toEqual(['Velox', 'Nordlys'])
    expect(come.at(2).shown.map(({ label }) => label)).toEqual(['Arcta'])
  })

  it('moves nothing into the other picture, though it is there as well', () => {
    const both = timeline([...before, cut([logo('Velox', box(0.2))])])
    expect(xs(both.at(1.95))[0]).toBe(0.1)
    expect(xs(both.at(2))).toEqual([0.2])
  })

  it('is not moved on from', () => {
    const after = timeline([...before, cut([logo('Velox', box(0.2))])])
    expect(xs(after.at(2.9))).toEqual([0.2])
  })
})

describe('a box whose next place is not known yet', () => {
  const first = frame(0, { logo: analysis([logo('Velox', box(0.1))]) })
  const second = frame(1, { logo: analysis([logo('Velox', box(0.2))]) })

  it('goes on as it did, as a guess', () => {
    const going = timeline([first, second])
    expect(going.at(1.5).shown[0]?.box?.x).toBeCloseTo(0.25)
    expect(going.at(1.5).shown[0]).toMatchObject({ settled: false, seen: { x: 0.2 } })
    expect(going.at(1).shown[0]).toMatchObject({ settled: true, box: { x: 0.2 } })
  })

  it('goes on no longer than from one frame to the next', () => {
    const going = timeline([first, second])
    expect(going.at(2.5).shown[0]?.box?.x).toBeCloseTo(0.3)
    expect(going.at(3.5).shown[0]?.box?.x).toBeCloseTo(0.3)
  })

  it('grows as it comes nearer, to twice its size at most', () => {
    const near = (width: number, x: number): Detection => logo('Velox', box(x, 0.4, width, 0.1))
    const grown = timeline([
      frame(0, { logo: analysis([near(0.1, 0.45)]) }),
      frame(1, { logo: analysis([near(0.2, 0.4)]) }),
    ])
    const place = grown.at(1.5).shown[0]?.box
    expect(place?.width).toBeCloseTo(0.25)
    expect((place?.x ?? 0) + (place?.width ?? 0) / 2).toBeCloseTo(0.5)
  })

  it('is cut at the edge of the picture, and gone beyond it', () => {
    const leaving = timeline([
      frame(0, { logo: analysis([logo('Velox', box(0.6))]) }),
      frame(1, { logo: analysis([logo('Velox', box(0.85))]) }),
    ])
    const place = leaving.at(1.4).shown[0]?.box
    expect(place?.x).toBeCloseTo(0.95)
    expect(place?.width).toBeCloseTo(0.05)
    expect(leaving.at(1.8).shown).toEqual([])
  })

  it('stays where it is once it has rested', () => {
    const segments = [segment(0, 2), segment(2, 4, 1), segment(4, 6)]
    expect(xs(timeline([first, second], segments).at(4.5))).toEqual([0.2])
  })

  it('is where it was going when the next frame shows another thing in its place', () => {
    const other = timeline([first, second, frame(2, { logo: analysis([logo('Nordlys', box(0.8))]) })])
    expect(other.at(1.4).shown).toMatchObject([{ label: 'Velox', box: { x: expect.closeTo(0.24) } }])
    expect(other.at(1.6).shown).toMatchObject([{ label: 'Nordlys', box: { x: 0.8 } }])
  })

  it('comes from where it will be going', () => {
    const coming = timeline([
      frame(0, { logo: analysis([]) }),
      frame(1, { logo: analysis([logo('Velox', box(0.5))]) }),
      frame(2, { logo: analysis([logo('Velox', box(0.4))]) }),
    ])
    expect(coming.at(0.75).shown).toMatchObject([{ settled: false, box: { x: expect.closeTo(0.525) } }])
  })
})

describe('boxes of two frames', () => {
  it('belong together when they are nearest, whatever their order', () => {
    const [left, right] = [logo('Velox', box(0.1)), logo('Velox', box(0.7))]
    const [laterRight, laterLeft] = [logo('Velox', box(0.65)), logo('Velox', box(0.15))]
    expect(match([left, right], [laterRight, laterLeft])).toEqual({
      pairs: [
        { from: left, to: laterLeft },
        { from: right, to: laterRight },
      ],
      fresh: [],
    })
  })

  it('never join different labels, or different kinds', () => {
    const from = logo('Velox', box(0.1))
    const other = logo('Nordlys', box(0.1))
    expect(match([from], [other])).toEqual({ pairs: [{ from, to: null }], fresh: [other] })
    expect(match([from], [{ ...from, kind: 'text' }]).pairs).toEqual([{ from, to: null }])
  })

  it('never join where one is of quite another size', () => {
    const from = logo('Velox', box(0.1))
    expect(match([from], [logo('Velox', box(0.1, 0.5, 0.5, 0.5))]).pairs).toEqual([{ from, to: null }])
  })

  it('are used once each', () => {
    const [one, two] = [logo('Velox', box(0.1)), logo('Velox', box(0.12))]
    const later = logo('Velox', box(0.121))
    expect(match([one, two], [later]).pairs.map(({ to }) => to)).toEqual([null, later])
  })
})

describe('overlap', () => {
  it('is intersection over union', () => {
    expect(overlap(box(0, 0, 0.2, 0.2), box(0.1, 0, 0.2, 0.2))).toBeCloseTo(1 / 3)
    expect(overlap(box(0, 0), box(0.5, 0))).toBe(0)
  })
})
