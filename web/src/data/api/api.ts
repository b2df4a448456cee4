/** The HTTP API; {apiUrl}/openapi.json describes it. */

import { serverClock } from '../server-clock'
import type { Answer, Body, PathOf } from './answers'

/** A refusal by the API (application/problem+json), or its absence (status 0). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
  ) {
    super(detail || title)
  }

  /** What was asked for is closed to this caller. */
  get closed(): boolean {
    return this.status === 401 || this.status === 403
  }
}

/** Who calls the API: the person or the share link that looks at the page. */
export interface Caller {
  /** The ID token; empty for strangers. Raises ApiError where it cannot be had now. */
  token(): Promise<string>
  /** Called where the API refuses the token (401). */
  check(): Promise<void>
}

export class Api {
  constructor(
    private readonly url: string,
    private readonly caller: Caller,
  ) {}

  /** `P` is the path as the API's document has it; `path` with its parameters filled in. */
  get<P extends PathOf<'get'>>(path: string): Promise<Answer<'get', P>> {
    return this.json('GET', path)
  }

  post<P extends PathOf<'post'>>(path: string, body?: Body<'post', P>): Promise<Answer<'post', P>> {
    return this.json('POST', path, body)
  }

  patch<P extends PathOf<'patch'>>(path: string, body: Body<'patch', P>): Promise<Answer<'patch', P>> {
    return this.json('PATCH', path, body)
  }

  delete<P extends PathOf<'delete'>>(path: string): Promise<Answer<'delete', P>> {
    return this.json('DELETE', path)
  }

  /** Sends `body` as it is (a picture), and reads the JSON of the answer. */
  async send<P extends PathOf<'post'>>(path: string, body: Blob): Promise<Answer<'post', P>> {
    const headers = { 'Content-Type': body.type || 'application/octet-stream' }
    return jsonOf(await this.exchange(path, { method: 'POST', headers, body }))
  }

  /** A document that is not JSON, such as a table to download. */
  async blob(path: string): Promise<Blob> {
    return (await this.exchange(path, {})).blob()
  }

  /** The same of a request with a body, such as a report on paper. */
  async file<P extends PathOf<'post'>>(path: string, body: Body<'post', P>): Promise<Blob> {
    const headers = { 'Content-Type': 'application/json' }
    return (await this.exchange(path, { method: 'POST', headers, body: JSON.stringify(body) })).blob()
  }

  private async json<T>(method: string, path: string, body?: unknown): Promise<T> {
    const sent =
      body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }
    const response = await this.exchange(path, { method, ...sent })
    return response.status === 204 ? (undefined as T) : jsonOf(response)
  }

  private async exchange(path: string, request: RequestInit): Promise<Response> {
    const token = await this.caller.token()
    const headers = { ...request.headers, ...(token ? { Authorization: `Bearer ${token}` } : {}) }
    try {
      return await exchange(this.url + path, { ...request, headers })
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) void this.caller.check()
      throw error
    }
  }
}

/** Sends a request. Raises ApiError where it is refused, or there is no answer. */
export async function exchange(url: string, request: RequestInit): Promise<Response> {
  let response: Response
  try {
    response = await serverClock.asked(() => fetch(url, request))
  } catch {
    throw new ApiError(
      0,
      'The API cannot be reached',
      `${new URL(url).host} did not answer. Is it up, and is this page online?`,
    )
  }
  if (response.ok) return response
  if (isPage(response)) throw notTheApi(response)
  const problem = (await response.json().catch(() => null)) as { title?: unknown; detail?: unknown } | null
  const words = (value: unknown): string => (typeof value === 'string' ? value : '')
  throw new ApiError(
    response.status,
    words(problem?.title) || `The API answers ${response.status}`,
    words(problem?.detail),
  )
}

/** The JSON of an answer. Raises ApiError where it is something else. */
export async function jsonOf<T>(response: Response): Promise<T> {
  try {
    return (await response.json()) as T
  } catch {
    throw notTheApi(response)
  }
}

/** A page for people, of a proxy or of a network that wants a sign-in of its own: the API answers none. */
export const isPage = ({ headers }: Response): boolean => headers.get('Content-Type')?.startsWith('text/html') ?? false

export const elsewhere = (status: number): string =>
  `Something else than the API answered (${status}). Does this network want a sign-in of its own, or is a proxy in between?`

/** Its status says nothing of what was asked for. */
const notTheApi = ({ status }: Response): ApiError => new ApiError(0, 'The API cannot be reached', elsewhere(status))
