/** Place of an hls.js fragment: seconds of the element's time, and milliseconds since 1970. */
export interface PlaylistFragment {
  readonly start: number
  readonly duration: number
  readonly programDateTime: number | null
}

/** Element time of an instant, as far as the playlist tells. */
export function timeAt(fragments: readonly PlaylistFragment[], wall: number): number | null {
  for (const { start, duration, programDateTime } of fragments) {
    const offset = (wall - (programDateTime ?? Number.NaN)) / 1000
    if (offset >= 0 && offset < duration) return start + offset
  }
  return null
}

/** The instant (ms) of what is at this element time, as far as the playlist tells. */
export function wallAt(fragments: readonly PlaylistFragment[], time: number): number | null {
  const piece = fragments.find(({ start, duration }) => time >= start && time < start + duration)
  return piece?.programDateTime ? piece.programDateTime + (time - piece.start) * 1000 : null
}

/** The instants (ms) between which a playlist lies; null before it is loaded, or if it has no program date times. */
export function wallsOf(fragments: readonly PlaylistFragment[]): { from: number; to: number } | null {
  const [first, last] = [fragments[0], fragments.at(-1)]
  if (!first?.programDateTime || !last?.programDateTime) return null
  return { from: first.programDateTime, to: last.programDateTime + last.duration * 1000 }
}

/** Element time at which a recording goes on after an instant at which nothing was sent, or at which it ends. */
export const nextAfter = (fragments: readonly PlaylistFragment[], wall: number): number | null =>
  (fragments.find(({ programDateTime }) => (programDateTime ?? 0) >= wall) ?? fragments.at(-1))?.start ?? null
