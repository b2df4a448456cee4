/** The part of a session that is shown, in seconds of it. */
export interface View {
  readonly from: number
  readonly to: number
}

/** Seconds that are shown at least: looks are a second apart, so closer there is nothing to see. */
const CLOSEST = 4
/** Of a session that has only just begun. */
const SHORTEST = 20

/** The whole session, which ends at `end`. */
export const entire = (end: number): View => ({ from: 0, to: Math.max(end, SHORTEST) })

export const span = (view: View): number => view.to - view.from

export const isWhole = (view: View, end: number): boolean => span(view) >= span(entire(end)) - 0.001

/** Shows `factor` times as much, with the instant `at` where it is. */
export function zoom(view: View, factor: number, at: number, end: number): View {
  const whole = span(entire(end))
  const wanted = Math.min(whole, Math.max(CLOSEST, span(view) * factor))
  const share = (at - view.from) / span(view)
  return within(at - share * wanted, wanted, end)
}

/** Moved by so many seconds, as far as the session goes. */
export const pan = (view: View, by: number, end: number): View => within(view.from + by, span(view), end)

/** Moved as little as is needed for `from` to `to` to be seen. */
export function reveal(view: View, from: number, to: number, end: number): View {
  const room = span(view) * 0.08
  if (from - room < view.from) return pan(view, from - room - view.from, end)
  if (to + room > view.to) return pan(view, Math.min(to + room - view.to, from - room - view.from), end)
  return view
}

/** The view once a session that ended at `before` ends at `end`: what showed the whole, or the end, still does. */
export function follow(view: View, before: number, end: number): View {
  if (end === before || isWhole(view, before)) return isWhole(view, before) ? entire(end) : view
  return view.to >= entire(before).to - 0.001 ? within(end - span(view), span(view), end) : view
}

function within(from: number, wanted: number, end: number): View {
  const start = Math.max(0, Math.min(from, entire(end).to - wanted))
  return { from: start, to: start + wanted }
}

/** Places of instants across `width` pixels, and back. */
export class Scale {
  private readonly perSecond: number

  constructor(
    readonly view: View,
    readonly width: number,
  ) {
    this.perSecond = width / span(view)
  }

  x(time: number): number {
    return (time - this.view.from) * this.perSecond
  }

  time(x: number): number {
    return this.view.from + x / this.perSecond
  }

  /** Seconds that so many pixels are. */
  seconds(pixels: number): number {
    return pixels / this.perSecond
  }
}

const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400]

/** Round instants for the axis, at least `room` pixels apart. */
export function ticks(scale: Scale, room = 76): readonly number[] {
  const least = scale.seconds(room)
  const step = STEPS.find((one) => one >= least) ?? Math.ceil(least / 86400) * 86400
  const found: number[] = []
  for (let time = Math.ceil(scale.view.from / step) * step; time <= scale.view.to; time += step) found.push(time)
  return found
}
