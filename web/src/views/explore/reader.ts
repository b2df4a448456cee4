import {
  collectionGroup,
  type Firestore,
  getDocsFromServer,
  limit,
  orderBy,
  type Query,
  type QueryConstraint,
  type QueryDocumentSnapshot,
  query,
  startAfter,
  Timestamp,
  where,
} from '@firebase/firestore'
import { liveQuery, RETRY } from '../../data/live/live-query'
import { type Filter, instantOf, tagOf, wanted } from './filter'
import { type Snapshot, toSnapshot } from './snapshot'

/** Documents that are read at once, for one more screen at most, and that are kept. */
const PAGE = 60
const PAGES = 8
export const KEPT = 3000

export type ReaderState = 'reading' | 'more' | 'all' | 'full'

/**
 * Snapshots that a filter wants, newest first, read a page at a time. The newest ones are watched: what comes is counted
 * in `fresh` until `refresh` is called. Fires `change`.
 */
export class ExploreReader extends EventTarget {
  items: readonly Snapshot[] = []
  state: ReaderState = 'reading'
  /** Documents that were read, the ones that the filter left out too. */
  looked = 0
  error = ''
  private newest: readonly Snapshot[] = []
  private last: QueryDocumentSnapshot | null = null
  private begun = false
  private closed = false
  private stop: (() => void) | null = null
  private timer = 0

  constructor(
    private readonly db: Firestore,
    private readonly tenant: string,
    private readonly filter: Filter,
  ) {
    super()
  }

  open(): void {
    this.stop = liveQuery(this.query(limit(PAGE)), {
      metadata: true,
      answered: (found) => {
        if (found.metadata.fromCache) return
        this.error = ''
        this.newest = found.docs.flatMap((document) => this.convert(document))
        if (this.begun) this.renew()
        else this.begin(found.docs)
        this.emit()
      },
      failed: (error) => this.failed(error.message),
    })
  }

  close(): void {
    this.closed = true
    this.stop?.()
    window.clearTimeout(this.timer)
  }

  /** New ones that are not in `items` yet. */
  get fresh(): number {
    const top = this.items[0]
    const known = new Set(this.items.slice(0, PAGE * 2).map(({ id }) => id))
    return this.newest.filter(({ id, wall }) => !known.has(id) && (!top || wall >= top.wall)).length
  }

  /** Puts the new ones on top. If more came than are watched, everything is read again. */
  refresh(): void {
    if (this.fresh >= PAGE) {
      this.stop?.()
      Object.assign(this, { begun: false, looked: 0, state: 'reading', last: null })
      this.open()
      return
    }
    this.items = merged(this.newest, this.items)
    this.emit()
  }

  /** Reads on, until there is a page more or nothing is left. */
  async more(): Promise<void> {
    if (this.state !== 'more' || !this.last) return
    this.state = 'reading'
    this.emit()
    const enough = this.items.length + PAGE / 2
    try {
      for (let page = 0; page < PAGES && this.state === 'reading' && this.items.length < enough; page += 1) {
        const found = await getDocsFromServer(this.query(startAfter(this.last), limit(PAGE)))
        if (this.closed) return
        this.take(found.docs)
      }
      if (this.state === 'reading') this.state = 'more'
      this.error = ''
    } catch (error) {
      this.state = 'more'
      this.failed(error instanceof Error ? error.message : String(error))
      window.clearTimeout(this.timer)
      if (!this.closed) this.timer = window.setTimeout(() => void this.more(), RETRY)
    }
    this.emit()
  }

  private begin(documents: readonly QueryDocumentSnapshot[]): void {
    this.begun = true
    this.items = []
    this.take(documents)
    if (this.state === 'reading') this.state = 'more'
    // A filter that leaves out most shows little at first.
    if (this.items.length < PAGE / 2) void this.more()
  }

  /** Results of a frame come kind by kind: those that are shown take what came. */
  private renew(): void {
    const newest = new Map(this.newest.map((one) => [one.id, one]))
    this.items = this.items.map((one) => newest.get(one.id) ?? one)
  }

  private take(documents: readonly QueryDocumentSnapshot[]): void {
    this.looked += documents.length
    this.last = documents.at(-1) ?? this.last
    this.items = merged(
      this.items,
      documents.flatMap((document) => this.convert(document)),
    )
    if (documents.length < PAGE) this.state = 'all'
    else if (this.items.length >= KEPT) this.state = 'full'
  }

  private convert(document: QueryDocumentSnapshot): readonly Snapshot[] {
    const snapshot = toSnapshot(document.ref.path, document.data())
    return snapshot && wanted(snapshot.frame, this.filter).length > 0 ? [snapshot] : []
  }

  private query(...page: readonly QueryConstraint[]): Query {
    const { stream, from, to } = this.filter
    const [since, until] = [instantOf(from), instantOf(to)]
    return query(
      collectionGroup(this.db, 'frames'),
      where('tenant', '==', this.tenant),
      where('seen', 'array-contains', tagOf(this.filter)),
      ...(stream ? [where('stream', '==', stream)] : []),
      ...(since === null ? [] : [where('program_date_time', '>=', Timestamp.fromMillis(since))]),
      ...(until === null ? [] : [where('program_date_time', '<', Timestamp.fromMillis(until))]),
      orderBy('program_date_time', 'desc'),
      ...page,
    )
  }

  private failed(message: string): void {
    this.error = message
    this.emit()
  }

  private emit(): void {
    if (!this.closed) this.dispatchEvent(new Event('change'))
  }
}

/** Two lists as one, newest first; what is in both counts once, as `first` has it. */
function merged(first: readonly Snapshot[], second: readonly Snapshot[]): readonly Snapshot[] {
  const known = new Set(first.map(({ id }) => id))
  const all = [...first, ...second.filter(({ id }) => !known.has(id))]
  return all.sort((a, b) => b.wall - a.wall || a.id.localeCompare(b.id))
}
