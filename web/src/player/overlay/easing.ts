import type { Box, Detection } from '../../data/documents/model'
import { match } from './match'
import type { Shown } from './timeline'

/** Seconds of media time in which a box that was drawn elsewhere comes to where it belongs. */
const EASE = 0.15

/** Between two drawn frames lies less (s), unless the user has sought. */
const STEP = 0.5

/** Least correction that is eased, as a share of the frame. */
const LEAST = 0.002

type Offset = readonly [x: number, y: number, width: number, height: number]
interface Drawn {
  readonly time: number
  readonly revision: number
  /** As the timeline has it; and by how much each was drawn elsewhere. */
  readonly shown: readonly Shown[]
  readonly offsets: ReadonlyMap<Detection, Offset>
  /** When the last correction came. */
  readonly corrected: number
}

/**
 * When results arrive for a moment that is being drawn, boxes move to their new places smoothly, on media time: what was drawn
 * last differs from what is known of that same instant now by an offset, which goes to nothing.
 */
export class Easing {
  private last: Drawn | null = null

  /** Forgets what was drawn: the next boxes are drawn where they are. */
  reset(): void {
    this.last = null
  }

  /**
   * Detections to draw at `time` (s of the session). `revision` changes with new results; `again` returns what is known now of
   * an instant that was drawn before.
   */
  ease(
    time: number,
    shown: readonly Shown[],
    revision: number,
    again: (time: number) => readonly Shown[],
  ): readonly Shown[] {
    const { last } = this
    const offsets = last && time >= last.time && time - last.time < STEP ? carried(last, revision, again) : null
    const corrected = last && revision === last.revision ? last.corrected : (last?.time ?? time)
    const left = 1 - (time - corrected) / EASE
    if (!offsets || offsets.size === 0 || left <= 0) {
      this.last = { time, revision, shown, offsets: new Map(), corrected }
      return shown
    }
    // Offsets belong to what was drawn last: those of the same things now.
    const now = new Map<Detection, Offset>()
    for (const { from, to } of match([...offsets.keys()], shown).pairs) {
      const offset = offsets.get(from)
      if (to && offset) now.set(to, offset)
    }
    this.last = { time, revision, shown, offsets: now, corrected }
    return shown.map((one) => placed(one, now.get(one), left))
  }
}

/** Offsets of what was drawn last, from where it is now known to have been. */
function carried(
  last: Drawn,
  revision: number,
  again: (time: number) => readonly Shown[],
): ReadonlyMap<Detection, Offset> {
  if (revision === last.revision) return last.offsets
  const known = again(last.time)
  const left = Math.max(0, 1 - (last.time - last.corrected) / EASE)
  const drawn = last.shown.map((one) => placed(one, last.offsets.get(one), left))
  const offsets = new Map<Detection, Offset>()
  for (const { from, to } of match(drawn, known).pairs) {
    const offset = from.box && to?.box ? difference(from.box, to.box) : null
    if (to && offset) offsets.set(to, offset)
  }
  return offsets
}

function difference(a: Box, b: Box): Offset | null {
  const offset: Offset = [a.x - b.x, a.y - b.y, a.width - b.width, a.height - b.height]
  return offset.some((part) => Math.abs(part) > LEAST) ? offset : null
}

function placed(one: Shown, offset: Offset | undefined, left: number): Shown {
  const { box } = one
  if (!box || !offset) return one
  const [x, y, width, height] = offset
  return {
    ...one,
    box: {
      x: box.x + x * left,
      y: box.y + y * left,
      width: box.width + width * left,
      height: box.height + height * left,
    },
  }
}
