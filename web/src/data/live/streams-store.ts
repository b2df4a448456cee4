import { collection, documentId, type Firestore, limit, orderBy, query } from '@firebase/firestore'
import { toStream } from '../documents/documents'
import type { Stream } from '../documents/model'
import { liveQuery } from './live-query'

/** Streams that one page shows. */
export const MOST_STREAMS = 500

/** All streams, live. Fires `change`. */
export class StreamsStore extends EventTarget {
  /** null: not known yet. */
  streams: readonly Stream[] | null = null
  /** There are more than are shown. */
  more = false
  /** Reason why they cannot be read, for the user. */
  error: string | null = null
  private close_: (() => void) | null = null

  constructor(private readonly db: Firestore) {
    super()
  }

  open(): void {
    this.close_ = liveQuery(query(collection(this.db, 'streams'), orderBy(documentId()), limit(MOST_STREAMS + 1)), {
      metadata: true,
      answered: (snapshot) => {
        // An empty answer from the cache only says that the server has not been reached.
        if (snapshot.empty && snapshot.metadata.fromCache) return
        this.error = null
        this.more = snapshot.size > MOST_STREAMS
        this.streams = snapshot.docs.slice(0, MOST_STREAMS).map((doc) => toStream(doc.id, doc.data()))
        this.emit()
      },
      failed: (error) => {
        this.error = error.code === 'permission-denied' ? 'The database denies access to the streams.' : error.message
        this.emit()
      },
    })
  }

  close(): void {
    this.close_?.()
    this.close_ = null
  }

  private emit(): void {
    this.dispatchEvent(new Event('change'))
  }
}
