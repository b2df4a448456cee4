import {
  collection,
  type Firestore,
  type FirestoreError,
  limit,
  orderBy,
  type Query,
  query,
  where,
} from '@firebase/firestore'
import { toProvider, toStream } from '../../data/documents/documents'
import type { Provider, Stream } from '../../data/documents/model'
import type { Running } from '../../data/health/model'
import type { Session } from '../../data/identity/session'
import { liveQuery } from '../../data/live/live-query'
import { StreamWatch } from './stream-watch'

/** Streams whose sessions are followed; of others, only their own documents are read. */
const CLOSELY = 12
const MOST = 100
const ENDED = 20
const RECENTLY = 3_600_000

/** Live state of all running streams and of the providers. Fires `change`. */
export class HealthStore extends EventTarget {
  /** null: not known yet. */
  providers: readonly Provider[] | null = null
  /** Reason why nothing can be read, for the user. */
  error: string | null = null
  private readonly watched = new Map<string, StreamWatch>()
  private live: readonly Stream[] | null = null
  private last: readonly Stream[] | null = null
  private closers: (() => void)[] = []

  constructor(
    private readonly db: Firestore,
    private readonly session: Session,
  ) {
    super()
  }

  open(): void {
    const streams = collection(this.db, 'streams')
    const mine = where('tenant', '==', this.session.member?.tenant ?? '')
    const running = query(streams, mine, where('state', 'in', ['live', 'connecting', 'reconnecting']), limit(MOST))
    this.closers = [
      liveQuery(running, {
        metadata: true,
        answered: (snapshot) => {
          // An empty answer from the cache only says that the server has not been reached.
          if (!snapshot.metadata.fromCache || !snapshot.empty) {
            this.live = snapshot.docs.map((one) => toStream(one.id, one.data()))
            this.follow()
          }
          this.heard()
        },
        failed: this.failed,
      }),
      this.listen(query(streams, mine, orderBy('last_segment_at', 'desc'), limit(ENDED)), (found) => {
        this.last = found.map(({ id, data }) => toStream(id, data))
      }),
    ]
    // Of the deployment, whose operators alone may see them.
    if (this.session.operates)
      this.closers.push(
        this.listen(query(collection(this.db, 'providers'), limit(ENDED)), (found) => {
          this.providers = found.map(({ id, data }) => toProvider(id, data))
        }),
      )
    else this.providers = []
  }

  close(): void {
    for (const close of this.closers) close()
    for (const watch of this.watched.values()) watch.close()
    this.closers = []
    this.watched.clear()
  }

  /** null if unknown. Running streams by name, then those that broke off within the last hour. */
  running(now: number): readonly Running[] | null {
    if (!this.live) return null
    const broken = (this.last ?? []).filter(
      ({ state, lastSegmentAt }) => state === 'error' && now - (lastSegmentAt ?? 0) < RECENTLY,
    )
    return [...this.live, ...broken].map((stream) => this.watched.get(stream.id) ?? unwatched(stream))
  }

  /** Whether everything is known, so that later problems are new. */
  get settled(): boolean {
    const watched = [...this.watched.values()]
    return (
      this.live !== null && this.last !== null && this.providers !== null && watched.every(({ settled }) => settled)
    )
  }

  /** Follows the sessions of the first running streams, and of no others. */
  private follow(): void {
    const chosen = new Map((this.live ?? []).slice(0, CLOSELY).map((stream) => [stream.id, stream]))
    for (const [id, watch] of this.watched) {
      if (chosen.has(id)) continue
      watch.close()
      this.watched.delete(id)
    }
    for (const [id, stream] of chosen) {
      const watch = this.watched.get(id)
      if (watch) watch.update(stream)
      else this.watched.set(id, new StreamWatch(this.db, stream, this.heard, this.failed))
    }
  }

  private listen(
    asked: Query,
    take: (found: readonly { id: string; data: Record<string, unknown> }[]) => void,
  ): () => void {
    return liveQuery(asked, {
      answered: (snapshot) => {
        take(snapshot.docs.map((one) => ({ id: one.id, data: one.data() })))
        this.heard()
      },
      failed: this.failed,
    })
  }

  private readonly heard = (): void => {
    this.error = null
    this.emit()
  }

  private readonly failed = (error: FirestoreError): void => {
    this.error = error.code === 'permission-denied' ? 'The database denies access to health data.' : error.message
    this.emit()
  }

  private readonly emit = (): void => {
    this.dispatchEvent(new Event('change'))
  }
}

const unwatched = (stream: Stream): Running => ({
  stream,
  session: null,
  segments: [],
  frames: [],
  breaks: [],
})
