import { serverClock } from '../server-clock'
import type { Answer } from './answers'

/**
 * Addresses of objects in the media bucket: an object's name, under the grant of its stream (docs/contracts.md, Media).
 *
 * A stream's grant is fetched when the first of its objects is wanted, and again before it expires; one grant opens the
 * marks of all brands of a tenant. Everything that shows pictures or plays video uses it.
 */

interface Grant {
  /** Base that object names are appended to; ends with "/". */
  readonly base: string
  /** Milliseconds since 1970. */
  readonly expires: number
}

/** A grant is asked for again so long (ms) before it expires, and after a failure not before so long. */
const EARLY = 300_000
const AGAIN = 2_000

const STREAM = /^(?:(?:batch\/)?(?:segments|frames)|playlists|clips)\/([^/]+)\//
/** Stream, until, epoch, to whom it was given, and the MAC. */
const GRANTED = /^(.*\/m\/)([a-z0-9-]+)\.\d+\.\d+\.[a-z0-9-]+\.[0-9a-f]+(\/.*)$/
/** In place of a stream: the marks of the tenant's brands. */
const BRANDS = ''

export class Media {
  private api = ''
  private token: () => Promise<string> = () => Promise.resolve('')
  private readonly grants = new Map<string, Grant>()
  private readonly asked = new Map<string, Promise<Grant | null>>()

  /** `api`: base address of the API; `token`: as `Caller` has it. */
  connect(api: string, token: () => Promise<string>): void {
    this.api = api
    this.token = token
    this.forget()
  }

  /** Another identity looks at the page: it asks for grants of its own. */
  forget(): void {
    this.grants.clear()
    this.asked.clear()
  }

  /** The address of an object, if it is known now; null while its stream's grant is on the way. */
  now(name: string): string | null {
    const stream = streamOf(name)
    const grant = this.grants.get(stream)
    if (!grant || grant.expires - EARLY < serverClock.now()) void this.grant(stream)
    return grant && grant.expires > serverClock.now() ? grant.base + name : null
  }

  /** The address of an object; null where it cannot be had, because the API does not answer or knows no such stream. */
  async address(name: string): Promise<string | null> {
    const known = this.now(name)
    if (known) return known
    const grant = await this.grant(streamOf(name))
    return grant && grant.base + name
  }

  /** The same address under the grant that the stream has now: a player keeps the one that it began with. */
  renewed(url: string): string {
    const found = GRANTED.exec(url)
    const stream = found?.[2] ?? ''
    const grant = found && this.grants.get(stream)
    if (!grant) return url
    if (grant.expires - EARLY < serverClock.now()) void this.grant(stream)
    return grant.base + (found[3] ?? '').slice(1)
  }

  /** The grant was taken back, or has expired: another one is asked for when the object is wanted. */
  refused(name: string): void {
    this.grants.delete(streamOf(name))
  }

  private grant(stream: string): Promise<Grant | null> {
    const pending = this.asked.get(stream)
    if (pending) return pending
    const asking = this.ask(stream)
    this.asked.set(stream, asking)
    void asking.then((grant) => {
      if (this.asked.get(stream) !== asking) return // it was for another identity
      if (grant) {
        this.grants.set(stream, grant)
        this.asked.delete(stream)
      } else {
        // Many pictures ask at once: after a failure they do not all ask again.
        window.setTimeout(() => this.asked.delete(stream), AGAIN)
      }
    })
    return asking
  }

  private async ask(stream: string): Promise<Grant | null> {
    try {
      const token = await this.token()
      const response = await fetch(`${this.api}${stream === BRANDS ? '' : `/streams/${stream}`}/grants`, {
        method: 'POST',
        ...(token ? { headers: { Authorization: `Bearer ${token}` } } : {}),
      })
      if (!response.ok) return null
      const { grant } = (await response.json()) as Answer<'post', '/streams/{stream}/grants'>
      return { base: new URL(grant.url, response.url).href, expires: Date.parse(grant.expires) }
    } catch {
      return null
    }
  }
}

/** This page's. */
export const media = new Media()

function streamOf(name: string): string {
  return STREAM.exec(name)?.[1] ?? BRANDS
}
