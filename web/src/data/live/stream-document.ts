import { doc, type Firestore, onSnapshot } from '@firebase/firestore'
import { toStream } from '../documents/documents'
import type { Stream } from '../documents/model'

/** One stream's own document, live. Fires `change`. */
export class StreamDocument extends EventTarget {
  /** undefined: not known (yet, or it cannot be read); null: there is no such stream. */
  stream: Stream | null | undefined
  private close_: (() => void) | null = null

  constructor(
    private readonly db: Firestore,
    readonly id: string,
  ) {
    super()
  }

  open(): void {
    this.close_ = onSnapshot(
      doc(this.db, 'streams', this.id),
      { includeMetadataChanges: true },
      (snapshot) => {
        const data = snapshot.data()
        if (data) this.stream = toStream(snapshot.id, data)
        // An empty answer from the cache only says that the server has not been reached.
        else if (!snapshot.metadata.fromCache) this.stream = null
        this.dispatchEvent(new Event('change'))
      },
      () => {
        this.stream = undefined // whoever shows more of it says why it cannot be read
        this.dispatchEvent(new Event('change'))
      },
    )
  }

  close(): void {
    this.close_?.()
    this.close_ = null
  }
}
