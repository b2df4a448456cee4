import {
  collection,
  doc,
  type Firestore,
  type FirestoreError,
  limit,
  limitToLast,
  orderBy,
  query,
  where,
} from '@firebase/firestore'
import { toSegment, toSession } from '../../data/documents/documents'
import type { Segment, Session, Stream } from '../../data/documents/model'
import { toMeasured, toStored } from '../../data/health/documents'
import type { MeasuredSegment, Running, StoredFrame } from '../../data/health/model'
import { DocumentWindow } from '../../data/live/document-window'
import { liveDocument } from '../../data/live/live-query'

/** Newest documents that are watched of each stream. */
const SEGMENTS = 40
const FRAMES = 60
const BREAKS = 50

/** The newest documents of one stream's session, live and bounded. */
export class StreamWatch implements Running {
  session: Session | null = null
  private readonly segmentWindow: DocumentWindow<MeasuredSegment>
  private readonly frameWindow: DocumentWindow<StoredFrame>
  private readonly breakWindow: DocumentWindow<Segment>
  private closeSession: (() => void) | null = null
  private sessionId: string | null = null

  constructor(
    private readonly db: Firestore,
    public stream: Stream,
    private readonly changed: () => void,
    private readonly failed: (error: FirestoreError) => void,
  ) {
    this.segmentWindow = new DocumentWindow(toMeasured, changed, failed)
    this.frameWindow = new DocumentWindow(toStored, changed, failed)
    this.breakWindow = new DocumentWindow(toSegment, changed, failed)
    this.follow(stream.session)
  }

  /** Takes the stream's current document. */
  update(stream: Stream): void {
    this.stream = stream
    this.follow(stream.session)
  }

  close(): void {
    this.follow(null)
  }

  /** Whether all queries have been answered. */
  get settled(): boolean {
    const windows = [this.segmentWindow, this.frameWindow, this.breakWindow]
    return this.sessionId === null || (this.session !== null && windows.every(({ answered }) => answered))
  }

  get segments(): readonly MeasuredSegment[] {
    return this.segmentWindow.items
  }

  get frames(): readonly StoredFrame[] {
    return this.frameWindow.items
  }

  get breaks(): readonly Segment[] {
    return this.breakWindow.items
  }

  private follow(id: string | null): void {
    if (id === this.sessionId) return
    this.sessionId = id
    this.closeSession?.()
    this.closeSession = null
    this.session = null
    for (const window of [this.segmentWindow, this.frameWindow, this.breakWindow]) window.close()
    if (id === null) return
    const session = doc(this.db, 'streams', this.stream.id, 'sessions', id)
    const [segments, frames] = [collection(session, 'segments'), collection(session, 'frames')]
    this.segmentWindow.open(query(segments, orderBy('media_time'), limitToLast(SEGMENTS)))
    this.frameWindow.open(query(frames, orderBy('media_time'), limitToLast(FRAMES)))
    this.breakWindow.open(query(segments, where('discontinuity', '==', true), limit(BREAKS)))
    this.closeSession = liveDocument(session, {
      answered: (snapshot) => {
        const data = snapshot.data()
        if (data) this.session = toSession(snapshot.id, data)
        this.changed()
      },
      failed: this.failed,
    })
  }
}
