import { collection, type Firestore, limit, onSnapshot, query, where } from '@firebase/firestore'
import { toImport } from '../../data/documents/documents'
import type { Import } from '../../data/documents/model'

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
