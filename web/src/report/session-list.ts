import {
  collection,
  doc,
  type Firestore,
  type FirestoreError,
  limit,
  onSnapshot,
  orderBy,
  query,
} from '@firebase/firestore'
import type { Session, Stream } from '../model'
import { toSession, toStream } from '../store/documents'

const MOST = 100
const RETRY = 5000

/** A stream and its newest sessions, live. */
export class SessionList {
  /** undefined: not known yet; null: there is no such stream. */
  stream: Stream | null | undefined
  /** The newest first; null: not known yet. */
  all: readonly Session[] | null = null
  error = ''
  private closers: (() => void)[] = []
  private retryTimer = 0

  constructor(
    private readonly db: Firestore,
    private readonly id: string,
    private readonly changed: () => void,
  ) {
    this.open()
  }

  close(): void {
    window.clearTimeout(this.retryTimer)
    for (const close of this.closers) close()
  }

  private open(): void {
    const stream = doc(this.db, 'streams', this.id)
    this.closers = [
      onSnapshot(
        stream,
        { includeMetadataChanges: true },
        (snapshot) => {
          const data = snapshot.data()
          if (data) this.stream = toStream(snapshot.id, data)
          else if (!snapshot.metadata.fromCache) this.stream = null
          this.changed()
        },
        this.failed,
      ),
      onSnapshot(
        query(collection(stream, 'sessions'), orderBy('started', 'desc'), limit(MOST)),
        { includeMetadataChanges: true },
        (snapshot) => {
          if (snapshot.empty && snapshot.metadata.fromCache) return
          this.all = snapshot.docs.map((one) => toSession(one.id, one.data())).filter((one) => one !== null)
          this.error = ''
          this.changed()
        },
        this.failed,
      ),
    ]
  }

  private readonly failed = (error: FirestoreError): void => {
    this.error = error.message
    this.close()
    this.retryTimer = window.setTimeout(() => this.open(), RETRY)
    this.changed()
  }
}
