import { clock } from '../../data/format'
import type { Size } from '../overlay/paint'
import type { Stretch } from './coverage'
import { between, type Lane } from './lanes'
import { Scale, ticks, type View } from './view'

/** Heights in CSS pixels. */
export const ROW = 26
export const AXIS = 26
const BAR = 12
/** Least width of a bar. */
const LEAST = 2

export interface Palette {
  /** Of a label's bars, from its hue. */
  readonly bar: (hue: number) => string
  readonly ink: string
  readonly faint: string
  readonly line: string
  readonly track: string
  readonly live: string
  /** Pixels of the axis's letters. */
  readonly letters: number
}

export interface Scene {
  readonly view: View
  readonly end: number
  readonly lanes: readonly Lane[]
  readonly hues: readonly number[]
  /** The known part, and the playable part; null if that is everything, or nothing yet. */
  readonly known: readonly Stretch[]
  readonly reach: Stretch | null
  /** Lane and number of the appearance that is chosen. */
  readonly chosen: { readonly lane: number; readonly at: number } | null
}

/** Draws the part of a session that is in view. What it costs depends on the pixels, not on the appearances. */
export function paintTimeline(
  context: CanvasRenderingContext2D,
  scene: Scene,
  size: Size,
  palette: Palette,
  ratio: number,
): void {
  const scale = new Scale(scene.view, size.width)
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.clearRect(0, 0, size.width, size.height)
  paintTracks(context, scene, scale, palette)
  scene.lanes.forEach((lane, row) => {
    context.fillStyle = palette.bar(scene.hues[row] ?? 0)
    paintLane(context, lane, row, scale)
  })
  paintChosen(context, scene, scale, palette)
  paintAxis(context, scene, size, scale, palette)
}

const top = (row: number): number => row * ROW + (ROW - BAR) / 2

/** Tracks of the lanes over known parts: an empty place on one means that the label was not seen. */
function paintTracks(context: CanvasRenderingContext2D, scene: Scene, scale: Scale, palette: Palette): void {
  context.fillStyle = palette.track
  context.beginPath()
  for (const { from, to } of scene.known) {
    const [left, right] = clipped(scale, from, to)
    if (right < left) continue
    scene.lanes.forEach((_, row) => {
      context.roundRect(left, top(row), Math.max(LEAST, right - left), BAR, 3)
    })
  }
  context.fill()
}

/** Opacity of a bar by its covered share: many appearances on one pixel are not there all of the time. */
const SHADES = [0.3, 0.45, 0.62, 0.8, 1] as const
/** Bars that meet on the screen are drawn together, in pieces of this width at most. */
const PIECE = 6

/** Bars of one lane, by shade: left and right by turns. */
type Bars = readonly (readonly number[])[]

/** A path for each shade of a lane: their number does not depend on the appearances. */
function paintLane(context: CanvasRenderingContext2D, lane: Lane, row: number, scale: Scale): void {
  const bars = barsOf(lane, scale)
  const y = top(row)
  bars.forEach((sides, shade) => {
    if (sides.length === 0) return
    context.globalAlpha = SHADES[shade] ?? 1
    context.beginPath()
    for (let at = 0; at < sides.length; at += 2) addBar(context, sides[at] ?? 0, sides[at + 1] ?? 0, y, shade)
    context.fill()
  })
  context.globalAlpha = 1
}

function barsOf(lane: Lane, scale: Scale): Bars {
  const bars: number[][] = SHADES.map(() => [])
  let [left, right, covered, count] = [0, Number.NEGATIVE_INFINITY, 0, 0]
  const flush = (): void => {
    if (count === 0) return
    // One that stands alone is seen whole, however short it is.
    const share = count === 1 ? 1 : covered / (right - left)
    bars[Math.min(SHADES.length - 1, Math.round(share * (SHADES.length - 1)))]?.push(left, right)
  }
  const [first, end] = between(lane, scale.view.from, scale.view.to)
  for (let at = first; at < end; at += 1) {
    const x = Math.max(scale.x(lane.from[at] as number), -8)
    const exact = Math.min(scale.x(lane.to[at] as number), scale.width + 8) - x
    const apart = x > right + 1
    if (apart || right - left > PIECE) {
      flush()
      left = apart ? x : right
      covered = 0
      count = 0
    }
    right = Math.max(right, x + Math.max(exact, LEAST))
    covered += exact
    count += 1
  }
  flush()
  return bars
}

function addBar(context: CanvasRenderingContext2D, left: number, right: number, y: number, shade: number): void {
  // Round corners cost a multiple and cannot be seen on a sliver; the pieces of one bar have none between them.
  if (right - left > 7 && shade === SHADES.length - 1) context.roundRect(left, y, right - left, BAR, 3)
  else context.rect(left, y, right - left, BAR)
}

function paintChosen(context: CanvasRenderingContext2D, scene: Scene, scale: Scale, palette: Palette): void {
  const lane = scene.chosen && scene.lanes[scene.chosen.lane]
  if (!lane || !scene.chosen) return
  const { at, lane: row } = scene.chosen
  const [left, right] = clipped(scale, lane.from[at] ?? 0, lane.to[at] ?? 0)
  context.strokeStyle = palette.ink
  context.lineWidth = 2
  context.beginPath()
  context.roundRect(left - 2, top(row) - 3, Math.max(LEAST, right - left) + 4, BAR + 6, 4)
  context.stroke()
}

function paintAxis(context: CanvasRenderingContext2D, scene: Scene, size: Size, scale: Scale, palette: Palette): void {
  const y = scene.lanes.length * ROW + 4
  paintLine(context, y, 0, scene.end, scale, palette.line)
  if (scene.reach) paintLine(context, y, scene.reach.from, scene.reach.to, scale, palette.live)
  context.fillStyle = palette.faint
  context.font = `${palette.letters}px system-ui, "Segoe UI", Roboto, sans-serif`
  context.textBaseline = 'top'
  for (const time of ticks(scale)) {
    const x = scale.x(time)
    context.fillRect(x, y, 1, 6)
    const text = clock(time)
    const width = context.measureText(text).width
    // Whole at both ends, and centred under its tick in between.
    context.fillText(text, Math.max(0, Math.min(size.width - width, x - width / 2)), y + 9)
  }
}

/** A line of 3 px from one instant to another. */
function paintLine(
  context: CanvasRenderingContext2D,
  y: number,
  from: number,
  to: number,
  scale: Scale,
  color: string,
): void {
  const [left, right] = clipped(scale, from, to)
  context.fillStyle = color
  if (right > left) context.fillRect(left, y, right - left, 3)
}

/** Places of two instants, no further out than a little beyond the edges. */
function clipped(scale: Scale, from: number, to: number): readonly [number, number] {
  return [Math.max(-8, scale.x(from)), Math.min(scale.width + 8, scale.x(to))]
}
