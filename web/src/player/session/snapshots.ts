import {
  collection,
  type DocumentReference,
  getDocs,
  limit,
  orderBy,
  type QueryDocumentSnapshot,
  query,
  where,
} from '@firebase/firestore'
import { lastAtMost } from '../../data/binary-search'
import { toFrame } from '../../data/documents/documents'
import type { Frame } from '../../data/documents/model'

/** Seconds within which a loaded frame is near enough, and by which looks into the database are rounded. */
const NEAR = 2
const KEPT = 200

/** Sampled frames anywhere in a session, for a preview: those that are loaded, else one look per place, kept. */
export class Snapshots {
  private readonly looked = new Map<number, Promise<Frame | null>>()

  constructor(private readonly session: DocumentReference) {}

  /** `loaded`: frames that are known, sorted by time. */
  at(time: number, loaded: readonly Frame[]): Promise<Frame | null> {
    const index = lastAtMost(loaded, time, (frame) => frame.time)
    const [frame, next] = [loaded[index], loaded[index + 1]]
    // Between two loaded ones there may be others only where they are far apart: at the edge of what is loaded.
    const sure = frame && (time - frame.time < NEAR || (next && next.time - frame.time < 2 * NEAR))
    return sure && frame.snapshot ? Promise.resolve(frame) : this.look(Math.ceil(time / NEAR) * NEAR)
  }

  private look(time: number): Promise<Frame | null> {
    const known = this.looked.get(time)
    if (known) return known
    const asked = query(
      collection(this.session, 'frames'),
      where('media_time', '<=', time),
      orderBy('media_time', 'desc'),
      limit(1),
    )
    const answer = getDocs(asked).then(
      ({ docs }) => first(docs),
      // A preview may be missing: that the database is away is shown elsewhere.
      () => {
        this.looked.delete(time)
        return null
      },
    )
    this.looked.set(time, answer)
    for (const old of this.looked.keys()) {
      if (this.looked.size <= KEPT) break
      this.looked.delete(old)
    }
    return answer
  }
}

function first(docs: readonly QueryDocumentSnapshot[]): Frame | null {
  const [found] = docs
  return found ? toFrame(found.id, found.data()) : null
}
