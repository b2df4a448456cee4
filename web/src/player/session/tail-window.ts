import {
  type DocumentData,
  endBefore,
  type FirestoreError,
  getDocs,
  limitToLast,
  type Query,
  query,
} from '@firebase/firestore'
import { DocumentWindow } from '../../data/live/document-window'

interface Timed {
  readonly id: string
  readonly time: number
}

/**
 * The newest documents of a collection that grows, sorted by time: the last `watched` are kept up to date, those before
 * are read once and stay as they were when they left, `most` in all. Watching all of them would cost the more the longer
 * one watches: Firestore's emulator sends the whole result of a query again at each change.
 */
export class TailWindow<T extends Timed> {
  items: readonly T[] = []
  private readonly live: DocumentWindow<T>
  private all: Query | null = null
  private before: readonly T[] = []
  private last: readonly T[] = []
  /** Whether `before` reaches up to what is watched. */
  private joined = false
  private reading = false
  private gaps = 0

  constructor(
    private readonly convert: (id: string, data: DocumentData) => T | null,
    private readonly changed: () => void,
    failed: (error: FirestoreError) => void,
    private readonly most: number,
    private readonly watched: number,
  ) {
    this.live = new DocumentWindow(convert, () => this.moved(), failed)
  }

  /** Watches `all`, which is ordered by time. */
  open(all: Query): void {
    this.close()
    this.all = all
    this.live.open(query(all, limitToLast(this.watched)))
  }

  close(): void {
    this.live.close()
    this.all = null
    this.items = this.before = this.last = []
    this.joined = this.reading = false
  }

  /** From when on (s) everything is there; 0: from the beginning. */
  get from(): number {
    const bounded = this.live.items.length >= this.watched && (!this.joined || this.items.length >= this.most)
    return bounded ? (this.items[0]?.time ?? 0) : 0
  }

  /** From when on (s) documents are kept up to date; 0: from the beginning. */
  get watchedFrom(): number {
    return this.live.items.length >= this.watched ? (this.live.items[0]?.time ?? 0) : 0
  }

  private moved(): void {
    const { items } = this.live
    const first = items[0]
    const start = first?.time ?? Number.POSITIVE_INFINITY
    // After an interruption what is watched may begin behind what was.
    if (first && this.last.length > 0 && !this.last.some(({ id }) => id === first.id)) {
      this.joined = false
      this.gaps += 1
      this.before = []
    } else {
      const left = this.last.filter(({ time }) => time < start)
      if (left.length > 0) this.before = [...this.before, ...left]
    }
    this.last = items
    if (items.length < this.watched) this.joined = true
    this.show()
    if (!this.joined && !this.reading) void this.read()
  }

  /** Reads the documents before; if that fails, the next change tries again. */
  private async read(): Promise<void> {
    const { all, gaps } = this
    const [first] = this.last
    if (!all || !first) return
    this.reading = true
    const earlier = query(all, endBefore(first.time), limitToLast(this.most - this.watched))
    const found = await getDocs(earlier).catch(() => null)
    if (this.all !== all) return
    this.reading = false
    if (!found) return
    if (gaps !== this.gaps) return this.read()
    const items = found.docs.flatMap((document) => this.convert(document.id, document.data()) ?? [])
    const known = new Set(items.map(({ id }) => id))
    this.before = [...items, ...this.before.filter(({ id }) => !known.has(id))]
    this.joined = true
    this.show()
  }

  private show(): void {
    this.before = this.before.slice(-(this.most - this.watched))
    this.items = this.before.length > 0 ? [...this.before, ...this.last] : this.last
    this.changed()
  }
}
