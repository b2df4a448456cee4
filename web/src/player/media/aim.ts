import type { MediaClock } from './clock'
import { nextAfter, type PlaylistFragment, timeAt } from './playlist-time'

/** Current content of a playlist. */
export interface Listed {
  readonly live: boolean
  readonly fragments: readonly PlaylistFragment[]
}

/** Sends the picture to instants: at once, or to where to begin as soon as there is a playlist. */
export class Aim {
  /** Start of playback (ms since 1970); null for the default. */
  private beginning: number | null = null
  /** Target that is known from the playlist only; its fragment, once loaded, gives the exact place. */
  private guess: { readonly wall: number; readonly time: number } | null = null

  constructor(
    private readonly video: { currentTime: number },
    private readonly clock: MediaClock,
  ) {}

  /** Whether it waits for a playlist, to begin somewhere. */
  get waiting(): boolean {
    return this.beginning !== null
  }

  /** Sets the start of what is loaded next. */
  beginAt(wall: number | null): void {
    this.beginning = wall
    this.guess = null
  }

  /** The playlist is there. False where it does not reach the instant to begin at. */
  begin({ live, fragments }: Listed): boolean {
    const wall = this.beginning
    this.beginning = null
    if (wall === null || this.show(wall, fragments)) return true
    const time = live ? null : nextAfter(fragments, wall)
    if (time !== null) this.goTo(time)
    return time !== null
  }

  /** Shows the frame of this instant. False where the playlist does not reach. */
  show(wall: number, fragments: readonly PlaylistFragment[]): boolean {
    const exact = this.clock.media(wall)
    const time = exact ?? timeAt(fragments, wall)
    if (time === null) return false
    this.goTo(time)
    this.guess = exact === null ? { wall, time: this.video.currentTime } : null
    return true
  }

  /** More is known. The sound often begins before the picture: then the playlist alone is wrong by that. */
  correct(): void {
    if (!this.guess) return
    const exact = this.clock.media(this.guess.wall)
    if (exact === null) return
    const { time } = this.guess
    this.guess = null
    // A user who has sought meanwhile stays there.
    if (Math.abs(this.video.currentTime - time) < 1 && Math.abs(exact - time) > 0.005) this.goTo(exact)
  }

  /** A millisecond into the frame, so that rounding does not show the one before. */
  private goTo(time: number): void {
    this.video.currentTime = time + 0.001
  }
}
