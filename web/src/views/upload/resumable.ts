/** Cloud Storage's resumable protocol, one exchange at a time; docs/contracts.md, Uploads. */

/** Result of a request. `gone`: the session no longer exists. `wait`: trying again may help. */
export type Answer =
  | { readonly is: 'more'; readonly next: number }
  | { readonly is: 'done' }
  | { readonly is: 'gone' }
  | { readonly is: 'wait'; readonly status: number }
  | { readonly is: 'refused'; readonly status: number }

/** Bytes in one piece: a multiple of 256 KiB, as Cloud Storage asks for. */
export const PIECE = 8 << 20

/** Reads an answer: its status (0: none came) and its Range header. */
export function answerOf(status: number, range: string | null): Answer {
  if (status === 308) return { is: 'more', next: nextByte(range) }
  if (status === 200 || status === 201) return { is: 'done' }
  if (status === 404 || status === 410) return { is: 'gone' }
  if (status === 0 || status === 408 || status === 429 || status >= 500) return { is: 'wait', status }
  return { is: 'refused', status }
}

/** "bytes=0-N": N + 1 bytes have arrived; none: nothing has. */
export function nextByte(range: string | null): number {
  const found = /^bytes=0-(\d+)$/.exec(range ?? '')
  return found ? Number(found[1]) + 1 : 0
}

/** Content-Range of a piece from `first`, or of a status query (no piece). */
export const contentRange = (first: number, end: number, size: number): string =>
  end > first ? `bytes ${first}-${end - 1}/${size}` : `bytes */${size}`

/** Sends `piece`, or queries the status if it is null. Never throws; an abort is `wait`. XHR, because fetch reports no progress. */
export function put(
  session: string,
  piece: Blob | null,
  range: string,
  signal: AbortSignal,
  progress: (bytes: number) => void,
): Promise<Answer> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest()
    const abort = (): void => request.abort()
    signal.addEventListener('abort', abort, { once: true })
    request.upload.onprogress = ({ loaded }) => progress(loaded)
    request.onloadend = () => {
      signal.removeEventListener('abort', abort)
      resolve(answerOf(request.status, request.status === 308 ? request.getResponseHeader('Range') : null))
    }
    request.open('PUT', session)
    request.setRequestHeader('Content-Range', range)
    if (signal.aborted) resolve({ is: 'wait', status: 0 })
    else request.send(piece)
  })
}

/** Cancels the upload. The answer is ignored: Cloud Storage forgets it within a week anyway. */
export async function giveUp(session: string): Promise<void> {
  await fetch(session, { method: 'DELETE' }).catch(() => undefined)
}
