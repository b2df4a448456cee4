import type { Moment } from '../../player/overlay/timeline'

/** Announcements of the picture for screen readers: only changes, and at most one every few seconds. */
export class Announcer {
  private said = ''
  private at = Number.NEGATIVE_INFINITY

  constructor(private readonly interval = 5000) {}

  /** The sentence for this moment, or null while there is nothing new to say. `now` in ms. */
  say(moment: Moment, now: number): string | null {
    if (moment.status !== 'covered' || now - this.at < this.interval) return null
    const labels = [...new Set(moment.shown.map(({ label }) => label))].sort()
    const sentence = labels.length > 0 ? `On the picture: ${labels.join(', ')}` : 'Nothing detected on the picture'
    if (sentence === this.said) return null
    this.said = sentence
    this.at = now
    return sentence
  }
}
