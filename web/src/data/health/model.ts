import type { Frame, Segment, Session, Stream } from '../documents/model'

/** State of the pipeline, as documents report it. Media times in s, instants in ms since 1970. */

/** A segment with everything that health is measured by. */
export type MeasuredSegment = Segment & {
  readonly sequence: number
  readonly finalizedAt: number
  readonly sampledAt: number
}

/** A frame whose segment is known to have been stored. */
export type StoredFrame = Frame & { readonly finalizedAt: number }

/** A stream with the newest of its session. */
export interface Running {
  readonly stream: Stream
  readonly session: Session | null
  readonly segments: readonly MeasuredSegment[]
  readonly frames: readonly StoredFrame[]
  /** Segments before which a sender came back, or the picture changed its size. */
  readonly breaks: readonly Segment[]
}

/** A dead letter, as the API reports it. */
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
