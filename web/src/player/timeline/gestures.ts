/** Gestures on a timeline. Places are CSS pixels from its left and top. */
export interface Handled {
  zoom(factor: number, x: number): void
  pan(pixels: number): void
  hover(place: { readonly x: number; readonly y: number } | null): void
  click(x: number, y: number): void
}

/** A press that moves less is a click. */
const STILL = 4
/** A notch of a wheel is about 100 pixels; half the span, or double. */
const NOTCH = 144

/** Mouse, pen, fingers and wheel: drag pans, two fingers or Ctrl and the wheel zoom, a click is a click. */
export class Gestures {
  private readonly pointers = new Map<number, { x: number; y: number }>()
  private moved = 0

  constructor(
    private readonly element: HTMLElement,
    private readonly handled: Handled,
    /** Whether the wheel alone zooms; else the page scrolls, as anywhere. */
    private readonly wheelZooms: () => boolean,
  ) {
    element.addEventListener('pointerdown', this.down)
    element.addEventListener('pointermove', this.move)
    element.addEventListener('pointerup', this.up)
    element.addEventListener('pointercancel', this.cancel)
    element.addEventListener('pointerleave', this.leave)
    element.addEventListener('wheel', this.wheel, { passive: false })
  }

  private place(event: MouseEvent): { x: number; y: number } {
    const { left, top } = this.element.getBoundingClientRect()
    return { x: event.clientX - left, y: event.clientY - top }
  }

  private readonly down = (event: PointerEvent): void => {
    if (event.button !== 0) return
    if (this.pointers.size === 0) this.moved = 0
    this.pointers.set(event.pointerId, this.place(event))
    this.element.setPointerCapture(event.pointerId)
  }

  private readonly move = (event: PointerEvent): void => {
    const now = this.place(event)
    const before = this.pointers.get(event.pointerId)
    if (!before) {
      if (event.pointerType !== 'touch') this.handled.hover(now)
      return
    }
    const [other] = [...this.pointers].filter(([id]) => id !== event.pointerId).map(([, place]) => place)
    this.moved += Math.abs(now.x - before.x) + Math.abs(now.y - before.y)
    this.pointers.set(event.pointerId, now)
    if (this.moved < STILL) return
    this.handled.hover(null)
    if (!other) this.handled.pan(before.x - now.x)
    else this.pinch(other.x, before.x, now.x)
  }

  /** One finger rests at `other`, the other one moves: what is under both stays under both. */
  private pinch(other: number, before: number, now: number): void {
    const [was, is] = [Math.max(12, Math.abs(before - other)), Math.max(12, Math.abs(now - other))]
    this.handled.zoom(was / is, other)
  }

  private readonly up = (event: PointerEvent): void => {
    if (!this.pointers.delete(event.pointerId)) return
    const { x, y } = this.place(event)
    if (this.moved < STILL && this.pointers.size === 0) this.handled.click(x, y)
  }

  private readonly cancel = (event: PointerEvent): void => {
    this.pointers.delete(event.pointerId)
  }

  private readonly leave = (event: PointerEvent): void => {
    if (!this.pointers.has(event.pointerId)) this.handled.hover(null)
  }

  private readonly wheel = (event: WheelEvent): void => {
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 33 : 1
    const [across, down] = event.shiftKey && event.deltaX === 0 ? [event.deltaY, 0] : [event.deltaX, event.deltaY]
    if (Math.abs(across) > Math.abs(down)) this.handled.pan(across * pixels)
    // A pinch on a touch pad comes as a wheel with Ctrl.
    else if (event.ctrlKey || event.metaKey || this.wheelZooms()) {
      this.handled.zoom(2 ** ((down * pixels * (event.ctrlKey ? 2 : 1)) / NOTCH), this.place(event).x)
    } else return
    event.preventDefault()
  }
}
