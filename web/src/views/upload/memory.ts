import type { Session } from './begin'

/** Interrupted uploads, kept in this tab only, because an upload's address is as good as a key. */

const name = (stream: string, file: File): string => `upload:${stream}/${file.name}/${file.size}/${file.lastModified}`

export function recall(stream: string, file: File): Session | null {
  try {
    const found: unknown = JSON.parse(sessionStorage.getItem(name(stream, file)) ?? 'null')
    const { object, url } = (found ?? {}) as Partial<Session>
    return typeof object === 'string' && typeof url === 'string' ? { object, url } : null
  } catch {
    return null // storage is switched off, or holds something else
  }
}

export function remember(stream: string, file: File, session: Session | null): void {
  try {
    if (session) sessionStorage.setItem(name(stream, file), JSON.stringify(session))
    else sessionStorage.removeItem(name(stream, file))
  } catch {
    // Storage is switched off: a reload starts over.
  }
}
