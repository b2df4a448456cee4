import { html, type TemplateResult } from 'lit'
import type { Stream } from '../../data/documents/model'
import { providerProblems, sentence } from '../../data/provider-problems'
import type { StreamStore } from '../../player/session/stream-store'
import './countdown'

interface Seen {
  /** Whether the moment that the address names cannot be played. */
  readonly missed: boolean
  /** Address of the newest session. */
  readonly newest: string
}

/** Problems of the session that is shown, the worst first. */
export function banners(store: StreamStore, stream: Stream, { missed, newest }: Seen): readonly TemplateResult[] {
  const found = [refusal(store), sender(store, stream)].filter((one) => one !== null)
  if (store.earlier) {
    const now = stream.state === 'live' ? 'Watch what is live now' : 'Watch the newest'
    found.push(status(html`This is an earlier session. <a href=${newest}>${now}</a>`, 'calm'))
  }
  if (missed) {
    found.push(
      status(
        html`The moment that this link names has left the live window. It can be watched once the session has ended.`,
      ),
    )
  }
  // Of what has ended nothing is tried again: its frames say what was the matter with them.
  if (stream.state === 'live' && !store.earlier)
    found.push(...providerProblems(store.newest).map((one) => status(sentence(one))))
  return found
}

function refusal({ error }: StreamStore): TemplateResult | null {
  return error === null ? null : html`<p class="banner" role="alert">${error} Trying again…</p>`
}

function sender(store: StreamStore, stream: Stream): TemplateResult | null {
  const { session } = store
  const broke = store.earlier
    ? session?.error
    : stream.state === 'error' && (stream.error ?? session?.error ?? 'no reason was given')
  if (broke) return html`<p class="banner bad" role="alert">The stream broke off: ${broke}</p>`
  if (store.earlier || stream.state !== 'reconnecting') return null
  return status(html`The sender has gone away. <ma-countdown .until=${stream.reconnectUntil}></ma-countdown>`)
}

const status = (words: unknown, kind = ''): TemplateResult => html`<p class="banner ${kind}" role="status">${words}</p>`
