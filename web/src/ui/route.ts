/**
 * What the address asks for. `?view=NAME` names a view of the whole system; `?stream=ID` watches a stream, and `&publish`
 * or any other view's name beside it is about that stream. Everything else of the address is the view's own state.
 */
export interface Route {
  readonly view: string
  readonly stream: string
  readonly query: URLSearchParams
}

/** The secret of a share link, which stands in the address's fragment: that is never sent. null: this is no share link. */
export const secretOf = (hash: string): string | null =>
  new URLSearchParams(hash.replace(/^#/, '')).get('share') || null

/** `known`: names of views. An unknown one is the list of streams, or the stream itself. */
export function routeOf(search: string, known: readonly string[]): Route {
  const query = new URLSearchParams(search)
  const stream = query.get('stream') ?? ''
  const named = query.get('view') ?? known.find((name) => query.has(name))
  return { view: named && known.includes(named) ? named : stream ? 'watch' : 'streams', stream, query }
}

/** The same page with other state: null removes a parameter. */
export function address(query: URLSearchParams, changes: Readonly<Record<string, string | null>>): string {
  const changed = new URLSearchParams(query)
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === '') changed.delete(name)
    else changed.set(name, value)
  }
  return `?${changed}`
}

/** Keeps state in the address, so that a link to what is seen can be copied; makes no history. */
export function remember(query: URLSearchParams, changes: Readonly<Record<string, string | null>>): URLSearchParams {
  const search = address(query, changes)
  // A view that has been left, and hears of something late, must not change the address of the next.
  if (String(new URLSearchParams(window.location.search)) === String(query)) {
    window.history.replaceState(window.history.state, '', search + window.location.hash)
  }
  return new URLSearchParams(search)
}
