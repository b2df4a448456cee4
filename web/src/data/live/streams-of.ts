import {
  collection,
  documentId,
  type Firestore,
  limit,
  orderBy,
  type Query,
  type QueryConstraint,
  query,
  where,
} from '@firebase/firestore'
import type { Session } from '../identity/session'

/** Streams that are listed at once where they only lend their names. */
export const NAMED = 200

/**
 * Queries that together find the streams which a member may list; Firestore's rules refuse any other. Who works in the
 * tenant sees all of it, a viewer what is meant for the tenant and what lists them. A stranger, and a share link, list none.
 */
export function streamsOf(db: Firestore, session: Session, most = NAMED): readonly Query[] {
  const { member } = session
  if (!member) return []
  const found = (...more: readonly QueryConstraint[]): Query =>
    query(collection(db, 'streams'), where('tenant', '==', member.tenant), ...more, orderBy(documentId()), limit(most))
  if (session.may('publisher')) return [found()]
  return [found(where('visibility', 'in', ['tenant', 'public'])), found(where('viewers', 'array-contains', member.id))]
}
