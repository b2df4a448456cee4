import type Hls from 'hls.js/light'
import { ErrorDetails, Events } from 'hls.js/light'

type Ranges = Readonly<Record<string, TimeRanges>>

/** Seconds by which tracks may end apart without a stall. */
const SLACK = 0.1

/**
 * Passes the end of a stretch whose sound ends before its picture, or the other way round, as a sender that broke off
 * leaves it. By itself hls.js goes on looking for the rest of the shorter track, which is nowhere, and loads nothing
 * of what the sender sent after it came back.
 */
export class ShortTrack {
  private ranges: Ranges = {}
  /** End of what has been buffered without a gap, in seconds of the element's time. */
  private loaded = 0
  private stalled = false

  constructor(
    private readonly hls: Hls,
    private readonly video: { currentTime: number },
  ) {
    hls.on(Events.BUFFER_APPENDED, (_, data) => {
      this.ranges = data.timeRanges
    })
    hls.on(Events.FRAG_BUFFERED, (_, { frag }) => {
      this.loaded = frag.end
    })
    hls.on(Events.ERROR, (_, data) => {
      if (data.details !== ErrorDetails.BUFFER_STALLED_ERROR) return
      this.stalled = true
      this.pass()
    })
    hls.on(Events.STALL_RESOLVED, () => {
      this.stalled = false
    })
    // Media after the short end may arrive long after playback has stopped at it.
    hls.on(Events.LEVEL_UPDATED, () => this.pass())
  }

  private pass(): void {
    if (!this.stalled) return
    const ends = Object.values(this.ranges).map((ranges) => endAt(ranges, this.video.currentTime))
    const longest = Math.max(...ends)
    // Tracks that end apart are a track's end only where nothing of them is still on its way.
    if (ends.length < 2 || longest - Math.min(...ends) < SLACK || this.loaded < longest - SLACK) return
    const next = this.hls.latestLevelDetails?.fragments.find(({ start }) => start >= longest - SLACK)
    if (next) this.video.currentTime = next.start
  }
}

/** End of the range that holds `time`, or of the last one before it. */
function endAt(ranges: TimeRanges, time: number): number {
  let end = Number.NEGATIVE_INFINITY
  for (let at = 0; at < ranges.length && ranges.start(at) <= time + SLACK; at += 1) end = ranges.end(at)
  return end
}
