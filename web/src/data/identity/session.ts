import type { FirebaseApp } from '@firebase/app'
import { doc, type Firestore } from '@firebase/firestore'
import { ApiError, exchange, jsonOf } from '../api/api'
import type { Config } from '../config'
import { fields, text } from '../documents/documents'
import { liveDocument } from '../live/live-query'
import { serverClock } from '../server-clock'
import type { Auth } from './auth'
import { isRole, type Member, type Role, reaches, type Share } from './roles'

/** Pause before the API, or the local sign-in service, is asked again (ms). */
const AGAIN = 2000
const CHANNEL = 'media-analyzer-session'
const LONGEST_TIMER = 2 ** 31 - 1

export type Standing = 'starting' | 'stranger' | 'member' | 'share'

/**
 * The person, or the share link, that looks at this page. A member's session lies in a cookie that no script reads; the
 * tokens made of it stay in memory. Fires `change`; `turn` counts identities, so that a view never outlives its own.
 */
export class Session extends EventTarget {
  standing: Standing = 'starting'
  member: Member | null = null
  share: Share | null = null
  turn = 0
  /** What is waited for while it starts, or why it ended; for the user. */
  said = ''
  private readonly loaded: { auth: Promise<Auth> | null } = { auth: null }
  private readonly channel = new BroadcastChannel(CHANNEL)
  private close: () => void = () => undefined
  private timer = 0
  /** Whether the member's document says otherwise than the tokens. */
  private stale = false

  constructor(
    private readonly config: Config,
    private readonly app: FirebaseApp,
    private readonly db: Firestore,
    /** The token of App Check, where the deployment has it. */
    private readonly proof: (() => Promise<string>) | null = null,
  ) {
    super()
    // Another tab has signed in or out, or the browser shows this page as it was before: nothing of it may stay.
    this.channel.addEventListener('message', () => {
      if (this.standing !== 'share') window.location.reload()
    })
    window.addEventListener('pageshow', ({ persisted }) => {
      if (persisted) window.location.reload()
    })
  }

  /** Resumes the session of the cookie, or redeems the share link in the address. */
  async start(secret: string | null): Promise<void> {
    try {
      await (secret === null ? this.resume() : this.redeem(secret))
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (secret !== null && error.status >= 400 && error.status < 500) return this.stranger(refusalOf(error))
      // Neither signed in nor out: what is public can be read meanwhile.
      this.stranger(error.status === 401 ? '' : `${error.message} Trying again…`)
      if (error.status !== 401) this.timer = window.setTimeout(() => void this.start(secret), AGAIN)
    }
  }

  /** Whether this person has at least that role in their tenant. */
  may(least: Role): boolean {
    return this.member !== null && reaches(this.member.role, least)
  }

  /** Whether they run the deployment itself: its settings, providers and dead letters. */
  get operates(): boolean {
    return this.may('operator') && this.member?.tenant === this.config.tenant
  }

  /** Whether they may change this stream: operators any of the tenant, publishers those that they made. */
  mayChange(stream: { readonly createdBy: string | null } | null | undefined): boolean {
    return this.may('operator') || (this.may('publisher') && stream?.createdBy === this.member?.id)
  }

  /** The token that the API takes; empty for strangers. Raises ApiError where it has expired and cannot be renewed now. */
  async token(): Promise<string> {
    if (this.standing === 'stranger' || this.standing === 'starting') return ''
    try {
      return (await (await this.loaded.auth)?.token()) ?? ''
    } catch (error) {
      throw new ApiError(0, 'The sign-in service cannot be reached', error instanceof Error ? error.message : '')
    }
  }

  /** Firebase Auth, loaded now. Waits until the local sign-in service has started, where there is one. */
  async auth(): Promise<Auth> {
    this.loaded.auth ??= import('./auth').then(({ Auth }) => new Auth(this.app, this.config))
    await this.reachable()
    return this.loaded.auth
  }

  /** Begins a session for the account that has this ID token. Raises ApiError, such as for an account without membership. */
  async signIn(idToken: string): Promise<void> {
    await this.enter(await this.ask('', 'POST', { Authorization: `Bearer ${idToken}` }))
    this.channel.postMessage('changed')
  }

  /** Ends this session, or with `everywhere` all of this member's. Everything on the page goes with it. */
  async signOut(everywhere = false): Promise<void> {
    await (everywhere ? this.ask('/everywhere', 'POST') : this.ask('', 'DELETE'))
    this.channel.postMessage('changed')
    this.leave()
  }

  /** The API has refused the token, or the own document has changed: whether the session still holds, and with which role. */
  async check(): Promise<void> {
    if (this.standing !== 'member') return
    try {
      const answer = await this.ask('/token', 'POST')
      const member = memberOf(answer)
      if (member && same(member, this.member)) {
        // The API keeps members in memory for some seconds: it will know soon.
        if (this.stale) this.timer = window.setTimeout(() => void this.check(), AGAIN)
        return
      }
      if (member) await this.enter(answer)
      else this.end('You were signed out.')
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (error.status === 401 || error.status === 403) this.end('You were signed out, or are no longer a member.')
    }
  }

  private async resume(): Promise<void> {
    const answer = await this.ask('/token', 'POST')
    if (memberOf(answer)) await this.enter(answer)
    else this.stranger('')
  }

  private async redeem(secret: string): Promise<void> {
    const body = JSON.stringify({ secret })
    const answer = fields(await this.request(`${this.config.apiUrl}/shares/redeem`, 'POST', {}, body))
    const [id, stream, until] = [text(answer.id), text(answer.stream), Date.parse(text(answer.until) ?? '')]
    if (!id || !stream || Number.isNaN(until))
      throw new ApiError(0, 'The link cannot be read', 'The API says nothing of it.')
    await this.become(answer)
    this.share = { id, stream, until, reports: answer.reports === true }
    this.settle('share')
    this.timer = window.setTimeout(
      () => this.end('This link has expired. Ask the person who sent it for another.'),
      Math.min(until - serverClock.now(), LONGEST_TIMER),
    )
    const revoked = (): void => this.end('This link was revoked. Ask the person who sent it for another.')
    this.close = liveDocument(doc(this.db, 'shares', id), {
      answered: (found) => {
        if (found.metadata.fromCache) return
        if (found.data()?.revoked !== false) revoked()
      },
      failed: ({ code }) => {
        if (code === 'permission-denied') revoked()
      },
    })
  }

  private async enter(answer: unknown): Promise<void> {
    const member = memberOf(answer)
    if (!member) throw new ApiError(0, 'You cannot be signed in', 'The API does not say who you are.')
    await this.become(fields(answer))
    this.member = member
    this.settle('member')
    const check = (): void => void this.check()
    this.close = liveDocument(doc(this.db, 'members', member.id), {
      answered: (found) => {
        const { role, tenant } = found.data() ?? {}
        this.stale = !found.metadata.fromCache && (role !== member.role || tenant !== member.tenant)
        if (this.stale) check()
      },
      failed: ({ code }) => {
        if (code === 'permission-denied') check()
      },
    })
  }

  private async become({ token }: Readonly<Record<string, unknown>>): Promise<void> {
    const auth = await this.auth()
    await auth.become(text(token) ?? '').catch((error: unknown) => {
      throw new ApiError(0, 'You cannot be signed in', error instanceof Error ? error.message : String(error))
    })
  }

  /** Everything that was open to this identity closes with it. */
  private end(why: string): void {
    this.stranger(why)
    void this.loaded.auth?.then((auth) => auth.out())
  }

  private stranger(said: string): void {
    this.member = null
    this.share = null
    this.settle('stranger', said)
  }

  private settle(standing: Standing, said = ''): void {
    const before = this.standing
    window.clearTimeout(this.timer)
    this.stale = false
    this.close()
    this.close = () => undefined
    this.standing = standing
    this.said = said
    if (standing !== 'stranger' || before !== 'stranger') this.turn += 1
    this.emit()
  }

  /** Another document takes the place of this one, with its memory; the address keeps no place to go back to. */
  private leave(): void {
    window.location.replace(new URL('index.html', document.baseURI).href)
  }

  private async reachable(): Promise<void> {
    const { authEmulator } = this.config
    if (!authEmulator) return
    const answers = (): Promise<boolean> =>
      fetch(`http://${authEmulator}/`).then(
        () => true,
        () => false,
      )
    while (!(await answers())) {
      this.said = 'The local sign-in service is still starting. This takes some ten seconds…'
      this.emit()
      await new Promise((done) => window.setTimeout(done, AGAIN))
    }
    if (this.said.startsWith('The local')) this.said = ''
  }

  private ask(path: string, method: string, headers: Readonly<Record<string, string>> = {}): Promise<unknown> {
    return this.request(`${this.config.apiUrl}/session${path}`, method, headers, '{}')
  }

  private async request(
    url: string,
    method: string,
    headers: Readonly<Record<string, string>>,
    body: string,
  ): Promise<unknown> {
    // What ends a session must not depend on a proof.
    const begins = method === 'POST' && !url.endsWith('/everywhere')
    const sent = { 'Content-Type': 'application/json', ...headers, ...(begins ? await this.proved() : {}) }
    const response = await exchange(url, { method, headers: sent, body })
    return response.status === 204 ? null : jsonOf(response)
  }

  /** The header by which this page proves that it is the deployment's own. Raises ApiError where it cannot now. */
  private async proved(): Promise<Readonly<Record<string, string>>> {
    if (!this.proof) return {}
    try {
      return { 'X-Firebase-AppCheck': await this.proof() }
    } catch (error) {
      throw new ApiError(0, 'This page could not prove itself', error instanceof Error ? error.message : String(error))
    }
  }

  private emit(): void {
    this.dispatchEvent(new Event('change'))
  }
}

function memberOf(answer: unknown): Member | null {
  const { id, email, name, tenant, role } = fields(fields(answer).member)
  const found = { id: text(id), email: text(email), tenant: text(tenant) }
  if (!found.id || !found.email || !found.tenant || !isRole(role)) return null
  return { id: found.id, email: found.email, tenant: found.tenant, name: text(name) ?? found.email, role }
}

const same = (one: Member, other: Member | null): boolean =>
  one.id === other?.id && one.role === other.role && one.tenant === other.tenant

/** Why a link opens nothing. */
function refusalOf({ status, message }: ApiError): string {
  if (status === 404) return 'This link opens nothing: it is mistyped, or was taken back.'
  return status === 403 ? 'This link has expired or was revoked. Ask the person who sent it for another.' : message
}
