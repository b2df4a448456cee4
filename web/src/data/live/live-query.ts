import {
  type DocumentReference,
  type DocumentSnapshot,
  type FirestoreError,
  onSnapshot,
  type Query,
  type QuerySnapshot,
} from '@firebase/firestore'

/** Time until a listener that failed, or a read, is tried again (ms). */
export const RETRY = 5000

export interface Listener<S> {
  readonly answered: (snapshot: S) => void
  readonly failed?: (error: FirestoreError) => void
  /** Calls `answered` also when only the metadata changed, such as that an answer from the cache is the server's now. */
  readonly metadata?: boolean
}

/** Listens to a query until the returned function is called. A listener that fails is closed, and opened again after RETRY. */
export const liveQuery = (query: Query, listener: Listener<QuerySnapshot>): (() => void) =>
  reopening(listener, (answered, failed) => onSnapshot(query, optionsOf(listener), answered, failed))

/** Listens to one document, in the same way. */
export const liveDocument = (document: DocumentReference, listener: Listener<DocumentSnapshot>): (() => void) =>
  reopening(listener, (answered, failed) => onSnapshot(document, optionsOf(listener), answered, failed))

const optionsOf = ({ metadata }: { readonly metadata?: boolean }): { includeMetadataChanges: boolean } => ({
  includeMetadataChanges: metadata ?? false,
})

type Open<S> = (answered: (snapshot: S) => void, failed: (error: FirestoreError) => void) => () => void

function reopening<S>({ answered, failed }: Listener<S>, open: Open<S>): () => void {
  let timer = 0
  let close = (): void => undefined
  const listen = (): void => {
    close = open(answered, (error) => {
      close()
      timer = window.setTimeout(listen, RETRY)
      failed?.(error)
    })
  }
  listen()
  return () => {
    window.clearTimeout(timer)
    close()
  }
}
