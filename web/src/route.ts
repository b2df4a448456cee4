/** What the address asks for: ?stream=ID watches, &publish and &upload send; without a stream they are listed. */
export type View = 'streams' | 'watch' | 'publish' | 'upload'

export interface Route {
  readonly view: View
  readonly stream: string
}

export function routeOf(search: string): Route {
  const query = new URLSearchParams(search)
  const stream = query.get('stream') ?? ''
  if (!stream) return { view: 'streams', stream }
  if (query.has('publish')) return { view: 'publish', stream }
  return { view: query.has('upload') ? 'upload' : 'watch', stream }
}
