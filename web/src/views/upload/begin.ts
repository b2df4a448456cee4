import type { Answer } from '../../data/api/answers'
import { ApiError, elsewhere, isPage } from '../../data/api/api'

/** Asks the API for an upload and opens its session at Cloud Storage. */

export class UploadError extends Error {
  /** `passing`: trying again may help. */
  constructor(
    message: string,
    readonly passing = false,
  ) {
    super(message)
  }
}

export interface Target {
  readonly apiUrl: string
  readonly stream: string
  /** The stream's key, or the token of a person who may change it. Raises ApiError. */
  readonly key: () => Promise<string>
}

/**
 * A resumable upload at Cloud Storage. Its address allows writing the object, so it stays in memory: after a reload the
 * API gives the same one again, for the same file.
 */
export interface Session {
  readonly object: string
  readonly url: string
  /** Whether some of the file may be there already. */
  readonly begun: boolean
}

const TYPES: Readonly<Record<string, string>> = {
  mp4: 'video/mp4',
  m4v: 'video/mp4',
  mov: 'video/quicktime',
  mkv: 'video/x-matroska',
  webm: 'video/webm',
  ts: 'video/mp2t',
  m2ts: 'video/mp2t',
  mts: 'video/mp2t',
  flv: 'video/x-flv',
  avi: 'video/x-msvideo',
  mpg: 'video/mpeg',
  mpeg: 'video/mpeg',
}

/** The type of a file: by its extension, because systems disagree (".ts" is also a translation); else by the browser. */
export function typeOf(file: { readonly name: string; readonly type: string }): string {
  const ending = file.name.slice(file.name.lastIndexOf('.') + 1).toLowerCase()
  return TYPES[ending] ?? (file.type || 'application/octet-stream')
}

/** Raises UploadError with a sentence for the user. */
export async function begin({ apiUrl, stream, key }: Target, file: File, signal: AbortSignal): Promise<Session> {
  const known = await fingerprint(file)
  const asked = await exchange(`${apiUrl}/streams/${encodeURIComponent(stream)}/uploads`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${await given(key)}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({
      name: file.name,
      size: file.size,
      content_type: typeOf(file),
      ...(known ? { fingerprint: known } : {}),
    }),
    signal,
  })
  if (isPage(asked)) throw new UploadError(elsewhere(asked.status), true)
  if (!asked.ok) throw await refusal(asked)
  const { upload } = (await asked.json()) as Answer<'post', '/streams/{stream}/uploads'>
  if (upload.session) return { object: upload.object, url: upload.session, begun: asked.status === 200 }
  const opened = await exchange(upload.url, { method: upload.method, headers: upload.headers, signal })
  const url = opened.headers.get('Location')
  if (!opened.ok || !url) {
    throw new UploadError(`Cloud Storage did not open the upload (${opened.status}).`, opened.status >= 500)
  }
  return { object: upload.object, url, begun: false }
}

const SAMPLE = 1 << 20 // bytes at either end of the file

/** A digest of a file's size, time and ends; null where the browser has none to make it with (no HTTPS). Raises UploadError. */
export async function fingerprint(file: File): Promise<string | null> {
  const digests = crypto.subtle as SubtleCrypto | undefined
  if (!digests) return null
  let bytes: ArrayBuffer
  try {
    const said = `${file.size} ${file.lastModified}\n`
    bytes = await new Blob([said, file.slice(0, SAMPLE), file.slice(-SAMPLE)]).arrayBuffer()
  } catch {
    throw new UploadError(UNREADABLE)
  }
  const digest = new Uint8Array(await digests.digest('SHA-256', bytes))
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

export const UNREADABLE = 'The file can no longer be read: it was changed, moved or deleted. Choose it again.'

async function given(key: () => Promise<string>): Promise<string> {
  try {
    return await key()
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    throw new UploadError(error.message, error.status === 0 || error.status >= 500)
  }
}

async function exchange(url: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request)
  } catch (error) {
    if (request.signal?.aborted) throw error
    throw new UploadError(`${new URL(url).host} cannot be reached.`, true)
  }
}

async function refusal(response: Response): Promise<UploadError> {
  const problem: unknown = await response.json().catch(() => null)
  const detail = (problem as { detail?: unknown } | null)?.detail
  const said = typeof detail === 'string' ? ` ${detail}` : ''
  switch (response.status) {
    case 401:
      return new UploadError('The key is wrong, or you were signed out. A key is shown once, when it is made.')
    case 403:
      return new UploadError(`You may not upload to this stream.${said}`)
    case 404:
      return new UploadError('There is no such stream. It may have been deleted.')
    case 415:
      return new UploadError(`This file is not a video that can be imported.${said}`)
    default:
      return new UploadError(
        `The upload was refused (${response.status}).${said}`,
        response.status === 429 || response.status >= 500,
      )
  }
}
