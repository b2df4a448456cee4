import { doc, type Firestore } from '@firebase/firestore'
import type { Session } from '../identity/session'
import { liveDocument } from './live-query'

/** Silence of the server after which the database counts as unreachable; the cache answers first (ms). */
const SILENCE = 2000

/** State of the connection to the database. Fires `change`. */
export class Connection extends EventTarget {
  /** The device has no network. */
  offline = !navigator.onLine
  /** The database has not answered for a while. */
  unreachable = false
  private close_: (() => void) | null = null
  private timer = 0
  private path = ''

  constructor(
    private readonly db: Firestore,
    private readonly session: Session,
  ) {
    super()
  }

  open(): void {
    window.addEventListener('online', this.changed)
    window.addEventListener('offline', this.changed)
    this.session.addEventListener('change', this.follow)
    this.follow()
  }

  close(): void {
    window.removeEventListener('online', this.changed)
    window.removeEventListener('offline', this.changed)
    this.session.removeEventListener('change', this.follow)
    this.watch('')
  }

  /** One document is enough, that of the identity: all listeners share one connection. */
  private readonly follow = (): void => {
    const { member, share } = this.session
    this.watch(member ? `members/${member.id}` : share ? `shares/${share.id}` : '')
  }

  private watch(path: string): void {
    if (path === this.path) return
    this.path = path
    this.close_?.()
    this.close_ = null
    window.clearTimeout(this.timer)
    if (!path) return
    this.close_ = liveDocument(doc(this.db, path), {
      metadata: true,
      answered: ({ metadata }) => this.heard(!metadata.fromCache),
      failed: () => this.heard(true), // a refusal is an answer
    })
  }

  private heard(fromServer: boolean): void {
    window.clearTimeout(this.timer)
    if (fromServer) this.set(false)
    else this.timer = window.setTimeout(() => this.set(true), SILENCE)
  }

  private set(unreachable: boolean): void {
    if (this.unreachable === unreachable) return
    this.unreachable = unreachable
    this.dispatchEvent(new Event('change'))
  }

  private readonly changed = (): void => {
    this.offline = !navigator.onLine
    this.dispatchEvent(new Event('change'))
  }
}
