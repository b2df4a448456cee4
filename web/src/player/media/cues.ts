import type { Frame } from '../../data/documents/model'

/** Text that was read on the picture, as a caption; s of the session. */
export interface Cue {
  readonly from: number
  readonly to: number
  /** Lines from top to bottom. */
  readonly text: string
}

/** Time that a cue of the newest frame stays while nothing newer is known (s). */
const LAST = 2

/** Captions of what was read on `frames` (sorted by time). A frame that was not looked at for text changes nothing. */
export function cuesOf(frames: readonly Frame[]): readonly Cue[] {
  const cues: Cue[] = []
  let open = null as { from: number; text: string } | null
  let last = 0
  const close = (to: number): void => {
    if (open?.text) cues.push({ ...open, to })
    open = null
  }
  for (const frame of frames) {
    const text = linesOf(frame)
    if (text === null) continue
    if (open?.text !== text) {
      close(frame.time)
      open = { from: frame.time, text }
    }
    last = frame.time
  }
  close(last + LAST)
  return cues
}

/** null if text was not looked for, or the provider failed. */
function linesOf({ analyses }: Frame): string | null {
  const analysis = analyses.get('text')
  if (!analysis || analysis.error !== null) return null
  const lines = [...analysis.detections].sort((a, b) => (a.box?.y ?? 0) - (b.box?.y ?? 0))
  return lines.map(({ label }) => label).join('\n')
}

/** Text as WebVTT wants it: nothing in it is a tag. */
export const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;')
