/** The HTTP API with an operator's key; {apiUrl}/openapi.json describes it. */

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

  /** The key is missing or wrong: ask for it again. */
  get locked(): boolean {
    return this.status === 401 || this.status === 403
  }
}

const NAME = 'admin-key'

/** Fires `change` when the key does. The key is in memory, and in the tab's session storage where that is asked for. */
export class Api extends EventTarget {
  private key = remembered()

  constructor(private readonly url: string) {
    super()
  }

  /** Whether there is a key; only the API knows whether it is right. */
  get unlocked(): boolean {
    return this.key !== ''
  }

  /** Takes a key once the API has accepted it. Raises ApiError. */
  async unlock(key: string, keep: boolean): Promise<void> {
    await exchange(`${this.url}/streams?limit=1`, { headers: { Authorization: `Bearer ${key}` } })
    this.set(key, keep)
  }

  lock(): void {
    this.set('', false)
  }

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
    const headers = { ...this.authorization(), 'Content-Type': body.type || 'application/octet-stream' }
    return (await this.exchange(path, { method: 'POST', headers, body })).json() as Promise<Answer<'post', P>>
  }

  /** A document that is not JSON, such as a table to download. */
  async blob(path: string): Promise<Blob> {
    return (await this.exchange(path, { headers: this.authorization() })).blob()
  }

  private async json<T>(method: string, path: string, body?: unknown): Promise<T> {
    const headers = { ...this.authorization(), ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) }
    const response = await this.exchange(path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return (response.status === 204 ? undefined : await response.json()) as T
  }

  /** Forgets a withdrawn key, so that the user is asked for it again. */
  private async exchange(path: string, request: RequestInit): Promise<Response> {
    try {
      return await exchange(this.url + path, request)
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) this.lock()
      throw error
    }
  }

  private authorization(): Record<string, string> {
    return this.key ? { Authorization: `Bearer ${this.key}` } : {}
  }

  private set(key: string, keep: boolean): void {
    this.key = key
    try {
      if (keep) sessionStorage.setItem(NAME, key)
      else sessionStorage.removeItem(NAME)
    } catch {
      // Storage is switched off: the key stays in memory only.
    }
    this.dispatchEvent(new Event('change'))
  }
}

function remembered(): string {
  try {
    return sessionStorage.getItem(NAME) ?? ''
  } catch {
    return ''
  }
}

async function exchange(url: string, request: RequestInit): Promise<Response> {
  let response: Response
  try {
    response = await fetch(url, request)
  } catch {
    throw new ApiError(
      0,
      'The API cannot be reached',
      `${new URL(url).host} did not answer. Is it up, and is this page online?`,
    )
  }
  if (response.ok) return response
  const problem = (await response.json().catch(() => null)) as { title?: unknown; detail?: unknown } | null
  const words = (value: unknown): string => (typeof value === 'string' ? value : '')
  throw new ApiError(
    response.status,
    words(problem?.title) || `The API answers ${response.status}`,
    words(problem?.detail),
  )
}
