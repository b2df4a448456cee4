import { collection, type Firestore, limit, onSnapshot, query, where } from '@firebase/firestore'
import type { Import } from '../model'
import { toImport } from './documents'

/** Follows the import of an uploaded object: null until it has begun. Returns what ends the listening. */
export function watchImport(
  db: Firestore,
  stream: string,
  object: string,
  changed: (found: Import | null) => void,
  failed: (message: string) => void,
): () => void {
  const imports = query(collection(db, 'streams', stream, 'imports'), where('object', '==', object), limit(1))
  return onSnapshot(
    imports,
    (snapshot) => {
      const [first] = snapshot.docs
      changed(first ? toImport(first.id, first.data()) : null)
    },
    (error) => failed(error.message),
  )
}
