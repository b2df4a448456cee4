import type { FirebaseApp } from '@firebase/app'
import type { Firestore } from '@firebase/firestore'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { parseConfig } from '../config'
import { at, document, firestore, listeners, REFUSED } from '../live/fake-firestore'
import { Session } from './session'

const auth = vi.hoisted(() => ({ became: [] as string[], outs: 0 }))

vi.mock('@firebase/firestore', () => firestore)
vi.mock('./auth', () => ({
  Auth: class {
    token = async (): Promise<string> => `id-of-${auth.became.at(-1)}`
    become = async (token: string): Promise<void> => void auth.became.push(token)
    out = async (): Promise<void> => {
      auth.outs += 1
    }
  },
}))

const CONFIG = parseConfig({ projectId: 'p', apiUrl: 'https://front.test/api', ingestUrl: 'https://i.test' })
const NOW = Date.parse('2026-05-04T12:00:00Z')

interface Answer {
  readonly status: number
  readonly body?: unknown
}

const member = (role: string, tenant = 'main'): Answer => ({
  status: 200,
  body: { token: `as-${role}`, member: { id: 'm1', email: 'ann@example.com', name: 'Ann', tenant, role } },
})
const SHARED: Answer = {
  status: 200,
  body: { token: 'as-share', id: 'h1', stream: 'arena', until: '2026-05-04T13:00:00Z', reports: true },
}
const REFUSAL: Answer = { status: 401, body: { title: 'Unauthorized' } }

let answers: Record<string, Answer>
let asked: [string, RequestInit][]
const left = vi.fn()

const proofs = (): unknown[] => asked.map(([, { headers }]) => new Headers(headers).get('X-Firebase-AppCheck'))

function made(): Session {
  return new Session(CONFIG, {} as FirebaseApp, {} as Firestore)
}

async function started(secret: string | null = null): Promise<Session> {
  const session = made()
  await session.start(secret)
  return session
}

beforeEach(() => {
  vi.useFakeTimers({ now: NOW })
  listeners.length = 0
  auth.became.length = 0
  auth.outs = 0
  asked = []
  answers = { 'POST /session/token': { status: 204 } }
  vi.stubGlobal('fetch', async (url: string, request: RequestInit = {}) => {
    asked.push([url, request])
    const found = answers[`${request.method ?? 'GET'} ${url.replace(CONFIG.apiUrl, '')}`]
    if (!found) throw new TypeError('refused')
    return new Response(found.body === undefined ? null : JSON.stringify(found.body), { status: found.status })
  })
  const timers = { setTimeout, clearTimeout }
  vi.stubGlobal('window', Object.assign(new EventTarget(), timers, { location: { replace: left, reload: left } }))
  vi.stubGlobal('document', { baseURI: 'https://front.test/' })
  vi.stubGlobal(
    'BroadcastChannel',
    class extends EventTarget {
      postMessage(): void {}
    },
  )
  left.mockClear()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('a session', () => {
  it('is a stranger’s where there is no cookie, and loads nothing to sign in with', async () => {
    const session = await started()
    expect(session.standing).toBe('stranger')
    expect(await session.token()).toBe('')
    expect(auth.became).toEqual([])
  })

  it('is resumed from the cookie alone', async () => {
    answers['POST /session/token'] = member('operator')
    const session = await started()
    expect(session.member).toMatchObject({ id: 'm1', role: 'operator' })
    expect(await session.token()).toBe('id-of-as-operator')
    expect(asked[0]?.[1].headers).toEqual({ 'Content-Type': 'application/json' })
    expect([session.may('publisher'), session.may('admin'), session.operates]).toEqual([true, false, true])
  })

  it('does not run the deployment from another tenant', async () => {
    answers['POST /session/token'] = member('admin', 'north')
    expect((await started()).operates).toBe(false)
  })

  it('lets publishers change what they made', async () => {
    answers['POST /session/token'] = member('publisher')
    const session = await started()
    expect(session.mayChange({ createdBy: 'm1' })).toBe(true)
    expect(session.mayChange({ createdBy: 'm2' })).toBe(false)
    expect(session.mayChange(null)).toBe(false)
  })

  it('says who may not be signed in, and why', async () => {
    const session = await started()
    answers['POST /session'] = { status: 403, body: { title: 'Forbidden', detail: 'x@y.z is not a member' } }
    await expect(session.signIn('token')).rejects.toThrow('x@y.z is not a member')
    expect(session.standing).toBe('stranger')
  })

  it('takes another role at once', async () => {
    answers['POST /session/token'] = member('operator')
    const session = await started()
    const { turn } = session
    answers['POST /session/token'] = member('viewer')
    at('members/m1')[0]?.answer(document('m1', { role: 'viewer', tenant: 'main' }))
    await vi.waitFor(() => expect(session.member?.role).toBe('viewer'))
    expect(session.turn).toBeGreaterThan(turn)
    expect(auth.became).toEqual(['as-operator', 'as-viewer'])
  })

  it('asks again while the API does not know yet what the document says', async () => {
    answers['POST /session/token'] = member('operator')
    const session = await started()
    at('members/m1')[0]?.answer(document('m1', { role: 'viewer', tenant: 'main' }))
    await vi.advanceTimersByTimeAsync(0)
    expect(session.member?.role).toBe('operator')
    answers['POST /session/token'] = member('viewer')
    await vi.advanceTimersByTimeAsync(3000)
    expect(session.member?.role).toBe('viewer')
  })

  it.each([
    ['is missing', () => at('members/m1')[0]?.answer(document('m1', null))],
    ['is refused', () => at('members/m1')[0]?.refuse(REFUSED)],
  ])('ends where the own document %s and the API knows no session', async (_, happens) => {
    answers['POST /session/token'] = member('operator')
    const session = await started()
    answers['POST /session/token'] = REFUSAL
    happens()
    await vi.waitFor(() => expect(session.standing).toBe('stranger'))
    expect(session.member).toBeNull()
    expect(session.said).toContain('no longer a member')
    expect(await session.token()).toBe('')
    await vi.waitFor(() => expect(auth.outs).toBe(1))
  })

  it('goes on where only the API cannot be reached', async () => {
    answers['POST /session/token'] = member('operator')
    const session = await started()
    answers = {}
    await session.check()
    expect(session.member?.role).toBe('operator')
  })

  it('is tried again while the API cannot be reached', async () => {
    answers = {}
    const session = await started()
    expect(session.said).toContain('Trying again')
    answers['POST /session/token'] = member('viewer')
    await vi.advanceTimersByTimeAsync(3000)
    expect(session.member?.role).toBe('viewer')
    expect(session.said).toBe('')
  })

  it('gives its token without asking whether the sign-in service is there', async () => {
    answers = { 'POST /session/token': member('viewer'), 'GET http://127.0.0.1:1/': { status: 200 } }
    const session = new Session({ ...CONFIG, authEmulator: '127.0.0.1:1' }, {} as FirebaseApp, {} as Firestore)
    await session.start(null)
    answers = {}
    expect(await session.token()).toBe('id-of-as-viewer')
  })

  it('takes the page with it when it is signed out', async () => {
    answers['POST /session/token'] = member('viewer')
    const session = await started()
    answers['DELETE /session'] = { status: 204 }
    await session.signOut()
    expect(left).toHaveBeenCalledWith('https://front.test/index.html')
  })
})

describe('a share link', () => {
  beforeEach(() => {
    answers['POST /shares/redeem'] = SHARED
  })

  it('shows its stream, and its secret is in no address', async () => {
    const session = await started('SECRET')
    expect(session.share).toMatchObject({ stream: 'arena', reports: true })
    expect(asked.map(([url]) => url).join()).not.toContain('SECRET')
    expect(session.may('viewer')).toBe(false)
  })

  it.each([
    ['revoked', () => at('shares/h1')[0]?.answer(document('h1', { revoked: true }))],
    ['revoked', () => at('shares/h1')[0]?.answer(document('h1', null))],
    ['revoked', () => at('shares/h1')[0]?.refuse(REFUSED)],
    ['expired', () => vi.advanceTimersByTime(3_600_000)],
  ])('ends at once when it is %s', async (how, happens) => {
    const session = await started('SECRET')
    at('shares/h1')[0]?.answer(document('h1', { revoked: false }))
    expect(session.standing).toBe('share')
    happens()
    expect(session.standing).toBe('stranger')
    expect(session.share).toBeNull()
    expect(session.said).toContain(how)
  })

  it('says why it opens nothing', async () => {
    answers['POST /shares/redeem'] = { status: 403, body: { title: 'Forbidden' } }
    expect((await started('SECRET')).said).toContain('expired or was revoked')
  })
})

describe('a page with App Check', () => {
  it('proves itself where a session or a link begins, and not where one ends', async () => {
    answers = { 'POST /session/token': member('viewer'), 'DELETE /session': { status: 204 } }
    const session = new Session(CONFIG, {} as FirebaseApp, {} as Firestore, async () => 'proof')
    await session.start(null)
    await session.signOut()
    expect(proofs()).toEqual(['proof', null])
  })

  it('says so where it cannot, and tries again', async () => {
    const session = new Session(CONFIG, {} as FirebaseApp, {} as Firestore, async () => {
      throw new Error('reCAPTCHA does not answer')
    })
    await session.start(null)
    expect(session.standing).toBe('stranger')
    expect(session.said).toBe('reCAPTCHA does not answer Trying again…')
    expect(asked).toEqual([])
  })
})
