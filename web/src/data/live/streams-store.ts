import type { Firestore } from '@firebase/firestore'
import { toStream } from '../documents/documents'
import type { Stream } from '../documents/model'
import type { Session } from '../identity/session'
import { liveQueries } from './live-query'
import { streamsOf } from './streams-of'

/** Streams that one page shows. */
export const MOST_STREAMS = 500

/** The streams that a member may list, live. Fires `change`. */
export class StreamsStore extends EventTarget {
  /** null: not known yet. */
  streams: readonly Stream[] | null = null
  /** There are more than are shown. */
  more = false
  /** Reason why they cannot be read, for the user. */
  error: string | null = null
  private close_: (() => void) | null = null

  constructor(
    private readonly db: Firestore,
    private readonly session: Session,
  ) {
    super()
  }

  open(): void {
    this.close_ = liveQueries(streamsOf(this.db, this.session, MOST_STREAMS + 1), {
      metadata: true,
      answered: ({ docs, fromCache }) => {
        // An empty answer from the cache only says that the server has not been reached.
        if (docs.length === 0 && fromCache) return
        this.error = null
        this.more = docs.length > MOST_STREAMS
        this.streams = docs.slice(0, MOST_STREAMS).map((doc) => toStream(doc.id, doc.data()))
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
