import { type DocumentData, onSnapshot, type Query } from '@firebase/firestore'
import type { ReactiveController, ReactiveControllerHost } from 'lit'

const RETRY = 5000

/** The documents of one query, live, as long as the host is on the page; the host is updated when they change. */
export class Live<T> implements ReactiveController {
  /** null: not known yet. */
  items: readonly T[] | null = null
  error: string | null = null
  private key = ''
  private query: Query | null = null
  private close: (() => void) | null = null
  private timer = 0

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly convert: (id: string, data: DocumentData) => T | null,
  ) {
    host.addController(this)
  }

  hostConnected(): void {
    this.open()
  }

  hostDisconnected(): void {
    this.stop()
  }

  /** Follows the query that `make` gives; `key` says which one it is, so that the same one is not opened anew. */
  follow(key: string, make: () => Query | null): void {
    if (key === this.key) return
    this.key = key
    this.query = make()
    this.items = null
    this.error = null
    this.open()
  }

  private open(): void {
    this.stop()
    if (!this.query) return
    this.close = onSnapshot(
      this.query,
      { includeMetadataChanges: true },
      (snapshot) => {
        this.error = null
        // An empty answer from the cache only says that the server has not been reached.
        if (!snapshot.empty || !snapshot.metadata.fromCache) {
          this.items = snapshot.docs.map((doc) => this.convert(doc.id, doc.data())).filter((item) => item !== null)
        }
        this.host.requestUpdate()
      },
      (error) => {
        // A listener that failed is dead: it is opened anew after a while.
        this.error = error.message
        this.timer = window.setTimeout(() => this.open(), RETRY)
        this.host.requestUpdate()
      },
    )
  }

  private stop(): void {
    window.clearTimeout(this.timer)
    this.close?.()
    this.close = null
  }
}
