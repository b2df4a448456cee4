import { describe, expect, it } from 'vitest'
import { toFrame, toSegment } from '../../data/documents/documents'
import type { Frame } from '../../data/documents/model'
import { Pairing } from './pairing'
import { type Moment, Timeline } from './timeline'
import { Tracking } from './tracks'

interface Found {
  readonly label: string
  readonly confidence: number
  readonly box: object | null
}
const found = (label: string, x: number | null, confidence = 0.9): Found => ({
  label,
  confidence,
  box: x === null ? null : { x, y: 0.5, width: 0.1, height: 0.1 },
})
/** An item of `tracks`, from pairs of a time (ms) and an x (ten-thousandths). */
const item = (label: string, ...points: readonly (readonly [number, number])[]): Record<string, unknown> => ({
  kind: 'logo',
  label,
  times: points.map(([time]) => time),
  boxes: points.flatMap(([, x]) => [x, 5000, 1000, 1000]),
})
const tracks = (items: readonly unknown[], over: object = {}): object => ({ to: 4600, kinds: ['logo'], items, ...over })

function frame(time: number, logos: readonly Found[] | null, over: object = {}): Frame {
  const analyses = logos ? { logo: { provider: 'gallery', detections: logos, error: null } } : {}
  const made = toFrame(String(time), { media_time: time, kinds: ['logo'], analyses, ...over })
  if (!made) throw new Error('no frame')
  return made
}

/** From 3.4 s to the next frame at 4.6 s, unless `next` says otherwise. */
function timeline(
  earlier: readonly Found[],
  later: readonly Found[],
  said: unknown,
  next: (later: readonly Found[]) => Frame = (logos) => frame(4.6, logos),
): Timeline {
  const made = new Timeline()
  const segment = toSegment('0', { media_time: 2, duration: 6 })
  made.set([frame(3.4, earlier, { tracks: said }), next(later)], segment ? [segment] : [])
  return made
}
const xs = ({ shown }: Moment): readonly number[] => shown.map(({ box }) => Number(box?.x.toFixed(4)))

/** There and back again, which no straight line between the two frames is. */
const SWING = item('Velox', [0, 1000], [400, 5000], [800, 1000], [1200, 2000])
const velox = [found('Velox', 0.1, 0.8)]
const veloxLater = [found('Velox', 0.2, 0.9)]

describe('tracks', () => {
  const swinging = timeline(velox, veloxLater, tracks([SWING]))

  it('say where a box is, in a straight line between two of their points', () => {
    expect([3.6, 3.8, 4, 4.4].map((time) => xs(swinging.at(time)))).toEqual([[0.3], [0.5], [0.3], [0.15]])
  })

  it('are no guess: what they show is settled, with the place where it was seen', () => {
    expect(swinging.at(3.8)).toMatchObject({
      status: 'covered',
      settled: true,
      shown: [
        { label: 'Velox', confidence: 0.8, provider: 'gallery', settled: true, frame: { time: 3.4 }, seen: { x: 0.1 } },
      ],
    })
  })

  it('settle a moment though the next frame waits for a further kind', () => {
    const waits = (logos: readonly Found[]): Frame => frame(4.6, logos, { kinds: ['logo', 'text'] })
    expect(timeline(velox, veloxLater, tracks([SWING]), waits).at(3.8).settled).toBe(true)
    expect(timeline(velox, veloxLater, null, waits).at(3.8).settled).toBe(false)
  })

  it('leave a sampled frame what was seen on it', () => {
    expect(xs(swinging.at(3.4))).toEqual([0.1])
    expect(xs(swinging.at(4.6))).toEqual([0.2])
  })

  it('say when a thing appears', () => {
    const late = timeline([], veloxLater, tracks([item('Velox', [800, 4000], [1200, 2000])]))
    expect([3.5, 4.16].map((time) => xs(late.at(time)))).toEqual([[], []])
    expect([4.2, 4.4].map((time) => xs(late.at(time)))).toEqual([[0.4], [0.3]])
    expect(late.at(4.4).shown).toMatchObject([
      { frame: { time: 4.6 }, seen: { x: 0.2 }, confidence: 0.9, settled: true },
    ])
  })

  it('say when a thing disappears, and that it comes back', () => {
    const early = timeline(velox, [], tracks([item('Velox', [0, 1000], [200, 3000])]))
    expect([3.5, 3.6, 3.64].map((time) => xs(early.at(time)))).toEqual([[0.2], [0.3], []])
    const items = [item('Velox', [0, 1000], [200, 3000]), item('Velox', [1000, 2000], [1200, 2000])]
    const again = timeline(velox, veloxLater, tracks(items))
    expect([3.5, 4, 4.5].map((time) => xs(again.at(time)))).toEqual([[0.2], [], [0.2]])
  })

  it('may be a single point', () => {
    const flash = timeline(velox, [], tracks([item('Velox', [0, 1000])]))
    expect([3.4, 3.44].map((time) => xs(flash.at(time)))).toEqual([[0.1], []])
  })

  it('tell things of one name apart by their boxes', () => {
    const items = [item('Velox', [0, 7000], [1200, 6000]), SWING]
    const two = timeline([...velox, found('Velox', 0.7)], [found('Velox', 0.6), ...veloxLater], tracks(items))
    expect(xs(two.at(3.8))).toEqual([0.5, 0.6667])
  })

  it('fit boxes that were rounded, and times', () => {
    const rounded = timeline([found('Velox', 0.10004)], veloxLater, tracks([SWING]), (logos) => frame(4.6004, logos))
    expect(xs(rounded.at(3.8))).toEqual([0.5])
  })

  it('leave it to what has no box to hold', () => {
    const scene = found('cycling', null)
    const both = timeline([...velox, scene], [...veloxLater, scene], tracks([SWING]))
    expect(both.at(3.8).shown.map(({ label, box }) => [label, box && Number(box.x.toFixed(4))])).toEqual([
      ['Velox', 0.5],
      ['cycling', null],
    ])
  })

  it('speak for segments that inherit their frame, too', () => {
    const rests = new Timeline()
    const segments = [
      { media_time: 2, duration: 2 },
      { media_time: 4, duration: 0.5, same_as: 3400 },
      { media_time: 4.5, duration: 2 },
    ].flatMap((one, at) => toSegment(String(at), one) ?? [])
    rests.set([frame(3.4, velox, { tracks: tracks([SWING]) }), frame(4.6, veloxLater)], segments)
    expect(xs(rests.at(4.2))).toEqual([0.1])
    expect(xs(rests.at(4.4))).toEqual([0.15])
  })

  it('are looked up once for two frames', () => {
    const tracking = new Tracking(new Pairing())
    const [earlier, later] = [frame(3.4, velox, { tracks: tracks([SWING]) }), frame(4.6, veloxLater)]
    const following = tracking.of(earlier, later, 'logo')
    expect(following?.followed).toHaveLength(1)
    expect(tracking.of(earlier, later, 'logo')).toBe(following)
  })

  it('know about results that come later', () => {
    const [earlier, waiting] = [frame(3.4, velox, { tracks: tracks([SWING]) }), frame(4.6, null)]
    const late = new Timeline()
    const segment = toSegment('0', { media_time: 2, duration: 6 })
    const segments = segment ? [segment] : []
    late.set([earlier, waiting], segments)
    expect(late.at(3.8)).toMatchObject({ settled: false, shown: [{ box: { x: 0.1 } }] })
    late.set([earlier, frame(4.6, veloxLater)], segments)
    expect(xs(late.at(3.8))).toEqual([0.5])
  })
})

describe('a box moves from frame to frame as without tracks', () => {
  const STRAIGHT = [0.1333]
  const at = (earlier: readonly Found[], later: readonly Found[], said: unknown): readonly number[] =>
    xs(timeline(earlier, later, said).at(3.8))

  it('where they lead to another frame than the next one', () => {
    expect(at(velox, veloxLater, tracks([SWING], { to: 4200 }))).toEqual(STRAIGHT)
    expect(at(velox, veloxLater, tracks([SWING], { to: 5800 }))).toEqual(STRAIGHT)
  })

  it('where they do not speak for its kind', () => {
    expect(at(velox, veloxLater, tracks([SWING], { kinds: ['text'] }))).toEqual(STRAIGHT)
    expect(at(velox, veloxLater, tracks([{ ...SWING, kind: 'text' }], { kinds: ['logo', 'text'] }))).toEqual(STRAIGHT)
  })

  it('where a frame was analysed again, and shows another box', () => {
    expect(at([found('Velox', 0.103)], [found('Velox', 0.203)], tracks([SWING]))).toEqual([0.1363])
    expect(at(velox, [found('Velox', 0.203)], tracks([SWING]))).toEqual([0.1343])
    expect(at([...velox, found('Nordlys', 0.7)], [...veloxLater, found('Nordlys', 0.7)], tracks([SWING]))).toEqual([
      ...STRAIGHT,
      0.7,
    ])
  })

  it('where their document is damaged', () => {
    const damaged: readonly unknown[] = [
      null,
      'tracks',
      7,
      {},
      [],
      tracks([SWING], { to: '4600' }),
      tracks([SWING], { kinds: 'logo' }),
      tracks([SWING], { items: SWING }),
      ...[
        null,
        [],
        { ...SWING, label: 7 },
        { ...SWING, times: [], boxes: [] },
        { ...SWING, times: [0, 400, 400, 1200] },
        { ...SWING, times: [0, 400, '800', 1200] },
        { ...SWING, times: [-80, 400, 800, 1200] },
        { ...SWING, times: [0, 400, 1200] },
        { ...SWING, boxes: [1000, 5000, 1000, 1000] },
        { ...SWING, boxes: 'none' },
        { ...SWING, boxes: (SWING.boxes as unknown[]).with(8, null) },
        { ...SWING, boxes: (SWING.boxes as unknown[]).with(9, Number.NaN) },
        { ...SWING, boxes: (SWING.boxes as unknown[]).with(10, -1000) },
      ].map((damagedItem) => tracks([damagedItem])),
    ]
    for (const said of damaged) expect(at(velox, veloxLater, said)).toEqual(STRAIGHT)
  })
})

describe('a damaged item', () => {
  it('takes nothing from the others', () => {
    const said = tracks([null, { ...SWING, boxes: [] }, SWING])
    expect(frame(3.4, velox, { tracks: said }).tracks?.items).toHaveLength(1)
    expect(xs(timeline(velox, veloxLater, said).at(3.8))).toEqual([0.5])
  })

  it('of no detection is not shown', () => {
    const said = tracks([SWING, item('Nordlys', [0, 7000], [1200, 7000])])
    expect(xs(timeline(velox, veloxLater, said).at(3.8))).toEqual([0.5])
  })

  it('show what both frames have missed, with the confidence of the frame that saw it', () => {
    const stray = { ...item('Aero', [300, 6000], [1200, 7000]), confidence: 0.7 }
    const missed = timeline(velox, veloxLater, tracks([SWING, stray]))
    expect(missed.at(4.2).shown).toMatchObject([{ label: 'Velox' }, { label: 'Aero', confidence: 0.7 }])
    expect(xs(missed.at(3.6))).toEqual([0.3])
    const old = timeline(velox, veloxLater, tracks([SWING, item('Aero', [300, 6000], [1200, 7000])]))
    expect(xs(old.at(4.2))).toHaveLength(1)
  })

  it('lead through a frame on which their thing was not seen', () => {
    const through = timeline([], veloxLater, tracks([SWING]))
    expect(xs(through.at(3.4))).toEqual([0.1])
    const onward = timeline(velox, [], tracks([SWING]))
    expect(xs(onward.at(4.6))).toEqual([0.2])
    expect(xs(timeline(velox, veloxLater, tracks([SWING])).at(4.6))).toEqual([0.2])
  })
})
