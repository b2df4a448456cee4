import type { Box, Point } from '../../data/documents/model'
import { paintOf } from './colors'
import type { Shown } from './timeline'

export interface Size {
  readonly width: number
  readonly height: number
}

/** Corners of a box, in 0..1 of it, and how far from one of them a corner is that does not lean. */
const STRAIGHT: readonly Point[] = [0, 1].flatMap((x) => [0, 1].map((y) => ({ x, y })))
const UPRIGHT = 0.12

/** Rectangle of a picture that is fitted whole into a box (object-fit: contain). */
export function contain(picture: Size, box: Size): Box {
  if (picture.width <= 0 || picture.height <= 0) return { x: 0, y: 0, ...box }
  const scale = Math.min(box.width / picture.width, box.height / picture.height)
  const width = picture.width * scale
  const height = picture.height * scale
  return { x: (box.width - width) / 2, y: (box.height - height) / 2, width, height }
}

/**
 * Draws boxes and tags; dashed where a place is a guess. `area` is the picture's place in CSS pixels; `ratio` device
 * pixels per CSS pixel.
 */
export function paint(context: CanvasRenderingContext2D, area: Box, shown: readonly Shown[], ratio: number): void {
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.clearRect(0, 0, context.canvas.width / ratio, context.canvas.height / ratio)
  const size = Math.round(Math.min(16, Math.max(11, area.width / 70)))
  context.font = `600 ${size}px system-ui, "Segoe UI", Roboto, sans-serif`
  context.textBaseline = 'middle'
  // The surest on top.
  for (const detection of [...shown].sort((a, b) => a.confidence - b.confidence)) {
    context.setLineDash(detection.settled ? [] : [size / 2, size / 3])
    if (detection.box) drawOne(context, area, detection, detection.box, size)
  }
}

function drawOne(context: CanvasRenderingContext2D, area: Box, detection: Shown, box: Box, size: number): void {
  const x = area.x + box.x * area.width
  const y = area.y + box.y * area.height
  const width = box.width * area.width
  const height = box.height * area.height
  const { fill, ink } = paintOf(detection.label)
  context.lineJoin = 'round'
  const shape = shapeOf({ x, y, width, height }, detection.corners)
  outline(context, shape, 4, 'rgb(0 0 0 / 0.45)')
  outline(context, shape, 2, fill)
  const text = `${detection.label}  ${Math.round(detection.confidence * 100)}`
  const tag = { width: context.measureText(text).width + size, height: size * 1.6 }
  const left = Math.max(area.x, Math.min(x - 1, area.x + area.width - tag.width))
  const above = y - tag.height - 3
  // Above the box; inside its top edge where there is no room above.
  const top = above >= area.y ? above : Math.max(area.y, y) + 3
  context.fillStyle = fill
  context.beginPath()
  context.roundRect(left, top, tag.width, tag.height, 4)
  context.fill()
  context.fillStyle = ink
  context.fillText(text, left + size / 2, top + tag.height / 2 + 0.5)
}

/** The outline of a box in pixels: of its thing's corners (0 to 1 of it) if they lean, else of the box itself. */
export function shapeOf(box: Box, corners: readonly Point[] | undefined): readonly Point[] | Box {
  const leans = corners?.some(({ x, y }) => !STRAIGHT.some((at) => Math.abs(at.x - x) + Math.abs(at.y - y) < UPRIGHT))
  return leans && corners ? corners.map((at) => ({ x: box.x + at.x * box.width, y: box.y + at.y * box.height })) : box
}

function outline(context: CanvasRenderingContext2D, shape: readonly Point[] | Box, line: number, color: string): void {
  context.strokeStyle = color
  context.lineWidth = line
  context.beginPath()
  if ('width' in shape) {
    context.roundRect(shape.x, shape.y, shape.width, shape.height, 4)
  } else {
    for (const { x, y } of shape) context.lineTo(x, y)
    context.closePath()
  }
  context.stroke()
}
