import { vi } from 'vitest'

/** Stands in for Firestore's SDK in tests: it records each listener, and the test answers or refuses. */

export interface Listener {
  /** The collection or document that is listened to. */
  readonly path: string
  readonly answer: (snapshot: unknown) => void
  readonly refuse: (error: { code: string; message: string }) => void
  readonly close: ReturnType<typeof vi.fn>
}

export const listeners: Listener[] = []

interface Target {
  readonly path: string
}

const target = (parent: Partial<Target>, ...path: readonly string[]): Target => ({
  path: [parent.path ?? '', ...path].filter(Boolean).join('/'),
})
const constraint = (): object => ({})

export const firestore = {
  collection: target,
  collectionGroup: target,
  doc: target,
  query: (of: Target) => of,
  where: constraint,
  limit: constraint,
  limitToLast: constraint,
  orderBy: constraint,
  documentId: constraint,
  onSnapshot: ({ path }: Target, ...rest: readonly unknown[]) => {
    const [answer, refuse] = rest.filter((one) => typeof one === 'function')
    const close = vi.fn()
    listeners.push({
      path,
      answer: answer as Listener['answer'],
      refuse: (refuse ?? (() => undefined)) as Listener['refuse'],
      close,
    })
    return close
  },
}

/** Those of `path` that were ever opened. */
export const at = (path: string): readonly Listener[] => listeners.filter((one) => one.path === path)

export interface Doc {
  readonly id: string
  readonly [name: string]: unknown
}

/** A query's answer that holds these documents. */
export function answer(docs: readonly Doc[], fromCache = false): object {
  const found = docs.map(({ id, ...data }) => ({ id, data: () => data, ref: { path: id } }))
  return {
    docs: found,
    size: found.length,
    empty: found.length === 0,
    metadata: { fromCache },
    docChanges: () => found.map((doc) => ({ type: 'added', doc })),
  }
}

/** The answer for one document; null: it does not exist. */
export const document = (id: string, data: Readonly<Record<string, unknown>> | null): object => ({
  id,
  data: () => data ?? undefined,
  metadata: { fromCache: false },
})

export const REFUSED = { code: 'permission-denied', message: 'Missing or insufficient permissions.' }
