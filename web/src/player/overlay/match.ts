import type { Box, Detection } from '../../data/documents/model'

/** Matches the detections of two frames: pairs that show the same thing, and those that only one frame has. */
export interface Matched {
  readonly pairs: readonly Pair[]
  /** Of the later frame, without a partner in the earlier one. */
  readonly fresh: readonly Detection[]
}

export interface Pair {
  readonly from: Detection
  readonly to: Detection | null
}

/** Each detection of the earlier frame with the nearest of the same label in the later one, nearest pairs first. */
export function match(earlier: readonly Detection[], later: readonly Detection[]): Matched {
  const candidates = earlier.flatMap((from) =>
    later
      .filter((to) => to.label === from.label && to.kind === from.kind)
      .map((to) => ({ from, to, cost: distance(from.box, to.box) }))
      .filter(({ cost }) => cost < Number.POSITIVE_INFINITY),
  )
  candidates.sort((a, b) => a.cost - b.cost)
  const partner = new Map<Detection, Detection>()
  const taken = new Set<Detection>()
  for (const { from, to } of candidates) {
    if (partner.has(from) || taken.has(to)) continue
    partner.set(from, to)
    taken.add(to)
  }
  return {
    pairs: earlier.map((from) => ({ from, to: partner.get(from) ?? null })),
    fresh: later.filter((to) => !taken.has(to)),
  }
}

/** Between centres, in frames; boxes that overlap come first, and those of quite another size are never the same. */
function distance(a: Box | null, b: Box | null): number {
  if (!a || !b) return a === b ? 0 : Number.POSITIVE_INFINITY
  const ratio = (a.width * a.height) / (b.width * b.height)
  if (!(ratio > 1 / 9 && ratio < 9)) return Number.POSITIVE_INFINITY
  const centres = Math.hypot(a.x + a.width / 2 - b.x - b.width / 2, a.y + a.height / 2 - b.y - b.height / 2)
  return centres - 2 * overlap(a, b)
}

/** Intersection over union. */
export function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  if (width <= 0 || height <= 0) return 0
  const both = width * height
  return both / (a.width * a.height + b.width * b.height - both)
}
