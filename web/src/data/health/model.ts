import type { Session, Stream } from '../documents/model'

/** What documents say of how the pipeline stands: no picture, no detections. Media times in s, instants in ms since 1970. */

/** A segment that has been sampled. */
export interface Piece {
  readonly id: string
  readonly sequence: number
  readonly time: number
  readonly end: number
  readonly finalizedAt: number
  readonly sampledAt: number
  /** null where it was stored before sizes were. */
  readonly bytes: number | null
}

/** What became of one kind of one frame. */
export interface Answer {
  readonly provider: string
  readonly tookMs: number | null
  readonly analyzedAt: number | null
  readonly error: string | null
}

/** A frame that was sent on to be analysed. */
export interface Sent {
  readonly id: string
  readonly time: number
  readonly finalizedAt: number
  readonly sampledAt: number | null
  /** null: `detect` has not begun with it. */
  readonly kinds: readonly string[] | null
  readonly answers: ReadonlyMap<string, Answer>
}

/** A sender that came back, or a picture that changed its size. */
export interface Break {
  readonly id: string
  readonly time: number
  readonly at: number
}

/** A stream with the newest of its session. */
export interface Running {
  readonly stream: Stream
  /** When the newest segment was stored, by this machine's clock where the page saw it come. */
  readonly storedAt: number | null
  readonly session: Session | null
  readonly pieces: readonly Piece[]
  readonly sent: readonly Sent[]
  readonly breaks: readonly Break[]
}

export type ProviderState = 'ok' | 'failing' | 'open' | 'probing'

/** A provider as whoever called it last has seen it. */
export interface Provider {
  readonly id: string
  readonly state: ProviderState
  readonly model: string | null
  readonly device: string | null
  readonly queue: number | null
  readonly lastError: string | null
  readonly lastErrorAt: number | null
  readonly updated: number | null
}

/** A message that was given up on, as the API tells it. */
export interface DeadLetter {
  readonly id: string
  readonly topic: string
  readonly object: string
  readonly error: string | null
  readonly reason: string | null
  readonly attempts: number | null
  readonly died_at: string
  readonly retries: number
  readonly retried_at: string | null
}
