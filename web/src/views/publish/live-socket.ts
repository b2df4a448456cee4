import type { Refusal } from './problems'

/** Progress of a session, as reported by ingest. */
export interface Stored {
  readonly session: string | null
  readonly segments: number
  readonly mediaSeconds: number
}

/** The end of a connection. `lost`: it broke off, or was never established. */
export type Closed =
  | { readonly how: 'lost' }
  | { readonly how: 'refused'; readonly refusal: Refusal }
  | { readonly how: 'ended'; readonly summary: Stored }

export interface LiveEvents {
  accepted(): unknown
  stored(progress: Stored): unknown
  /** The server will close before long and asks for another connection. */
  reconnect(): unknown
  /** Called once, and last. */
  closed(how: Closed): unknown
}

const PATIENCE = 10_000 // ms until a connection must be accepted
const REFUSED = 4000 // close codes of ingest: this plus the status
const BROKEN_OFF = 3000 // ours: goes on in another connection

/** One connection to ingest (docs/contracts.md, WebSocket). Bytes go out in the order of `send`. */
export class LiveSocket {
  private readonly socket: WebSocket
  /** Whether ingest has accepted the connection. */
  accepted = false
  private done: Closed | null = null
  private readonly timer: number

  constructor(
    url: string,
    key: string,
    origin: string,
    private readonly events: LiveEvents,
  ) {
    // The key is one of the offered protocols: an address would end up in logs, and a later message would hold a place.
    this.socket = new WebSocket(`${url}?origin=${encodeURIComponent(origin)}`, [
      'media-analyzer',
      `key.${encoded(key)}`,
    ])
    this.timer = window.setTimeout(() => this.socket.close(BROKEN_OFF), PATIENCE)
    this.socket.onmessage = ({ data }) => typeof data === 'string' && this.receive(data)
    this.socket.onclose = ({ code }) => this.close(code)
  }

  /** Bytes that wait to be sent. */
  get waiting(): number {
    return this.socket.bufferedAmount
  }

  send(data: Blob): void {
    if (this.accepted && this.socket.readyState === WebSocket.OPEN) this.socket.send(data)
  }

  /** Ends the session; `closed` is called afterwards. */
  end(): void {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify({ type: 'end' }))
  }

  /** Breaks off: the session waits for another connection. */
  drop(): void {
    this.socket.close(BROKEN_OFF)
  }

  private receive(text: string): void {
    const message = parsed(text)
    switch (message.type) {
      case 'accepted':
        window.clearTimeout(this.timer)
        this.accepted = true
        this.events.accepted()
        break
      case 'stored':
        this.events.stored(toStored(message))
        break
      case 'reconnect':
        this.events.reconnect()
        break
      case 'ended':
        this.done = { how: 'ended', summary: toStored(message) }
        break
      case 'error':
        this.done = { how: 'refused', refusal: toRefusal(message) }
    }
  }

  private close(code: number): void {
    window.clearTimeout(this.timer)
    const status = code - REFUSED
    const bare: Refusal = { status, title: '', detail: '' }
    this.events.closed(
      this.done ?? (status >= 400 && status < 600 ? { how: 'refused', refusal: bare } : { how: 'lost' }),
    )
  }
}

/** base64url without padding, of UTF-8: of such letters a protocol's name may consist. */
const encoded = (text: string): string =>
  btoa(String.fromCodePoint(...new TextEncoder().encode(text)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

type Fields = Readonly<Record<string, unknown>>

function parsed(text: string): Fields {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Fields) : {}
  } catch {
    return {} // not ours: a newer server may say more than we know
  }
}

const number = (value: unknown): number => (typeof value === 'number' ? value : 0)
const string = (value: unknown): string => (typeof value === 'string' ? value : '')

const toStored = (message: Fields): Stored => ({
  session: string(message.session) || null,
  segments: number(message.segments),
  mediaSeconds: number(message.media_seconds),
})

const toRefusal = (message: Fields): Refusal => ({
  status: number(message.status),
  title: string(message.title),
  detail: string(message.detail),
})

/** Address at which ingest accepts a stream over a WebSocket. */
export const liveUrl = (ingestUrl: string, stream: string): string =>
  `${ingestUrl.replace(/^http/, 'ws').replace(/\/+$/, '')}/streams/${encodeURIComponent(stream)}/live`
