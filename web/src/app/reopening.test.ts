import type { Firestore, Query } from '@firebase/firestore'
import type { LitElement } from 'lit'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Session } from '../data/identity/session'
import { answer, at, document, firestore, listeners, REFUSED } from '../data/live/fake-firestore'

vi.mock('@firebase/firestore', () => firestore)

const db = {} as Firestore
const operator = Object.assign(new EventTarget(), {
  member: { id: 'm1', tenant: 'main', role: 'operator' },
  share: null,
  operates: true,
  may: () => true,
}) as unknown as Session
const WAIT = 5000

/** A listener that fails is dead: it is closed, and one takes its place. */
async function reopens(path: string): Promise<void> {
  const before = at(path).length
  expect(before).toBeGreaterThan(0)
  at(path).at(-1)?.refuse(REFUSED)
  await vi.advanceTimersByTimeAsync(WAIT)
  expect(at(path)).toHaveLength(before + 1)
  expect(at(path).at(before - 1)?.close).toHaveBeenCalled()
}

/** As if it were put on the page, but for its rendering, which needs a browser. */
function place<T extends LitElement>(element: T): T {
  const rendering = { createRenderRoot: () => ({}), update: () => undefined, dispatchEvent: () => true }
  Object.assign(element, rendering)
  element.connectedCallback()
  return element
}

beforeEach(() => {
  listeners.length = 0
  vi.useFakeTimers()
  const timers = { setTimeout, clearTimeout, setInterval, clearInterval }
  vi.stubGlobal('window', Object.assign(new EventTarget(), timers))
  vi.stubGlobal('navigator', { onLine: true })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('a listener that failed is opened again', () => {
  it('where the connection is watched', async () => {
    const { Connection } = await import('../data/live/connection')
    new Connection(db, operator).open()
    await reopens('members/m1')
  })

  it('where the stream of the page is watched', async () => {
    const { StreamDocument } = await import('../data/live/stream-document')
    new StreamDocument(db, 'arena').open()
    await reopens('streams/arena')
  })

  it('where an import is followed', async () => {
    const { ImportPanel } = await import('../views/upload/import-panel')
    place(Object.assign(new ImportPanel(), { db, session: operator, stream: 'arena', object: 'uploads/arena/1.mp4' }))
    await vi.advanceTimersByTimeAsync(0)
    await reopens('streams/arena/imports')
  })

  it('where Explore reads the names of the streams', async () => {
    const { Explore } = await import('../views/explore/explore')
    place(Object.assign(new Explore(), { db, session: operator }))
    await vi.advanceTimersByTimeAsync(0)
    await reopens('streams')
  })

  it('where a stream’s page watches its providers', async () => {
    const { StreamProblems } = await import('../views/watch/stream-problems')
    place(Object.assign(new StreamProblems(), { db, identity: operator }))
    await vi.advanceTimersByTimeAsync(0)
    await reopens('providers')
  })

  it('where the wall lists the streams', async () => {
    const { StreamsStore } = await import('../data/live/streams-store')
    new StreamsStore(db, operator).open()
    await reopens('streams')
  })

  it('where a stream is watched: its document, its session, and what that holds', async () => {
    const { StreamStore } = await import('../player/session/stream-store')
    new StreamStore(db, 'arena').open()
    at('streams/arena')[0]?.answer(document('arena', { state: 'live', session: 's1' }))
    const session = 'streams/arena/sessions/s1'
    for (const path of ['streams/arena', session, `${session}/frames`, `${session}/segments`]) await reopens(path)
  })

  it('where Health watches everything that runs', async () => {
    const { HealthStore } = await import('../views/health/store')
    new HealthStore(db, operator).open()
    at('streams')[0]?.answer(answer([{ id: 'arena', state: 'live', session: 's1' }]))
    const session = 'streams/arena/sessions/s1'
    for (const path of ['providers', session, `${session}/frames`]) await reopens(path)
  })

  it('where Explore waits for new frames', async () => {
    const { ExploreReader } = await import('../views/explore/reader')
    const { ANY } = await import('../views/explore/filter')
    new ExploreReader(db, 'main', ANY).open()
    await reopens('frames')
  })

  it('where a tile shows its newest frames', async () => {
    const { DocumentWindow } = await import('../data/live/document-window')
    const failed = vi.fn()
    const frames = new DocumentWindow((id) => ({ id, time: 0 }), vi.fn(), failed)
    frames.open(firestore.collection({}, 'frames') as unknown as Query)
    at('frames')[0]?.answer(answer([{ id: 'gone' }, { id: 'stays' }]))
    await reopens('frames')
    expect(failed).toHaveBeenCalledOnce()
    expect(frames.items.map(({ id }) => id)).toEqual(['gone', 'stays'])
    at('frames')[1]?.answer(answer([{ id: 'stays' }]))
    expect(frames.items.map(({ id }) => id)).toEqual(['stays'])
  })
})

it('a listener that was closed while it waited is not opened again', async () => {
  const { liveQuery } = await import('../data/live/live-query')
  const close = liveQuery(firestore.collection({}, 'streams') as unknown as Query, { answered: vi.fn() })
  at('streams')[0]?.refuse(REFUSED)
  close()
  await vi.advanceTimersByTimeAsync(WAIT * 2)
  expect(at('streams')).toHaveLength(1)
})

it('an error is withdrawn as soon as the listener that was opened again is answered', async () => {
  const { StreamsStore } = await import('../data/live/streams-store')
  const store = new StreamsStore(db, operator)
  store.open()
  at('streams')[0]?.refuse(REFUSED)
  expect(store.error).toBe('The database denies access to the streams.')
  await vi.advanceTimersByTimeAsync(WAIT)
  at('streams')[1]?.answer(answer([{ id: 'arena' }]))
  expect(store.error).toBeNull()
  expect(store.streams?.map(({ id }) => id)).toEqual(['arena'])
})
