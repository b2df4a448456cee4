import { collection, type Firestore, limit, onSnapshot, orderBy, query } from '@firebase/firestore'
import type { Session } from '../model'
import { toSession } from './documents'

/** More than anybody looks through; a longer past is what reports are for. */
export const MOST_SESSIONS = 50

/** Follows the newest sessions of a stream, newest first. Returns what ends the listening. */
export function watchSessions(
  db: Firestore,
  stream: string,
  changed: (sessions: readonly Session[]) => void,
  failed: (message: string) => void,
): () => void {
  return onSnapshot(
    query(collection(db, 'streams', stream, 'sessions'), orderBy('started', 'desc'), limit(MOST_SESSIONS)),
    ({ docs }) => changed(docs.map((doc) => toSession(doc.id, doc.data())).filter((session) => session !== null)),
    (error) => failed(error.message),
  )
}
