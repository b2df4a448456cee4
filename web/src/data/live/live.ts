import type { DocumentData, Query } from '@firebase/firestore'
import type { ReactiveController, ReactiveControllerHost } from 'lit'
import { liveQueries } from './live-query'

/** The documents of a query, or of several as one list, live, as long as the host is on the page; the host is updated when they change. */
export class Live<T> implements ReactiveController {
  /** null: not known yet. */
  items: readonly T[] | null = null
  error: string | null = null
  private key = ''
  private queries: readonly Query[] = []
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

  /** Follows what `make` returns. `key` identifies it: the listener of an unchanged key stays open. */
  follow(key: string, make: () => Query | readonly Query[] | null): void {
    if (key === this.key) return
    this.key = key
    const made = make() ?? []
    this.queries = isOne(made) ? [made] : made
    this.items = null
    this.error = null
    this.open()
  }

  private open(): void {
    this.stop()
    if (this.queries.length === 0) return
    this.close = liveQueries(this.queries, {
      metadata: true,
      answered: (found) => {
        this.error = null
        // An empty answer from the cache only says that the server has not been reached.
        if (found.docs.length > 0 || !found.fromCache) {
          this.items = found.docs.map((doc) => this.convert(doc.id, doc.data())).filter((item) => item !== null)
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

const isOne = (made: Query | readonly Query[]): made is Query => !Array.isArray(made)
