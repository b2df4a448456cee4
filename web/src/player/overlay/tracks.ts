import { lastAtMost } from '../../data/binary-search'
import type { Box, Detection, Frame, Track, TrackPoint, Tracks } from '../../data/documents/model'
import type { Matched } from './match'
import { mix } from './motion'
import { detections, type Pairing, speaks } from './pairing'

/** A frame is named in whole milliseconds (s). */
const SAME = 0.002

/** Sides of a box that differ by less, as a share of the frame, are the same. */
const NEAR = 0.002

/**
 * A track, and the detection that it is of, with the frame that has it: the earlier one if both do. If neither has it, the
 * frame to which the track leads, or at which it begins.
 */
export interface Followed {
  readonly track: Track
  readonly detection: Detection
  readonly frame: Frame
}

/** Detections of one kind on two frames: those with a box are followed from one to the other. */
export interface Following {
  readonly followed: readonly Followed[]
  /** The others, which concern the whole frame. */
  readonly boxless: Matched
}

/** Tracks of the detections on neighbouring frames, looked up once for each two frames and kind. */
export class Tracking {
  private readonly known = new WeakMap<Frame, Map<string, { next: Frame; following: Following | null }>>()

  constructor(private readonly pairing: Pairing) {}

  /** null where the frame's tracks do not speak for this kind up to `next`, or no longer fit what was found. */
  of(frame: Frame, next: Frame | undefined, kind: string): Following | null {
    const { tracks } = frame
    if (!tracks || !next || !speaks(frame, kind)) return null
    let kinds = this.known.get(frame)
    if (!kinds) {
      kinds = new Map()
      this.known.set(frame, kinds)
    }
    const known = kinds.get(kind)
    if (known?.next === next) return known.following
    const following = this.follow(tracks, frame, next, kind)
    kinds.set(kind, { next, following })
    return following
  }

  private follow({ to, kinds, items }: Tracks, frame: Frame, next: Frame, kind: string): Following | null {
    if (Math.abs(to - next.time) > SAME || !kinds.includes(kind) || !speaks(next, kind)) return null
    const tracks = items.filter((track) => track.kind === kind)
    const ends = tracks.filter(({ last }) => Math.abs(last.after - (next.time - frame.time)) <= SAME)
    const begins = tracks.filter(({ first }) => first.after === 0)
    const earlier = owners(detections(frame, kind), begins, ({ first }) => first)
    const later = owners(detections(next, kind), ends, ({ last }) => last)
    if (!earlier || !later) return null
    const { pairs, fresh } = this.pairing.of(frame, next, kind)
    return {
      followed: [
        ...[...earlier].map(([track, detection]) => ({ track, detection, frame })),
        ...[...later]
          .filter(([track]) => !earlier.has(track))
          .map(([track, detection]) => ({ track, detection, frame: next })),
        ...tracks.flatMap((track) => stray(track, begins.includes(track) ? frame : next)),
      ],
      boxless: { pairs: pairs.filter(({ from }) => !from.box), fresh: fresh.filter(({ box }) => !box) },
    }
  }
}

/** A track whose thing was seen on neither frame. */
function stray(track: Track, frame: Frame): readonly Followed[] {
  const { kind, label, confidence, first, last } = track
  if (confidence === null) return []
  return [{ track, frame, detection: { kind, label, confidence, box: (first.after === 0 ? first : last).box } }]
}

/** Tracks with the detection that each is of; null if a detection with a box has none. */
function owners(
  found: readonly Detection[],
  tracks: readonly Track[],
  pointOf: (track: Track) => TrackPoint,
): ReadonlyMap<Track, Detection> | null {
  const owned = new Map<Track, Detection>()
  for (const detection of found) {
    const { box, label } = detection
    if (!box) continue
    const track = tracks.find((one) => one.label === label && !owned.has(one) && near(pointOf(one).box, box))
    if (!track) return null
    owned.set(track, detection)
  }
  return owned
}

const near = (a: Box, b: Box): boolean =>
  Math.max(Math.abs(a.x - b.x), Math.abs(a.y - b.y), Math.abs(a.width - b.width), Math.abs(a.height - b.height)) <= NEAR

/** Whether a track has begun and not yet ended `after` seconds, give or take `tolerance`. */
export const isThere = ({ first, last }: Track, after: number, tolerance: number): boolean =>
  after >= first.after - tolerance && after <= last.after + tolerance

const secondsAfter = ({ after }: TrackPoint): number => after

/** The box of a track `after` seconds: between two of its points, or at its end if that is nearer. */
export function boxAt({ first, points }: Track, after: number): Box {
  const index = lastAtMost(points, after, secondsAfter)
  const from = points[index] ?? first
  const to = points[index + 1]
  return to && from !== to ? mix(from.box, to.box, (after - from.after) / (to.after - from.after)) : from.box
}
