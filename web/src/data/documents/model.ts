/** Documents as the page sees them; docs/contracts.md has their fields. Times in seconds, boxes in 0..1 of the frame. */

export type StreamState = 'idle' | 'connecting' | 'live' | 'reconnecting' | 'ended' | 'error'

/** Why something failed: `code` for the page, one of docs/contracts.md ("Errors in documents"), `message` for people. */
export interface Failure {
  readonly code: string
  readonly message: string
}

export interface Stream {
  readonly id: string
  readonly name: string
  readonly state: StreamState
  readonly source: string | null
  readonly session: string | null
  readonly error: string | null
  /** Until when a sender that broke off may go on in the same session (ms since 1970). */
  readonly reconnectUntil: number | null
  /** When it was last live (ms since 1970); null: never. */
  readonly lastSegmentAt: number | null
  readonly visibility: Visibility
  /** Members who see it though it is private. */
  readonly viewers: readonly string[]
  /** The member who made it; null where that was a key, or an earlier release. */
  readonly createdBy: string | null
}

/** Who sees a stream: those who run it and its listed viewers, all of its tenant, or everyone with its address. */
export type Visibility = 'private' | 'tenant' | 'public'

/** An uploaded file on its way into a session of the same id. */
export interface Import {
  readonly id: string
  readonly state: 'starting' | 'running' | 'done' | 'error'
  /** 0..1 of the file. */
  readonly share: number
  readonly mediaSeconds: number
  readonly error: string | null
}

export interface Session {
  readonly id: string
  /** Wall clock of media time 0, milliseconds since 1970, with a fraction. */
  readonly started: number
  readonly ended: number | null
  readonly playlist: string
  readonly vod: string | null
  readonly codecs: string | null
  readonly width: number | null
  readonly height: number | null
  readonly fps: number | null
  readonly segments: number
  readonly mediaSeconds: number
  /** Jumps of the sender's clock that were closed, and packets that came twice or too late. */
  readonly repaired: number
  readonly dropped: number
  readonly error: string | null
}

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface Detection {
  readonly label: string
  readonly kind: string
  readonly confidence: number
  /** null where the provider names it for the whole frame. */
  readonly box: Box | null
  /** Corners of a flat thing, clockwise from its own upper left, in 0..1 of its box: they move along with it. */
  readonly corners?: readonly Point[]
}

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Analysis {
  readonly provider: string
  readonly model: string
  readonly detections: readonly Detection[]
  readonly error: Failure | null
  /** The provider's own time (ms). */
  readonly tookMs: number | null
  /** The preferred provider, where this one looked instead because that one is failing. */
  readonly fallbackFrom: string | null
  /** Milliseconds since 1970. */
  readonly analyzedAt: number | null
}

export interface Visual {
  readonly brightness: number
  readonly contrast: number
  readonly saturation: number
  readonly colors: readonly { readonly hex: string; readonly share: number }[]
}

/** The way of a detection between two sampled frames: straight from one point to the next, of which there is at least one. */
export interface Track {
  readonly kind: string
  readonly label: string
  readonly first: TrackPoint
  readonly last: TrackPoint
  /** All of them, by time. */
  readonly points: readonly TrackPoint[]
  /** Of a detection on a frame further away, if neither of the two frames has one of this thing. */
  readonly confidence: number | null
}

export interface TrackPoint {
  /** Seconds after the earlier frame. */
  readonly after: number
  readonly box: Box
}

/** Where the detections of a frame and of the next one are in between. */
export interface Tracks {
  /** Time of the next frame. If another one comes next by now, the tracks do not count. */
  readonly to: number
  /** They speak for detections of these kinds. */
  readonly kinds: readonly string[]
  readonly items: readonly Track[]
}

/** A sampled frame with what is known of it so far. */
export interface Frame {
  readonly id: string
  readonly time: number
  /** Wall clock at which it was taken (ms since 1970). */
  readonly wall: number | null
  readonly finalizedAt: number | null
  readonly sampledAt: number | null
  readonly snapshot: string | null
  readonly reason: string
  readonly width: number
  readonly height: number
  readonly visual: Visual | null
  readonly motion: number | null
  /** Whether `detect` has begun with it, and the kinds that were asked for: those without an analysis are still to come. */
  readonly begun: boolean
  readonly kinds: readonly string[]
  readonly analyses: ReadonlyMap<string, Analysis>
  /** null until `track` has followed its detections to the next frame. */
  readonly tracks: Tracks | null
}

/** A segment that has been sampled: between `time` and `end` the picture was looked at. */
export interface Segment {
  readonly id: string
  /** Its number in the session. */
  readonly sequence: number | null
  readonly time: number
  readonly end: number
  readonly finalizedAt: number | null
  readonly sampledAt: number | null
  /** Size of its object; null where it was stored before sizes were. */
  readonly bytes: number | null
  /** Frames that the gate compared, and of those the ones it kept. */
  readonly looks: number
  readonly kept: number
  readonly motion: number
  /** Of the settings that it was sampled under; empty: unknown. */
  readonly revision: string
  /** Time of the sampled frame whose results it inherits, because nothing changed since (s); null: it has its own. */
  readonly sameAs: number | null
}

/** A word that was said, s of the session. */
export interface Word {
  readonly text: string
  readonly start: number
  readonly end: number
  /** Tells speakers apart, in transcripts that do. */
  readonly speaker: string | null
}

/** Words of a segment that begins at `time`. From `begins` on they replace those of the segment before. */
export interface Transcript {
  readonly id: string
  readonly time: number
  readonly begins: number
  readonly words: readonly Word[]
  readonly failed: boolean
}

export type ProviderState = 'ok' | 'failing' | 'open' | 'probing'

/** Status of a provider, as observed by its last caller. */
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
