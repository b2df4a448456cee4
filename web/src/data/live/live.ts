import type { DocumentData, Query } from '@firebase/firestore'
import type { ReactiveController, ReactiveControllerHost } from 'lit'
import { liveQuery } from './live-query'

/** The documents of one query, live, as long as the host is on the page; the host is updated when they change. */
export class Live<T> implements ReactiveController {
  /** null: not known yet. */
  items: readonly T[] | null = null
  error: string | null = null
  private key = ''
  private query: Query | null = null
  private close: (() => void) | null = null

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

  /** Follows the query that `make` returns. `key` identifies it: the listener of an unchanged key stays open. */
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
    this.close = liveQuery(this.query, {
      metadata: true,
      answered: (snapshot) => {
        this.error = null
        // An empty answer from the cache only says that the server has not been reached.
        if (!snapshot.empty || !snapshot.metadata.fromCache) {
          this.items = snapshot.docs.map((doc) => this.convert(doc.id, doc.data())).filter((item) => item !== null)
        }
        this.host.requestUpdate()
      },
      failed: (error) => {
        this.error = error.message
        this.host.requestUpdate()
      },
    })
  }

  private stop(): void {
    this.close?.()
    this.close = null
  }
}
