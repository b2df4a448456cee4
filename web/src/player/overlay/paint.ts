import type { Box } from '../../data/documents/model'
import { paintOf } from './colors'
import type { Shown } from './timeline'

export interface Size {
  readonly width: number
  readonly height: number
}

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
  outline(context, x, y, width, height, 4, 'rgb(0 0 0 / 0.45)')
  outline(context, x, y, width, height, 2, fill)
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

function outline(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  width: number,
  height: number,
  line: number,
  color: string,
): void {
  context.strokeStyle = color
  context.lineWidth = line
  context.beginPath()
  context.roundRect(x, y, width, height, 4)
  context.stroke()
}
