import { describe, expect, it } from 'vitest'
import { Aim } from './aim'
import { MediaClock } from './clock'
import { nextAfter, timeAt, wallAt, wallsOf } from './playlist-time'

/** Two fragments of 2 s, and one that was sent 6 s later. */
const FRAGMENTS = [
  { start: 10, duration: 2, programDateTime: 1000 },
  { start: 12, duration: 2, programDateTime: 3000 },
  { start: 14, duration: 2, programDateTime: 11_000 },
]
const span = (start: number, wall: number) => ({ start, end: start + 2, origin: start, wall, joint: null, sn: 0 })

describe('places', () => {
  it('finds instants and times in the fragments that hold them', () => {
    expect(timeAt(FRAGMENTS, 3500)).toBe(12.5)
    expect(wallAt(FRAGMENTS, 12.5)).toBe(3500)
    expect(wallsOf(FRAGMENTS)).toEqual({ from: 1000, to: 13_000 })
  })

  it('knows nothing of what no piece holds', () => {
    expect(timeAt(FRAGMENTS, 7000)).toBeNull()
    expect(wallAt(FRAGMENTS, 16)).toBeNull()
    expect(wallsOf([])).toBeNull()
    expect(wallsOf([{ start: 0, duration: 2, programDateTime: null }])).toBeNull()
  })

  it('goes on after a gap, and ends at the last piece', () => {
    expect(nextAfter(FRAGMENTS, 7000)).toBe(14)
    expect(nextAfter(FRAGMENTS, 20_000)).toBe(14)
    expect(nextAfter([], 0)).toBeNull()
  })
})

describe('aim', () => {
  it('is corrected once the fragment says where its picture begins', () => {
    const [video, clock] = [{ currentTime: 0 }, new MediaClock()]
    const aim = new Aim(video, clock)
    expect(aim.show(1500, FRAGMENTS)).toBe(true)
    expect(video.currentTime).toBeCloseTo(10.501)
    clock.add(span(10.3, 1000))
    aim.correct()
    expect(video.currentTime).toBeCloseTo(10.801)
  })

  it('leaves alone who has gone elsewhere meanwhile', () => {
    const [video, clock] = [{ currentTime: 0 }, new MediaClock()]
    const aim = new Aim(video, clock)
    aim.show(1500, FRAGMENTS)
    video.currentTime = 14
    clock.add(span(10.3, 1000))
    aim.correct()
    expect(video.currentTime).toBe(14)
  })

  it('begins a recording where it goes on, and says that a live one has moved on', () => {
    const video = { currentTime: 0 }
    const aim = new Aim(video, new MediaClock())
    aim.beginAt(7000)
    expect(aim.begin({ live: false, fragments: FRAGMENTS })).toBe(true)
    expect(video.currentTime).toBeCloseTo(14.001)
    aim.beginAt(7000)
    expect(aim.begin({ live: true, fragments: FRAGMENTS })).toBe(false)
    expect(aim.begin({ live: true, fragments: FRAGMENTS })).toBe(true)
  })
})
