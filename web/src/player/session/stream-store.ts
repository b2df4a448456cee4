import { doc, type Firestore, type FirestoreError } from '@firebase/firestore'
import { toSession, toStream } from '../../data/documents/documents'
import type { Frame, Segment, Session, Stream, Transcript } from '../../data/documents/model'
import { liveDocument } from '../../data/live/live-query'
import { Timeline } from '../overlay/timeline'
import { SessionWindow } from './session-window'
import { SpeechWindow } from './speech-window'

/** Everything the page knows of one stream, live. Fires `change`; nothing else holds state of documents. */
export class StreamStore extends EventTarget {
  /** undefined: not known yet; null: there is no such stream. */
  stream: Stream | null | undefined
  /** null: not known yet, or missing. */
  session: Session | null = null
  /** Whether there is no document of the session that is shown: it never came to a segment, or has expired. */
  missing = false
  /** The overlay's source; always up to date. */
  readonly timeline = new Timeline()
  frames: readonly Frame[] = []
  segments: readonly Segment[] = []
  /** From when on (s) `frames` and `segments` are all that there are; 0: from the beginning. */
  since = 0
  /** Reason why nothing can be read, for the user. */
  error: string | null = null
  private window: SessionWindow | null = null
  private speech: SpeechWindow | null = null
  private listening = false
  private sessionId: string | null = null
  private closeStream: (() => void) | null = null
  private closeSession: (() => void) | null = null

  /** `chosen`: the session to show; null: always the newest. */
  constructor(
    private readonly db: Firestore,
    readonly id: string,
    private readonly chosen: string | null = null,
  ) {
    super()
  }

  /** Whether what is shown is not the newest session, but an earlier one that was chosen. */
  get earlier(): boolean {
    return this.chosen !== null && this.chosen !== this.stream?.session
  }

  /** The newest frames of the session, wherever the picture is. */
  get newest(): readonly Frame[] {
    return this.window?.newest ?? []
  }

  /** The sampled frame at or before `time` (s from the session's start) that has a snapshot, loaded or not. */
  snapshotAt(time: number): Promise<Frame | null> {
    return this.window?.snapshotAt(time) ?? Promise.resolve(null)
  }

  /** Transcripts around the picture, while captions are on; null if the session is not transcribed. */
  get transcripts(): readonly Transcript[] | null {
    return this.speech?.transcripts ?? null
  }

  /** Turns the loading of transcripts on or off. */
  listen(wanted: boolean): void {
    this.listening = wanted
    this.speech?.want(wanted)
  }

  open(): void {
    const reference = doc(this.db, 'streams', this.id)
    this.closeStream = liveDocument(reference, {
      metadata: true,
      answered: (snapshot) => {
        const data = snapshot.data()
        // An empty answer from the cache only says that the server has not been reached.
        if (data) this.stream = toStream(snapshot.id, data)
        else if (!snapshot.metadata.fromCache) this.stream = null
        this.follow(this.stream ? (this.chosen ?? this.stream.session) : null)
        this.heard()
      },
      failed: this.failed,
    })
  }

  close(): void {
    this.closeStream?.()
    this.closeStream = null
    this.follow(null)
  }

  /** Loads the documents around the picture (s from the session's start). */
  seek(time: number): void {
    this.window?.seek(time)
    this.speech?.seek(time)
  }

  private follow(id: string | null): void {
    if (id === this.sessionId) return
    this.sessionId = id
    this.closeSession?.()
    this.closeSession = null
    this.window?.close()
    this.window = null
    this.speech?.close()
    this.speech = null
    this.session = null
    this.missing = false
    this.update()
    if (id === null) return
    const reference = doc(this.db, 'streams', this.id, 'sessions', id)
    this.window = new SessionWindow(reference, this.answered, this.failed)
    this.window.open()
    this.speech = new SpeechWindow(reference, this.heard, this.failed, this.listening)
    this.speech.open()
    this.closeSession = liveDocument(reference, {
      answered: (snapshot) => {
        const data = snapshot.data()
        if (data) this.session = toSession(snapshot.id, data)
        this.missing = !data && !snapshot.metadata.fromCache
        this.heard()
      },
      failed: this.failed,
    })
  }

  private readonly update = (): void => {
    this.frames = this.window?.frames ?? []
    this.segments = this.window?.segments ?? []
    this.since = this.window?.since ?? 0
    this.timeline.set(this.frames, this.segments)
    this.emit()
  }

  private readonly answered = (): void => {
    this.error = null
    this.update()
  }

  private readonly heard = (): void => {
    this.error = null
    this.emit()
  }

  private readonly failed = (error: FirestoreError): void => {
    this.error = error.code === 'permission-denied' ? 'The database denies access to this stream.' : error.message
    this.emit()
  }

  private emit(): void {
    this.dispatchEvent(new Event('change'))
  }
}
