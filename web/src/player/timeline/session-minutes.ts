import { collection, type Firestore, getDocsFromServer, limit, orderBy, query, where } from '@firebase/firestore'
import { RETRY } from '../../data/live/live-query'
import type { Stretch } from './coverage'
import type { Look } from './looks'
import { readMinutes } from './minutes'
import type { View } from './view'

/**
 * Minutes that are read at once, and their documents at most: one for each kind, another for each that has boxes, and one of
 * segments; of a file seven each.
 */
const BLOCK = 10
const MOST = BLOCK * 12 * 7
const SECONDS = BLOCK * 60
/** Blocks that are kept: two days. Those out of view go first. */
const KEPT = 288

interface Block {
  /** The first minute that has yet to be read. */
  next: number
  looks: readonly Look[]
  stretches: readonly Stretch[]
}

/**
 * Looks of a session before the part that is followed live: read a block of minutes at a time, those in view first,
 * each minute once. Fires `change`.
 */
export class SessionMinutes extends EventTarget {
  looks: readonly Look[] = []
  stretches: readonly Stretch[] = []
  /** Reason why nothing more can be read, for the user. */
  error = ''
  /** Whether minutes in view are still to come. */
  reading = false
  private readonly blocks = new Map<number, Block>()
  private wanted: { readonly view: View; readonly minutes: number } | null = null
  private busy = false
  private closed = false
  private timer = 0

  constructor(
    private readonly db: Firestore,
    private readonly stream: string,
    private readonly session: string,
  ) {
    super()
  }

  /** Reads what is in view of the session before `since` (s). */
  want(view: View, since: number): void {
    // The minute that `since` lies in is only half in what is watched.
    this.wanted = { view, minutes: since > 0 ? Math.floor(since / 60) + 1 : 0 }
    this.go()
  }

  close(): void {
    this.closed = true
    window.clearTimeout(this.timer)
  }

  private go(): void {
    const block = this.nearest()
    if (this.closed || this.busy || this.timer !== 0) return
    this.reading = block !== null
    if (block === null) return
    this.busy = true
    void this.read(block).then(
      () => this.settled(''),
      (error: unknown) => this.settled(error instanceof Error ? error.message : String(error)),
    )
  }

  /** The block in view, nearest to its middle, that has minutes to read; null: none. */
  private nearest(): number | null {
    if (!this.wanted) return null
    const { view, minutes } = this.wanted
    const middle = (view.from + view.to) / 2 / SECONDS
    const first = Math.max(Math.floor(view.from / SECONDS), Math.floor(middle - KEPT / 2))
    const last = Math.min(Math.floor(view.to / SECONDS), Math.ceil(minutes / BLOCK) - 1, first + KEPT - 1)
    const open: number[] = []
    for (let block = first; block <= last; block += 1) {
      if ((this.blocks.get(block)?.next ?? block * BLOCK) < Math.min((block + 1) * BLOCK, minutes)) open.push(block)
    }
    return open.sort((a, b) => Math.abs(a + 0.5 - middle) - Math.abs(b + 0.5 - middle))[0] ?? null
  }

  private async read(number: number): Promise<void> {
    const block = this.blocks.get(number) ?? { next: number * BLOCK, looks: [], stretches: [] }
    const end = Math.min((number + 1) * BLOCK, this.wanted?.minutes ?? 0)
    const minutes = collection(this.db, 'streams', this.stream, 'sessions', this.session, 'minutes')
    const wanted = query(
      minutes,
      where('minute', '>=', block.next),
      where('minute', '<', end),
      orderBy('minute'),
      limit(MOST),
    )
    const found = readMinutes((await getDocsFromServer(wanted)).docs.map((document) => document.data()))
    this.makeRoom()
    this.blocks.set(number, {
      next: end,
      looks: [...block.looks, ...found.looks],
      stretches: [...block.stretches, ...found.stretches],
    })
    const blocks = [...this.blocks].sort(([a], [b]) => a - b).map(([, one]) => one)
    this.looks = blocks.flatMap(({ looks }) => looks)
    this.stretches = blocks.flatMap(({ stretches }) => stretches)
  }

  private makeRoom(): void {
    const { from, to } = this.wanted?.view ?? { from: 0, to: 0 }
    for (const number of this.blocks.keys()) {
      if (this.blocks.size < KEPT) return
      if ((number + 1) * SECONDS < from || number * SECONDS > to) this.blocks.delete(number)
    }
  }

  private settled(error: string): void {
    this.busy = false
    if (this.closed) return
    this.error = error
    if (error) {
      this.timer = window.setTimeout(() => {
        this.timer = 0
        this.go()
      }, RETRY)
    } else this.go()
    this.dispatchEvent(new Event('change'))
  }
}
