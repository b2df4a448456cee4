import type { DocumentData, FirestoreError, Query } from '@firebase/firestore'
import { liveQuery } from './live-query'

interface Timed {
  readonly id: string
  readonly time: number
}

/** The documents of one bounded query, kept up to date and sorted by time. Unchanged ones keep their identity. */
export class DocumentWindow<T extends Timed> {
  items: readonly T[] = []
  /** Whether the query has been answered. */
  answered = false
  private close_: (() => void) | null = null

  constructor(
    private readonly convert: (id: string, data: DocumentData) => T | null,
    private readonly changed: () => void,
    private readonly failed: (error: FirestoreError) => void,
  ) {}

  /** Watches `query` in place of the one before, whose documents stay until the first answer. */
  open(query: Query): void {
    this.close_?.()
    this.answered = false
    const known = new Map<string, T>()
    this.close_ = liveQuery(query, {
      answered: (snapshot) => {
        for (const change of snapshot.docChanges()) {
          const item = change.type === 'removed' ? null : this.convert(change.doc.id, change.doc.data())
          if (item) known.set(change.doc.id, item)
          else known.delete(change.doc.id)
        }
        this.answered = true
        this.items = [...known.values()].sort((a, b) => a.time - b.time)
        this.changed()
      },
      failed: (error) => {
        known.clear() // the listener that takes its place is told of all documents
        this.failed(error)
      },
    })
  }

  close(): void {
    this.close_?.()
    this.close_ = null
    this.items = []
  }
}

/** Several windows as one list by time; a document that is in two of them counts once. */
export function merged<T extends Timed>(...windows: readonly { readonly items: readonly T[] }[]): readonly T[] {
  const filled = windows.filter(({ items }) => items.length > 0)
  if (filled.length <= 1) return filled[0]?.items ?? []
  const byId = new Map(filled.flatMap(({ items }) => items.map((item) => [item.id, item])))
  return [...byId.values()].sort((a, b) => a.time - b.time)
}
