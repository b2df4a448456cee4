import { describe, expect, it } from 'vitest'
import { type FragmentLike, MediaClock, type Span, spanOf } from './clock'

const WALL = 1_772_366_400_250
const fragment = (over: Partial<FragmentLike> = {}): FragmentLike => ({
  start: 9.7,
  end: 12,
  programDateTime: WALL,
  elementaryStreams: { audio: { startPTS: 9.7, endPTS: 11.68 }, video: { startPTS: 10, endPTS: 12 } },
  sn: 7,
  tagList: [['INF', '2.000000', '']],
  ...over,
})
const span = (over: { start: number; end: number; wall: number }): Span => ({
  origin: over.start,
  joint: null,
  sn: 0,
  ...over,
})

describe('a fragment', () => {
  it('begins with its first picture, not with audio that leads it', () => {
    expect(spanOf(fragment())).toMatchObject({ start: 10, origin: 10, end: 12, wall: WALL })
  })

  it('begins where hls.js says when its tracks are not known', () => {
    expect(spanOf(fragment({ elementaryStreams: { video: null } }))).toMatchObject({
      start: 9.7,
      origin: 9.7,
      end: 12,
      wall: WALL,
    })
  })

  it('without a program date time says nothing', () => {
    expect(spanOf(fragment({ programDateTime: null }))).toBeNull()
  })
})

describe('a fragment after a discontinuity, whose first frame hls.js has moved ahead by 0.3 s', () => {
  const joint = spanOf(
    fragment({
      tagList: [['DIS'], ['INF', '2.000000', '']],
      elementaryStreams: { video: { startPTS: 9.7, endPTS: 12.01 } },
    }),
  )
  const clock = new MediaClock()
  if (joint) clock.add(joint)

  it('is placed by its end', () => {
    expect(joint?.origin).toBeCloseTo(10.01)
    expect(clock.wall(11.01)).toBeCloseTo(WALL + 1000)
  })

  it('shows its first frame until the second one is due', () => {
    expect(clock.wall(9.7)).toBe(WALL)
  })

  it('is placed exactly as soon as the next fragment is known', () => {
    const next = spanOf(
      fragment({ sn: 8, programDateTime: WALL + 2000, elementaryStreams: { video: { startPTS: 12, endPTS: 14 } } }),
    )
    if (next) clock.add(next)
    expect(clock.wall(11)).toBeCloseTo(WALL + 1000)
    expect(clock.media(WALL + 500)).toBeCloseTo(10.5)
    expect(clock.wall(12.5)).toBeCloseTo(WALL + 2500)
  })
})

describe('the media clock', () => {
  const clock = new MediaClock()
  clock.add(span({ start: 4, end: 6, wall: WALL + 4000 }))
  clock.add(span({ start: 0, end: 2, wall: WALL }))
  clock.add(span({ start: 2, end: 4, wall: WALL + 12_000 })) // after a discontinuity: ten seconds went by

  it('tells the wall clock of a presented frame, whatever the order of loading', () => {
    expect(clock.wall(1.5)).toBe(WALL + 1500)
    expect(clock.wall(3)).toBe(WALL + 13_000)
    expect(clock.wall(5)).toBe(WALL + 5000)
  })

  it('counts a first frame whose time was rounded down to its own fragment', () => {
    expect(clock.wall(1.999999)).toBeCloseTo(WALL + 12_000, 1)
  })

  it('knows nothing before its fragments, nor far beyond them', () => {
    expect(clock.wall(-1)).toBeNull()
    expect(clock.wall(60)).toBeNull()
    expect(new MediaClock().wall(1)).toBeNull()
  })

  it('finds the media time of an instant', () => {
    expect(clock.media(WALL + 13_500)).toBeCloseTo(3.5)
    expect(clock.media(WALL + 99_000)).toBeNull()
  })

  it('takes a fragment that was fetched again in place of the old one', () => {
    const again = new MediaClock()
    again.add(span({ start: 0, end: 2, wall: WALL }))
    again.add(span({ start: 0.0002, end: 2, wall: WALL + 1 }))
    expect(again.size).toBe(1)
    expect(again.wall(1)).toBeCloseTo(WALL + 1000.8, 1)
  })

  it('stays bounded and forgets what is farthest away', () => {
    const small = new MediaClock(10)
    for (let at = 0; at < 100; at += 1) small.add(span({ start: at, end: at + 1, wall: WALL + at * 1000 }))
    expect(small.size).toBe(10)
    expect(small.wall(99.5)).toBe(WALL + 99_500)
    expect(small.wall(5)).toBeNull()
    small.add(span({ start: 1, end: 2, wall: WALL }))
    expect(small.wall(1.5)).toBe(WALL + 500)
    expect(small.size).toBe(10)
  })
})
