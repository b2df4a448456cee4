import type { Stream, StreamState } from './documents/model'

/** Groups of streams for filtering: live ones and those that wait for their sender are one group. */
export type Group = 'live' | 'ended' | 'idle' | 'error'

export const GROUPS: Readonly<Record<Group, string>> = {
  live: 'On the air',
  ended: 'Ended',
  idle: 'Never used',
  error: 'Broken off',
}

const GROUP_OF: Readonly<Record<StreamState, Group>> = {
  live: 'live',
  connecting: 'live',
  reconnecting: 'live',
  ended: 'ended',
  idle: 'idle',
  error: 'error',
}

export const groupOf = ({ state }: Stream): Group => GROUP_OF[state]

/** The group that an address names, or null. */
export const toGroup = (name: string | null): Group | null =>
  name !== null && Object.hasOwn(GROUPS, name) ? (name as Group) : null

/** Sorts live streams first, then waiting ones, both by name so that they keep their places; the rest by when they were last live. */
export function ordered(streams: readonly Stream[]): readonly Stream[] {
  const rank = ({ state }: Stream): number => (state === 'live' ? 0 : GROUP_OF[state] === 'live' ? 1 : 2)
  const when = (stream: Stream): number => (rank(stream) < 2 ? 0 : (stream.lastSegmentAt ?? 0))
  return [...streams].sort(
    (a, b) => rank(a) - rank(b) || when(b) - when(a) || a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1),
  )
}

/** Streams with every word of `words` in their name, id or source. */
export function matching(streams: readonly Stream[], words: string): readonly Stream[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  return streams.filter(({ name, id, source }) => {
    const text = `${name} ${id} ${source ?? ''}`.toLowerCase()
    return wanted.every((word) => text.includes(word))
  })
}

export function counts(streams: readonly Stream[]): Readonly<Record<Group, number>> {
  const found = { live: 0, ended: 0, idle: 0, error: 0 }
  for (const stream of streams) found[groupOf(stream)] += 1
  return found
}
