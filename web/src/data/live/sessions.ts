import { collection, type Firestore, limit, orderBy, type Query, query } from '@firebase/firestore'

/** More than a list can usefully show. */
export const MOST_SESSIONS = 50

/** The newest sessions of a stream, newest first. */
export const sessionsOf = (db: Firestore, stream: string): Query =>
  query(collection(db, 'streams', stream, 'sessions'), orderBy('started', 'desc'), limit(MOST_SESSIONS))
