/** A failure whose message is for the user. */
export class PublishError extends Error {}

const NEEDS_HTTPS =
  'This page may not use a camera: browsers allow that only over https, or on localhost. Open it at its https address.'

/** Reason why a camera, a microphone or a screen could not be used. `what`: the requested device. */
export function captureProblem(error: unknown, what: 'camera' | 'microphone' | 'screen'): PublishError {
  const name = error instanceof Error ? error.name : ''
  const detail = error instanceof Error ? error.message : String(error)
  const sentences: Readonly<Record<string, string>> = {
    NotAllowedError:
      what === 'screen'
        ? 'Nothing was shared. Choose a screen, a window or a tab, and confirm; on a Mac the browser also needs the permission “Screen Recording”.'
        : `Permission for the ${what} was denied. Allow it beside the address of this page (and in the settings of the system), then try again.`,
    NotFoundError: `There is no ${what} on this device. Connect one, then try again.`,
    NotReadableError: `The ${what} is in use by another program, or its driver failed. Close what uses it, then try again.`,
    OverconstrainedError: `The ${what} that was chosen is no longer available. Choose another one.`,
    SecurityError: NEEDS_HTTPS,
    TypeError: NEEDS_HTTPS,
  }
  return new PublishError(
    sentences[name] ?? `The ${what} could not be used: ${detail || name || 'no reason was given'}`,
  )
}

/** A refusal by ingest, from its `error` message or its close code. */
export interface Refusal {
  readonly status: number
  readonly title: string
  readonly detail: string
}

/** The title of a refusal for a quota, which lasts until the next day. */
const USED_UP = 'Quota used up'

/** A refusal of ingest, in words for the sender. */
export function refusalSentence({ status, title, detail }: Refusal): string {
  const said = detail ? ` Ingest says: ${detail}` : ''
  switch (status) {
    case 401:
      return 'The stream key is wrong, or you may no longer send to this stream. A key is shown once, when it is made; a new one can be made under Manage.'
    case 404:
      return 'There is no such stream. It may have been deleted.'
    case 409:
      return `Another sender is already live on this stream, and only one can be.${said}`
    case 415:
      return `Ingest cannot use what this browser records.${said}`
    case 429:
      if (title === USED_UP) return `A quota is used up, so the stream may not go on now.${said}`
      return `Ingest accepts no more streams right now.${said}`
    case 503:
      return `Ingest accepts no more streams right now.${said}`
    default:
      return `Ingest refused the stream: ${title || status}.${said}`
  }
}

/** Whether an automatic retry may help. */
export const isPassing = ({ status, title }: Pick<Refusal, 'status' | 'title'>): boolean =>
  (status === 429 && title !== USED_UP) || status >= 500
