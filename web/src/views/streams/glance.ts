import type { Detection, Frame } from '../../data/documents/model'

/** Content of a tile: the stream's newest picture, and the labels of the newest analysed frame. */
export interface Glance {
  readonly picture: Frame | null
  /** The surest detection of each label, surest first. */
  readonly labels: readonly Detection[]
}

/** `frames` are sorted by time. */
export function glance(frames: readonly Frame[]): Glance {
  const picture = frames.findLast(({ snapshot }) => snapshot !== null) ?? null
  const analysed = frames.findLast(({ analyses }) => [...analyses.values()].some(({ error }) => error === null))
  const surest = new Map<string, Detection>()
  for (const { detections } of analysed?.analyses.values() ?? []) {
    for (const one of detections) {
      const key = `${one.kind}/${one.label}`
      if (one.confidence > (surest.get(key)?.confidence ?? -1)) surest.set(key, one)
    }
  }
  return { picture, labels: [...surest.values()].sort((a, b) => b.confidence - a.confidence) }
}
