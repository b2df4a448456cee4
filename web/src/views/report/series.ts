import type { Appearance } from './model'

/** Series over time, computed from appearances and their tracks. */

export interface Shares {
  /** The middle of each cell of time (s). */
  readonly times: readonly number[]
  /** By label: the part of the screen in each cell, on average. */
  readonly byLabel: ReadonlyMap<string, readonly number[]>
}

/** Share of the screen of each of `labels` from 0 to `until` (s), in `cells` equal cells. */
export function sharesOverTime(
  appearances: readonly Appearance[],
  labels: readonly string[],
  until: number,
  cells: number,
): Shares {
  const width = until / cells
  const byLabel = new Map(labels.map((label) => [label, new Array<number>(cells).fill(0)]))
  for (const { label, track, to } of appearances) {
    const shares = byLabel.get(label)
    if (!shares) continue
    track.forEach(({ time, box }, index) => {
      spread(shares, width, time, track[index + 1]?.time ?? to, box.width * box.height)
    })
  }
  // Boxes of one label that overlap count once in the report, and here at most as the whole screen.
  const capped = [...byLabel].map(([label, shares]) => [label, shares.map((share) => Math.min(1, share))] as const)
  return { times: Array.from({ length: cells }, (_, cell) => (cell + 0.5) * width), byLabel: new Map(capped) }
}

/** Adds `area` to the cells between two times, to each by as much of it as lies between. */
function spread(shares: number[], width: number, from: number, to: number, area: number): void {
  const last = Math.min(shares.length - 1, Math.ceil(to / width) - 1)
  for (let cell = Math.max(0, Math.floor(from / width)); cell <= last; cell += 1) {
    const part = (Math.min(to, (cell + 1) * width) - Math.max(from, cell * width)) / width
    shares[cell] = (shares[cell] ?? 0) + area * Math.max(0, part)
  }
}

/** The stretches during which a label was there, in 0..1 of `until`: those that overlap or nearly touch as one. */
export function presence(appearances: readonly Appearance[], until: number): ReadonlyMap<string, readonly Stretch[]> {
  const found = new Map<string, Stretch[]>()
  for (const { label, from, to } of [...appearances].sort((a, b) => a.from - b.from)) {
    const stretches = found.get(label) ?? []
    found.set(label, stretches)
    const last = stretches.at(-1)
    const [start, end] = [from / until, Math.min(1, to / until)]
    if (last && start - last.to < NEAR)
      stretches[stretches.length - 1] = { from: last.from, to: Math.max(last.to, end) }
    else stretches.push({ from: start, to: end })
  }
  return found
}

export interface Stretch {
  readonly from: number
  readonly to: number
}

/** Stretches closer together than this are joined at any width of the page. */
const NEAR = 1 / 1000

/** Stretches as the path of an SVG 1000 wide and 1 high; none narrower than can be seen. */
export function lane(stretches: readonly Stretch[]): string {
  return stretches
    .map(({ from, to }) => {
      const wide = Math.max(2, (to - from) * 1000)
      return `M${Math.min(1000 - wide, from * 1000).toFixed(1)} 0h${wide.toFixed(1)}v1h-${wide.toFixed(1)}z`
    })
    .join('')
}
