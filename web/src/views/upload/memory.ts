import type { Session } from './begin'

/** Interrupted uploads, kept in memory only, because an upload's address is as good as a key. */

const sessions = new Map<string, Session>()
const name = (stream: string, file: File): string => `${stream}/${file.name}/${file.size}/${file.lastModified}`

export const recall = (stream: string, file: File): Session | null => sessions.get(name(stream, file)) ?? null

export function remember(stream: string, file: File, session: Session | null): void {
  if (session) sessions.set(name(stream, file), session)
  else sessions.delete(name(stream, file))
}
