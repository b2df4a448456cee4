import type { Session } from '../../data/documents/model'

/** The object that is played: a session that has ended has a playlist of all of it. Empty: there is none yet. */
export function playlistOf(session: Session | null): string {
  if (!session) return ''
  return session.ended !== null && session.vod ? session.vod : session.playlist
}
