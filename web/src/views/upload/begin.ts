import type { Answer } from '../../data/api/answers'
import { elsewhere, isPage } from '../../data/api/api'

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
  readonly key: string
}

/** A resumable upload at Cloud Storage. Its address allows writing the object, so it is kept as a key is kept. */
export interface Session {
  readonly object: string
  readonly url: string
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
  const asked = await exchange(`${apiUrl}/streams/${encodeURIComponent(stream)}/uploads`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ name: file.name, size: file.size, content_type: typeOf(file) }),
    signal,
  })
  if (isPage(asked)) throw new UploadError(elsewhere(asked.status), true)
  if (!asked.ok) throw await refusal(asked)
  const { upload } = (await asked.json()) as Answer<'post', '/streams/{stream}/uploads'>
  const opened = await exchange(upload.url, { method: upload.method, headers: upload.headers, signal })
  const url = opened.headers.get('Location')
  if (!opened.ok || !url) {
    throw new UploadError(`Cloud Storage did not open the upload (${opened.status}).`, opened.status >= 500)
  }
  return { object: upload.object, url }
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
      return new UploadError('The key is wrong. It was shown once, when the stream was created.')
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
