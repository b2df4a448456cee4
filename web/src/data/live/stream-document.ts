import { doc, type Firestore } from '@firebase/firestore'
import { toStream } from '../documents/documents'
import type { Stream } from '../documents/model'
import { liveDocument } from './live-query'

/** One stream's own document, live. Fires `change`. */
export class StreamDocument extends EventTarget {
  /** undefined: not known (yet, or it cannot be read); null: there is no such stream. */
  stream: Stream | null | undefined
  /** Whether the database denies it to this identity. */
  refused = false
  private close_: (() => void) | null = null

  constructor(
    private readonly db: Firestore,
    readonly id: string,
  ) {
    super()
  }

  open(): void {
    this.close_ = liveDocument(doc(this.db, 'streams', this.id), {
      metadata: true,
      answered: (snapshot) => {
        const data = snapshot.data()
        this.refused = false
        if (data) this.stream = toStream(snapshot.id, data)
        // An empty answer from the cache only says that the server has not been reached.
        else if (!snapshot.metadata.fromCache) this.stream = null
        this.dispatchEvent(new Event('change'))
      },
      failed: ({ code }) => {
        this.stream = undefined
        this.refused = code === 'permission-denied'
        this.dispatchEvent(new Event('change'))
      },
    })
  }

  close(): void {
    this.close_?.()
    this.close_ = null
  }
}
