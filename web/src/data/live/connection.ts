import { collection, documentId, type Firestore, limit, orderBy, query } from '@firebase/firestore'
import { liveQuery } from './live-query'

/** Silence of the server after which the database counts as unreachable; the cache answers first (ms). */
const SILENCE = 2000

/** State of the connection to the database. Fires `change`. */
export class Connection extends EventTarget {
  /** The device has no network. */
  offline = !navigator.onLine
  /** The database has not answered for a while. */
  unreachable = false
  private close_: (() => void) | null = null
  private timer = 0

  constructor(private readonly db: Firestore) {
    super()
  }

  open(): void {
    window.addEventListener('online', this.changed)
    window.addEventListener('offline', this.changed)
    // One document is enough: all listeners share one connection.
    this.close_ = liveQuery(query(collection(this.db, 'streams'), orderBy(documentId()), limit(1)), {
      metadata: true,
      answered: ({ metadata }) => this.heard(!metadata.fromCache),
      failed: () => this.heard(true), // a refusal is an answer
    })
  }

  close(): void {
    window.removeEventListener('online', this.changed)
    window.removeEventListener('offline', this.changed)
    window.clearTimeout(this.timer)
    this.close_?.()
    this.close_ = null
  }

  private heard(fromServer: boolean): void {
    window.clearTimeout(this.timer)
    if (fromServer) this.set(false)
    else this.timer = window.setTimeout(() => this.set(true), SILENCE)
  }

  private set(unreachable: boolean): void {
    if (this.unreachable === unreachable) return
    this.unreachable = unreachable
    this.dispatchEvent(new Event('change'))
  }

  private readonly changed = (): void => {
    this.offline = !navigator.onLine
    this.dispatchEvent(new Event('change'))
  }
}
