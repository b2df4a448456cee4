import type { Detection, Frame } from './documents/model'

/** One stretch of sampled frames on which a label was seen without a break. */
export interface Sighting {
  readonly id: string
  readonly label: string
  readonly kind: string
  readonly provider: string
  readonly from: number
  readonly to: number
  /** The frame on which it was surest, and what was seen there. */
  readonly frame: Frame
  readonly best: Detection
}

/** Sightings in `frames` (sorted by time), newest first, at most `limit`. */
export function sightings(frames: readonly Frame[], limit: number): readonly Sighting[] {
  const kinds = new Set(frames.flatMap(({ analyses }) => [...analyses.keys()]))
  return [...kinds]
    .flatMap((kind) => ofKind(frames, kind))
    .sort((a, b) => b.from - a.from || a.label.localeCompare(b.label))
    .slice(0, limit)
}

/** A frame that was not analysed for this kind, or in vain, neither goes on with a sighting nor ends it. */
function ofKind(frames: readonly Frame[], kind: string): readonly Sighting[] {
  const ended: Sighting[] = []
  let current: ReadonlyMap<string, Sighting> = new Map()
  for (const frame of frames) {
    const analysis = frame.analyses.get(kind)
    if (!analysis || analysis.error !== null) continue
    const now = new Map<string, Sighting>()
    for (const best of strongest(analysis.detections)) {
      now.set(best.label, extended(current.get(best.label), frame, analysis.provider, best))
    }
    for (const [label, sighting] of current) if (!now.has(label)) ended.push(sighting)
    current = now
  }
  return [...ended, ...current.values()]
}

function extended(before: Sighting | undefined, frame: Frame, provider: string, best: Detection): Sighting {
  if (!before) {
    const { label, kind } = best
    return { id: `${kind}/${label}@${frame.id}`, label, kind, provider, from: frame.time, to: frame.time, frame, best }
  }
  return best.confidence > before.best.confidence
    ? { ...before, to: frame.time, frame, best }
    : { ...before, to: frame.time }
}

/** The surest detection of each label. */
function strongest(detections: readonly Detection[]): Iterable<Detection> {
  const found = new Map<string, Detection>()
  for (const detection of detections) {
    if (detection.confidence > (found.get(detection.label)?.confidence ?? -1)) found.set(detection.label, detection)
  }
  return found.values()
}
