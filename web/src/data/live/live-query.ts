import {
  type DocumentReference,
  type DocumentSnapshot,
  type FirestoreError,
  onSnapshot,
  type Query,
  type QueryDocumentSnapshot,
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

/** The documents of several queries; one that is in two of them counts once. */
export interface Found {
  readonly docs: readonly QueryDocumentSnapshot[]
  readonly fromCache: boolean
}

/** Listens to several queries in the same way, and answers once each of them has. */
export function liveQueries(queries: readonly Query[], listener: Listener<Found>): () => void {
  const answers = new Map<number, QuerySnapshot>()
  const closers = queries.map((query, at) =>
    liveQuery(query, {
      ...listener,
      answered: (snapshot) => {
        answers.set(at, snapshot)
        if (answers.size < queries.length) return
        const found = [...answers.values()]
        const docs = found.flatMap((one) => one.docs)
        listener.answered({
          docs: queries.length === 1 ? docs : [...new Map(docs.map((doc) => [doc.ref.path, doc])).values()],
          fromCache: found.some(({ metadata }) => metadata.fromCache),
        })
      },
    }),
  )
  return () => {
    for (const close of closers) close()
  }
}

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
