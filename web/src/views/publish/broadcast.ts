import { ApiError } from '../../data/api/api'
import { AUDIO_BITS, type Format, lower } from './format'
import { type Closed, LiveSocket, type Stored } from './live-socket'
import { isPassing, type Refusal, refusalSentence } from './problems'
import { Recording } from './recording'

export type BroadcastState = 'connecting' | 'live' | 'switching' | 'reconnecting' | 'ending' | 'ended' | 'failed'

const SLOW = 3 // s of media that wait to be sent: said
const TOO_SLOW = 8 // s: the bit rate is lowered
const PACE = 500 // ms between two looks at the queue
const BACKOFF = [0.5, 1, 2, 4, 5] as const // s
const FIRST_TRIES = 4 // attempts before a first connection is given up
const OWN_LEASE = 60 // s in which a refusal may be about our own last connection, which ingest has not missed yet
const LAST_WORD = 30_000 // ms that ingest has to confirm the end

/**
 * Sends a media stream to ingest, over as many connections as it takes. Fires `change`.
 *
 * Each connection starts with a recorder of its own, hence with a header and a keyframe. Nothing is dropped silently:
 * where the connection is too slow, recording stops until what was recorded is sent, and goes on at a lower bit rate.
 */
export class Broadcast extends EventTarget {
  state: BroadcastState = 'connecting'
  /** The problem, for the user; empty if there is none. */
  message = ''
  /** A change that was made automatically, for the user. */
  note = ''
  stored: Stored = { session: null, segments: 0, mediaSeconds: 0 }
  /** Bytes recorded so far. */
  sent = 0
  /** When it went live first, and when the connection was lost (performance.now(), ms). */
  since: number | null = null
  lostAt: number | null = null
  private socket: LiveSocket | null = null
  private recording: Recording | null = null
  private attempts = 0
  /** When our own connection ended last (performance.now(), ms), until ingest has stored something of the next. */
  private ownEnd: number | null = null
  private retryTimer = 0
  private readonly watch: number

  constructor(
    private readonly url: string,
    /** The stream's key, or a token in its place, for each connection. Raises ApiError. */
    private readonly key: () => Promise<string>,
    private media: MediaStream,
    private origin: string,
    private readonly format: Format,
    public bits: number,
  ) {
    super()
    this.watch = window.setInterval(() => this.look(), PACE)
    void this.connect()
  }

  /** Whether the broadcast has not ended yet. */
  get active(): boolean {
    return this.state !== 'ended' && this.state !== 'failed'
  }

  /** Seconds of media that wait to be sent. */
  get backlog(): number {
    return ((this.socket?.waiting ?? 0) * 8) / (this.bits + AUDIO_BITS)
  }

  get slow(): boolean {
    return this.state === 'live' && this.backlog > SLOW
  }

  /** Goes on with other media, or another bit rate, in the same session. */
  async replace(media: MediaStream, origin: string, bits = this.bits): Promise<void> {
    this.media = media
    this.origin = origin
    this.bits = bits
    if (this.state !== 'live') return // the next connection takes it
    this.set('switching')
    await this.drain()
    if ((this.state as BroadcastState) === 'switching') this.socket?.drop()
  }

  /** Ends the session: what was recorded is sent first. */
  async end(why = ''): Promise<void> {
    if (!this.active || this.state === 'ending') return
    window.clearTimeout(this.retryTimer)
    if (!this.socket?.accepted) {
      this.finish('ended', this.since === null ? why : 'The connection was lost; the session ends by itself.')
      return
    }
    this.set('ending', why)
    await this.drain()
    this.socket?.end()
    window.setTimeout(() => {
      if (this.state === 'ending') this.finish('ended', 'Ingest did not confirm the end; the session ends by itself.')
    }, LAST_WORD)
  }

  /** Stops at once without telling ingest, because the view is left. */
  abandon(): void {
    if (this.active) this.finish('ended', '')
  }

  private async connect(): Promise<void> {
    this.attempts += 1
    let key: string
    try {
      key = await this.key()
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (this.active) this.denied(error)
      return
    }
    if (!this.active || this.state === 'ending') return
    const ours = (): boolean => this.socket === socket
    const socket: LiveSocket = new LiveSocket(this.url, key, this.origin, {
      accepted: () => ours() && this.accepted(),
      stored: (progress) => ours() && this.progressed(progress),
      reconnect: () => ours() && void this.replace(this.media, this.origin),
      closed: (how) => ours() && this.closed(how),
    })
    this.socket = socket
  }

  /** The API gives no token: for now, or for good. */
  private denied(error: ApiError): void {
    if (error.status !== 0 && !isPassing(error)) this.finish('failed', error.message)
    else if (this.since === null && this.attempts >= FIRST_TRIES) this.finish('failed', error.message)
    else this.again({ how: 'lost' })
  }

  private accepted(): void {
    if (this.state === 'ending') return
    this.since ??= performance.now()
    try {
      this.recording = new Recording(
        this.media,
        this.format,
        this.bits,
        (data) => this.recorded(data),
        () => this.finish('failed', 'The recorder of this browser failed.'),
      )
    } catch (error) {
      this.finish('failed', `This browser cannot record: ${error instanceof Error ? error.message : error}`)
      return
    }
    this.set('live', '')
  }

  private progressed(progress: Stored): void {
    this.stored = progress
    this.attempts = 0
    this.lostAt = null
    this.ownEnd = null
    this.emit()
  }

  private recorded(data: Blob): void {
    this.sent += data.size
    this.socket?.send(data)
  }

  /** Resolves when the recorder has stopped and everything it made is on its way, or the connection is gone. */
  private async drain(): Promise<void> {
    const { recording, socket } = this
    await recording?.finish()
    if (this.recording === recording) this.recording = null
    while (socket && this.socket === socket && socket.waiting > 0) {
      await new Promise((done) => window.setTimeout(done, 100))
    }
  }

  private look(): void {
    if (this.state === 'live' && this.backlog > TOO_SLOW) {
      const bits = lower(this.bits)
      if (bits === null) {
        void this.end('The connection is too slow for any picture: the stream was ended. What was recorded is stored.')
        return
      }
      this.note = `The connection is too slow: continuing at ${(bits / 1e6).toFixed(1)} Mbit/s, after a short gap.`
      void this.replace(this.media, this.origin, bits)
    }
    this.emit()
  }

  private closed(how: Closed): void {
    if (this.socket?.accepted && how.how === 'lost') this.ownEnd = performance.now()
    this.socket = null
    const switching = this.state === 'switching'
    this.discard()
    if (how.how === 'ended') {
      if (how.summary.segments > 0) this.stored = how.summary
      this.finish('ended', this.message)
    } else if (this.state === 'ending') {
      this.finish('ended', 'The connection was lost at the end; the session ends by itself.')
    } else if (how.how === 'refused' && !this.mayPass(how.refusal)) {
      this.finish('failed', refusalSentence(how.refusal))
    } else if (this.since === null && this.attempts >= FIRST_TRIES) {
      this.finish('failed', how.how === 'refused' ? refusalSentence(how.refusal) : UNREACHABLE)
    } else if (switching && how.how === 'lost') {
      void this.connect()
    } else {
      this.again(how)
    }
  }

  /** A conflict soon after our own connection ended is about that one, which ingest has not missed yet: it passes. */
  private mayPass(refusal: Refusal): boolean {
    if (refusal.status !== 409) return isPassing(refusal)
    return this.ownEnd !== null && performance.now() - this.ownEnd < OWN_LEASE * 1000
  }

  private again(how: Closed): void {
    if (this.since !== null) this.lostAt ??= performance.now()
    const text = this.since === null ? 'Ingest does not answer yet.' : 'The connection was lost.'
    this.set(
      this.since === null ? 'connecting' : 'reconnecting',
      how.how === 'refused' ? refusalSentence(how.refusal) : text,
    )
    const wait = BACKOFF[Math.min(this.attempts, BACKOFF.length - 1)] ?? 5
    this.retryTimer = window.setTimeout(() => void this.connect(), wait * 1000)
  }

  /** There is no connection left to send on. */
  private discard(): void {
    this.recording?.discard()
    this.recording = null
  }

  private finish(state: 'ended' | 'failed', message: string): void {
    window.clearInterval(this.watch)
    window.clearTimeout(this.retryTimer)
    this.discard()
    const { socket } = this
    this.socket = null
    socket?.drop()
    this.set(state, message)
  }

  private set(state: BroadcastState, message = this.message): void {
    this.state = state
    this.message = message
    this.emit()
  }

  private emit(): void {
    this.dispatchEvent(new Event('change'))
  }
}

const UNREACHABLE = 'Ingest cannot be reached. Is it running, and does a firewall let WebSockets through?'
