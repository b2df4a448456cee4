import Hls, { type ErrorData, ErrorTypes, Events, type HlsConfig } from 'hls.js/light'
import { media } from '../../data/api/media'
import { Aim } from './aim'
import { MediaClock, spanOf } from './clock'
import { type PlaylistFragment, timeAt, wallAt, wallsOf } from './playlist-time'
import { ShortTrack } from './short-track'

export type PlaybackStatus = 'empty' | 'loading' | 'ready' | 'retrying' | 'unsupported'

/** Distance from the live edge, in segments: one to load, one in hand, one for its analysis. */
const BEHIND = 3

const CONFIG: Partial<HlsConfig> = {
  // Watched media stays for seeking back, within bounds.
  backBufferLength: 60,
  maxBufferLength: 20,
  liveSyncDurationCount: BEHIND,
  // hls.js keeps the address that it began with, and its grant would expire.
  xhrSetup: (xhr, url) => xhr.open('GET', media.renewed(url), true),
}

/** A viewer who falls this many segments behind the live edge is taken back to it. */
const FAR = 12

const BACKOFF = [0.5, 1, 1, 2, 2, 4, 8]

/** Failed requests for a playlist before it counts as missing. */
const PATIENCE = 3

/** hls.js on one video element: loads, recovers, and keeps the clock. Fires `change`, and `missed` (see `load`). */
export class Playback extends EventTarget {
  readonly clock = new MediaClock()
  status: PlaybackStatus = 'empty'
  /** The problem, for the user; empty if there is none. */
  message = ''
  /** Whether the playlist is not there: at first it may be a moment late. */
  missing = false
  private hls: Hls | null = null
  private playlist = ''
  /** Counts what was opened: an address that comes too late is not played. */
  private opened = 0
  private attempts = 0
  private mediaErrorAt = Number.NEGATIVE_INFINITY
  private retryTimer = 0
  /** Whether nothing has been buffered yet of what was opened. */
  private opening = false
  private readonly aim: Aim

  /** `config`: overrides of hls.js's settings, for a tile. */
  constructor(
    private readonly video: HTMLVideoElement,
    private readonly config: Partial<HlsConfig> = {},
  ) {
    super()
    this.aim = new Aim(video, this.clock)
    video.addEventListener('pause', () => this.follow(false))
  }

  /**
   * Plays the object `playlist`. With `wall` (ms since 1970) it goes on from the frame of that instant; where the playlist does not
   * reach it fires `missed`, and plays from where it would have without.
   */
  load(playlist: string, wall: number | null = null): void {
    this.unload()
    this.playlist = playlist
    this.aim.beginAt(wall)
    this.attempts = 0
    this.missing = false
    this.set('loading')
    this.open()
  }

  unload(): void {
    window.clearTimeout(this.retryTimer)
    this.opened += 1
    this.hls?.destroy()
    this.hls = null
    this.clock.clear()
    this.set('empty')
  }

  /** Seconds of the element's time that can be played. */
  get range(): { start: number; end: number } | null {
    const details = this.hls?.latestLevelDetails
    const first = details?.fragments[0]
    if (details && first) return { start: first.start, end: details.edge }
    const { seekable } = this.video
    return seekable.length > 0 ? { start: seekable.start(0), end: seekable.end(seekable.length - 1) } : null
  }

  /** Program date times (ms) between which the playlist lies; null before it is loaded, or if it has no program date times. */
  get walls(): { from: number; to: number } | null {
    return wallsOf(this.fragments)
  }

  get live(): boolean {
    return this.hls?.latestLevelDetails?.live ?? this.video.duration === Number.POSITIVE_INFINITY
  }

  /** Seconds behind the live edge. */
  get latency(): number {
    return this.hls?.latency ?? 0
  }

  /** Position of live playback. */
  get edge(): number {
    return this.hls?.liveSyncPosition ?? this.range?.end ?? 0
  }

  /** Element time of the frame with this wall clock (ms): buffered fragments exactly, others by the playlist. */
  mediaTime(wall: number): number | null {
    return this.clock.media(wall) ?? timeAt(this.fragments, wall)
  }

  /** Wall clock (ms) of what is at this element time, as far as the playlist tells; the clock knows it exactly. */
  wall(time: number): number | null {
    return this.clock.wall(time) ?? wallAt(this.fragments, time)
  }

  /** Shows the frame of this wall clock (ms). False where the playlist does not reach. */
  show(wall: number): boolean {
    const reached = this.aim.show(wall, this.fragments)
    if (reached) this.follow(this.video.currentTime >= this.edge)
    return reached
  }

  /** Shows what is at this element time. */
  goTo(time: number): void {
    this.video.currentTime = time
    this.follow(time >= this.edge)
  }

  private get fragments(): readonly PlaylistFragment[] {
    return this.hls?.latestLevelDetails?.fragments ?? []
  }

  private open(): void {
    this.opened += 1
    const { opened } = this
    const known = media.now(this.playlist)
    if (known) this.start(known)
    else
      void media.address(this.playlist).then((url) => {
        if (opened !== this.opened) return
        if (url) this.start(url)
        else this.unreachable()
      })
  }

  /** There is no grant: the stream was deleted, or the API does not answer. */
  private unreachable(): void {
    this.message = 'The video cannot be reached'
    this.later(() => this.open())
  }

  private start(url: string): void {
    this.opening = true
    // Before canPlayType: Chromium now answers "maybe" for HLS, and its own player tells no program date times.
    if (Hls.isSupported()) this.openHls(url)
    else if (this.video.canPlayType('application/vnd.apple.mpegurl')) this.openNative(url)
    else {
      this.message = 'This browser can play neither Media Source Extensions nor HLS.'
      this.set('unsupported')
    }
  }

  private openHls(url: string): void {
    const hls = new Hls({ ...CONFIG, ...this.config })
    this.hls = hls
    this.follow(!this.aim.waiting)
    new ShortTrack(hls, this.video)
    hls.on(Events.FRAG_PARSED, (_, { frag }) => {
      const span = spanOf(frag)
      if (span) this.clock.add(span)
      this.aim.correct()
    })
    hls.on(Events.FRAG_BUFFERED, () => this.buffered())
    hls.on(Events.LEVEL_UPDATED, (_, { details }) => {
      // From the segments as they are: EXT-X-TARGETDURATION is a bound, and may be far above them.
      if (details.live) hls.targetLatency = BEHIND * Math.max(...details.fragments.map(({ duration }) => duration))
    })
    hls.on(Events.LEVEL_LOADED, () => {
      this.missing = false
      this.begin()
    })
    hls.on(Events.ERROR, (_, data) => this.failed(hls, data))
    hls.loadSource(url)
    hls.attachMedia(this.video)
  }

  /** Safari: the system's player; getStartDate() is the program date time of media time 0. */
  private openNative(url: string): void {
    const video = this.video as HTMLVideoElement & { getStartDate?: () => Date }
    video.src = url
    video.addEventListener(
      'loadedmetadata',
      () => {
        const wall = video.getStartDate?.().getTime()
        if (wall) this.clock.add({ start: 0, end: Number.POSITIVE_INFINITY, origin: 0, wall, joint: null, sn: 0 })
        this.set('ready')
      },
      { once: true },
    )
  }

  /** Once the playlist is there. */
  private begin(): void {
    // The level that was loaded becomes the latest one only after this event.
    queueMicrotask(() => {
      if (!this.aim.waiting) return
      if (this.aim.begin({ live: this.live, fragments: this.fragments })) {
        // Else hls.js, which has chosen the edge by now, goes there once the first fragment has come.
        this.hls?.startLoad(this.video.currentTime)
      } else {
        this.follow(true)
        this.dispatchEvent(new Event('missed'))
      }
    })
  }

  /** Whether to stay at the live edge: a viewer who paused, or went back, stays there. */
  private follow(following: boolean): void {
    if (this.hls) this.hls.config.liveMaxLatencyDurationCount = following ? FAR : Number.POSITIVE_INFINITY
  }

  /**
   * Something can be played. Where that begins in a hole, because the sound leads the picture, autoplay alone waits for
   * ever: the hole is passed only once it is meant to play.
   */
  private buffered(): void {
    this.attempts = 0
    this.set('ready')
    if (!this.opening) return
    this.opening = false
    // As autoplay, it may be refused.
    if (this.video.autoplay && this.video.paused) void this.video.play().catch(() => undefined)
  }

  private failed(hls: Hls, data: ErrorData): void {
    if (!data.fatal) return
    if (data.type === ErrorTypes.NETWORK_ERROR) {
      const code = data.response?.code
      // A session is announced a little before its first playlist is there: that is waiting, not trouble.
      if (code === 403) media.refused(this.playlist)
      const early = code === 404 && !hls.latestLevelDetails
      this.missing = early && this.attempts >= PATIENCE
      this.message = early ? '' : code ? `The video answers ${code}` : 'The video cannot be reached'
      this.later(() => (hls.latestLevelDetails ? this.goOn(hls) : this.reopen()))
    } else if (data.type === ErrorTypes.MEDIA_ERROR && performance.now() - this.mediaErrorAt > 5000) {
      this.mediaErrorAt = performance.now()
      this.message = 'The picture broke off'
      this.set('retrying')
      hls.recoverMediaError()
    } else {
      this.message = `The player failed (${data.details})`
      this.later(() => this.reopen())
    }
  }

  /** With another grant, where the one before was refused. */
  private goOn(hls: Hls): void {
    void media.address(this.playlist).then(() => {
      if (hls === this.hls) hls.startLoad()
    })
  }

  private reopen(): void {
    this.hls?.destroy()
    this.clock.clear()
    this.open()
  }

  private later(again: () => void): void {
    const wait = BACKOFF[Math.min(this.attempts, BACKOFF.length - 1)] ?? 1
    this.attempts += 1
    this.set('retrying')
    window.clearTimeout(this.retryTimer)
    this.retryTimer = window.setTimeout(again, wait * 1000)
  }

  private set(status: PlaybackStatus): void {
    if (status === 'ready' || status === 'loading') this.message = ''
    if (this.status === status && status !== 'retrying') return
    this.status = status
    this.dispatchEvent(new Event('change'))
  }
}
