import type { Box, Detection } from '../../data/documents/model'
import { type Matched, overlap } from './match'

/** Intersection over union from which on two boxes lie in the same place. */
const STILL = 0.97

/** Boxes of a thing at two instants (s of the session), the later one being `to`. */
export interface Course {
  readonly from: Box
  readonly to: Box
  readonly seconds: number
}

/** A detection at an instant. `guessed`: it was moved to where it was not seen. */
export interface Placed {
  readonly detection: Detection
  /** Its box on the sampled frame. */
  readonly seen: Box | null
  readonly guessed: boolean
}

/** An instant between two sampled frames, one after the other, for one kind. */
export interface Stretch {
  readonly matched: Matched
  /** Whether the later frame was analysed for this kind as well. */
  readonly known: boolean
  /** Another picture begins with the later frame: nothing moves from one into the other. */
  readonly cut: boolean
  /** 0 on the earlier frame to 1 on the later one; 0 as long as nothing changes. */
  readonly share: number
  /** Seconds since things began to move, and until the later frame. */
  readonly since: number
  readonly until: number
  /** Motion of a detection before the earlier frame, and after the later one. */
  readonly before: (detection: Detection) => Course | null
  readonly after: (detection: Detection) => Course | null
}

/** Detections of the earlier frame at this instant. */
export function leaving({ matched, known, cut, share, since, before }: Stretch): readonly Placed[] {
  return matched.pairs.flatMap(({ from, to }) => {
    if (!known || cut) return guess(from, before(from), since)
    if (to) return [{ detection: between(from, to, share), seen: from.box, guessed: false }]
    // Gone on the later frame, since an unknown time: half of the way is the best guess.
    return share < 0.5 ? guess(from, before(from), since) : []
  })
}

/** New detections of the later frame, from half of the way on. A cut brings all of them at once. */
export function coming({ matched, known, cut, share, until, after }: Stretch): readonly Placed[] {
  if (!known || cut || share < 0.5) return []
  return matched.fresh.flatMap((detection) => guess(detection, after(detection), -until))
}

/** The detection `by` seconds on, if it goes on as it did; for one interval at most. Nothing once it is out of sight. */
function guess(detection: Detection, course: Course | null, by: number): readonly Placed[] {
  const seen = detection.box
  if (!seen || !course || by === 0) return [{ detection, seen, guessed: false }]
  const box = inSight(moved(seen, course, by))
  // A thing that stood still is not guessed to be elsewhere.
  const guessed = box !== null && overlap(box, seen) < STILL
  return box ? [{ detection: { ...detection, box }, seen, guessed }] : []
}

function moved(box: Box, { from, to, seconds }: Course, by: number): Box {
  const share = Math.max(-1, Math.min(1, by / seconds))
  const gain = (a: number, b: number): number => (b - a) * share
  // It may come nearer, but does not turn inside out.
  const size = (now: number, change: number): number => Math.max(now / 2, Math.min(now * 2, now + change))
  const width = size(box.width, gain(from.width, to.width))
  const height = size(box.height, gain(from.height, to.height))
  return {
    x: box.x + gain(from.x + from.width / 2, to.x + to.width / 2) + (box.width - width) / 2,
    y: box.y + gain(from.y + from.height / 2, to.y + to.height / 2) + (box.height - height) / 2,
    width,
    height,
  }
}

/** The part of a box that lies on the picture. */
function inSight({ x, y, width, height }: Box): Box | null {
  const [left, top] = [Math.max(0, x), Math.max(0, y)]
  const [right, bottom] = [Math.min(1, x + width), Math.min(1, y + height)]
  return right > left && bottom > top ? { x: left, y: top, width: right - left, height: bottom - top } : null
}

/** The pair at `share` (0 to 1) of the way. */
function between(from: Detection, to: Detection, share: number): Detection {
  if (share === 0) return from
  const box = from.box && to.box ? mix(from.box, to.box, share) : from.box
  return { ...from, box, confidence: lerp(from.confidence, to.confidence, share) }
}

const lerp = (a: number, b: number, share: number): number => a + (b - a) * share

/** The box `share` of the way from `a` to `b`. */
export function mix(a: Box, b: Box, share: number): Box {
  return {
    x: lerp(a.x, b.x, share),
    y: lerp(a.y, b.y, share),
    width: lerp(a.width, b.width, share),
    height: lerp(a.height, b.height, share),
  }
}
