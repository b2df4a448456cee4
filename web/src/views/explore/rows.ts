/** Layout of tiles in a grid, and the rows that need to exist. Pixels. */
export interface Layout {
  readonly columns: number
  readonly row: number
  readonly rows: number
}

export const GAP = 12
const LEAST = 196
const CAPTION = 58

/** Tiles of 16:9 with a caption, as many beside each other as fit. */
export function layout(count: number, width: number): Layout {
  const columns = Math.max(2, Math.floor((width + GAP) / (LEAST + GAP)))
  const tile = (width - GAP * (columns - 1)) / columns
  return { columns, row: Math.round((tile * 9) / 16 + CAPTION + GAP), rows: Math.ceil(count / columns) }
}

/** First and one past the last tile of the rows between `top` and `bottom`, and a few beyond for scrolling. */
export function visible({ columns, row, rows }: Layout, top: number, bottom: number, beyond = 3): [number, number] {
  const first = Math.min(Math.max(0, rows - 1), Math.max(0, Math.floor(top / row) - beyond))
  const last = Math.min(rows, Math.max(first + 1, Math.ceil(bottom / row) + beyond))
  return [first * columns, last * columns]
}

/** The tile that an arrow key leads to; null: not a key of the grid. */
export function stepped(key: string, at: number, count: number, { columns }: Layout): number | null {
  const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[key]
  if (key === 'Home') return 0
  if (key === 'End') return count - 1
  if (by === undefined) return null
  const to = at + by
  return to >= 0 && to < count ? to : at
}
