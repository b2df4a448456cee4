import { type Cue, escaped } from './cues'

/** A text track of the element, made of documents. */
export class Captions<T> {
  private readonly track: TextTrack
  private readonly cues = new Map<number, VTTCue>()
  private items: readonly T[] = []

  /** `cuesOf` makes captions of what is known; `mediaTime` says where in the element an instant of the session (s) is. */
  constructor(
    video: HTMLVideoElement,
    label: string,
    private readonly cuesOf: (items: readonly T[]) => readonly Cue[],
    private readonly mediaTime: (time: number) => number | null,
  ) {
    this.track = video.addTextTrack('captions', label)
    this.track.mode = 'hidden'
    // The exact place of a fragment is known once it is loaded.
    video.addEventListener('progress', () => this.lay())
    video.addEventListener('emptied', () => this.clear())
  }

  get showing(): boolean {
    return this.track.mode === 'showing'
  }

  toggle(): void {
    this.track.mode = this.showing ? 'hidden' : 'showing'
    this.lay()
  }

  /** Known items, sorted by time. */
  set(items: readonly T[]): void {
    if (items === this.items) return
    this.items = items
    this.lay()
  }

  /** A cue that only moved, or became longer, stays the same one: what is on the screen does not flicker. */
  private lay(): void {
    if (!this.showing) return
    const gone = new Set(this.cues.keys())
    for (const { from, to, text } of this.cuesOf(this.items)) {
      const start = this.mediaTime(from)
      if (start === null) continue
      const known = this.cues.get(from)
      if (known && known.text === escaped(text)) {
        known.startTime = start
        known.endTime = start + to - from
        gone.delete(from)
      } else {
        this.drop(from)
        gone.delete(from)
        const cue = new VTTCue(start, start + to - from, escaped(text))
        this.cues.set(from, cue)
        this.track.addCue(cue)
      }
    }
    for (const from of gone) this.drop(from)
  }

  private drop(from: number): void {
    const cue = this.cues.get(from)
    if (cue) this.track.removeCue(cue)
    this.cues.delete(from)
  }

  private clear(): void {
    for (const from of [...this.cues.keys()]) this.drop(from)
  }
}
