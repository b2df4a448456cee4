import { rem } from '../../style/styled'
import { onDensity } from '../../ui/density'
import { AXIS, type Palette, paintTimeline, ROW, type Scene } from './paint'

/** The canvas of a timeline: as large as it is shown, in the colours of the page, painted once a frame at most. */
export class Stage {
  width = 0
  private palette: Palette | null = null
  private frame = 0
  private readonly sized: ResizeObserver
  private readonly endDensity: () => void
  private readonly light = window.matchMedia('(prefers-color-scheme: light)')

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly scene: () => Scene | null,
    private readonly painted: () => void,
  ) {
    this.sized = new ResizeObserver(([entry]) => {
      this.width = entry?.contentRect.width ?? 0
      this.paint()
    })
    this.sized.observe(canvas)
    this.endDensity = onDensity(this.request)
    this.light.addEventListener('change', this.recolor)
  }

  close(): void {
    this.sized.disconnect()
    this.endDensity()
    this.light.removeEventListener('change', this.recolor)
    cancelAnimationFrame(this.frame)
  }

  /** Paints before the browser draws next, however often it is asked to until then. */
  readonly request = (): void => {
    if (this.frame === 0) this.frame = requestAnimationFrame(this.paint)
  }

  private readonly recolor = (): void => {
    this.palette = null
    this.request()
  }

  private readonly paint = (): void => {
    cancelAnimationFrame(this.frame)
    this.frame = 0
    const scene = this.scene()
    const context = this.canvas.getContext('2d')
    if (!scene || !context || this.width === 0) return
    const ratio = window.devicePixelRatio || 1
    const size = { width: this.width, height: scene.lanes.length * ROW + AXIS }
    const pixels = { width: Math.round(size.width * ratio), height: Math.round(size.height * ratio) }
    if (this.canvas.width !== pixels.width || this.canvas.height !== pixels.height) Object.assign(this.canvas, pixels)
    this.palette ??= paletteOf(this.canvas)
    paintTimeline(context, scene, size, this.palette, ratio)
    this.painted()
  }
}

/** The colours that the page has for `element` now. */
function paletteOf(element: Element): Palette {
  const style = getComputedStyle(element)
  const value = (name: string): string => style.getPropertyValue(name).trim()
  const [lightness, chroma] = [value('--label-l'), value('--label-c')]
  return {
    bar: (hue) => `oklch(${lightness} ${chroma} ${hue})`,
    ink: value('--ink'),
    faint: value('--faint'),
    line: value('--line'),
    track: value('--raised'),
    live: value('--live'),
    letters: 0.6875 * rem(),
  }
}
