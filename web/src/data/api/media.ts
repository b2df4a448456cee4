import type { Answer } from './answers'

/**
 * Addresses of objects in the media bucket: an object's name, under the grant of its stream (docs/contracts.md, Media).
 *
 * A stream's grant is fetched when the first of its objects is wanted, and again before it expires; marks of brands need
 * none. Everything that shows pictures or plays video uses it.
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

const STREAM = /^(?:segments|playlists|frames)\/([^/]+)\//
const BRAND = /^brands\/([^/]+)\/([^/]+)$/
const GRANTED = /^(.*\/m\/)([a-z0-9-]+)\.\d+\.\d+\.[0-9a-f]+(\/.*)$/

export class Media {
  private api = ''
  private readonly grants = new Map<string, Grant>()
  private readonly asked = new Map<string, Promise<Grant | null>>()

  /** `api`: base address of the API. */
  connect(api: string): void {
    this.api = api
    this.grants.clear()
  }

  /** The address of an object, if it is known now; null while its stream's grant is on the way. */
  now(name: string): string | null {
    const mark = BRAND.exec(name)
    if (mark?.[1] && mark[2]) return `${this.api}/brands/${mark[1]}/references/${mark[2]}`
    const stream = streamOf(name)
    const grant = this.grants.get(stream)
    if (!grant || grant.expires - EARLY < Date.now()) void this.grant(stream)
    return grant && grant.expires > Date.now() ? grant.base + name : null
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
    if (grant.expires - EARLY < Date.now()) void this.grant(stream)
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
      const response = await fetch(`${this.api}/streams/${stream}/grants`, { method: 'POST' })
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
  return STREAM.exec(name)?.[1] ?? ''
}
