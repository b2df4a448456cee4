import { begin, type Session, type Target, UNREADABLE, UploadError } from './begin'
import { type Answer, contentRange, giveUp, PIECE, put } from './resumable'
import { Speed } from './speed'

export type UploadState = 'sending' | 'waiting' | 'paused' | 'done' | 'failed' | 'cancelled'

const BACKOFF = [1, 2, 4, 8, 15, 30] as const // s

/** One file on its way to Cloud Storage, a piece at a time; only that piece is ever read. Fires `change`. */
export class Upload extends EventTarget {
  state: UploadState = 'sending'
  /** The problem, for the user. */
  message = ''
  /** Bytes that have arrived or are on their way. */
  sent = 0
  readonly speed = new Speed()
  private session: Session | null = null
  private failures = 0
  private timer = 0
  private aborter = new AbortController()

  constructor(
    private readonly target: Target,
    readonly file: File,
  ) {
    super()
    window.addEventListener('online', this.online)
    void this.run()
  }

  /** The object's name, once it is known. */
  get object(): string | null {
    return this.session?.object ?? null
  }

  get active(): boolean {
    return this.state === 'sending' || this.state === 'waiting'
  }

  pause(): void {
    if (!this.active) return
    this.halt()
    this.set('paused', '')
  }

  resume(): void {
    if (this.state === 'paused' || this.state === 'failed') void this.run()
  }

  cancel(): void {
    this.halt()
    if (this.session) void giveUp(this.session.url)
    this.finish('cancelled', '')
  }

  /** Pauses because the view is left: what has arrived stays, and another visit resumes. */
  close(): void {
    this.halt()
    window.removeEventListener('online', this.online)
  }

  private halt(): void {
    window.clearTimeout(this.timer)
    this.aborter.abort()
  }

  private async run(): Promise<void> {
    window.clearTimeout(this.timer)
    this.aborter = new AbortController()
    const { signal } = this.aborter
    this.set('sending', '')
    try {
      await this.transfer(signal)
    } catch (error) {
      if (signal.aborted) return
      if (!(error instanceof UploadError)) throw error
      if (error.passing) this.later(error.message)
      else this.finish('failed', error.message)
    }
  }

  /** Asks for the uploaded size, then sends the rest. Raises UploadError. */
  private async transfer(signal: AbortSignal): Promise<void> {
    const { file } = this
    this.session ??= await begin(this.target, file, signal)
    const { url, begun } = this.session
    this.session = { ...this.session, begun: true }
    let answer: Answer = begun
      ? await put(url, null, contentRange(0, 0, file.size), signal, () => undefined)
      : { is: 'more', next: 0 }
    while (answer.is === 'more' && !signal.aborted) {
      const { next } = answer
      this.progress(next)
      const piece = file.slice(next, next + PIECE)
      const range = contentRange(next, next + piece.size, file.size)
      answer = await put(url, piece, range, signal, (bytes) => this.progress(next + bytes))
      if (answer.is === 'more' && answer.next > next) this.failures = 0
      if (answer.is === 'wait') await this.readable(next)
    }
    if (!signal.aborted) this.conclude(answer)
  }

  private conclude(answer: Answer): void {
    switch (answer.is) {
      case 'done':
        this.progress(this.file.size)
        this.finish('done', '')
        break
      case 'gone':
        this.session = null
        this.later('Cloud Storage no longer knows this upload. It starts over.')
        break
      case 'wait':
        this.later(
          answer.status ? `Cloud Storage answers ${answer.status}.` : 'The connection to Cloud Storage was lost.',
        )
        break
      case 'refused':
        this.finish('failed', `Cloud Storage refused the file (${answer.status}).`)
    }
  }

  /** A request without an answer may also mean that the file was changed or moved. Raises UploadError then. */
  private async readable(at: number): Promise<void> {
    try {
      await this.file.slice(at, at + 1).arrayBuffer()
    } catch {
      throw new UploadError(UNREADABLE)
    }
  }

  private progress(sent: number): void {
    this.sent = sent
    this.speed.add(performance.now(), sent)
    this.emit()
  }

  private later(message: string): void {
    const wait = BACKOFF[Math.min(this.failures, BACKOFF.length - 1)] ?? 30
    this.failures += 1
    this.speed.clear()
    this.set('waiting', message)
    this.timer = window.setTimeout(() => void this.run(), wait * 1000)
  }

  private readonly online = (): void => {
    if (this.state === 'waiting') void this.run()
  }

  private finish(state: UploadState, message: string): void {
    if (state !== 'failed') window.removeEventListener('online', this.online)
    this.set(state, message)
  }

  private set(state: UploadState, message: string): void {
    this.state = state
    this.message = message
    this.emit()
  }

  private emit(): void {
    this.dispatchEvent(new Event('change'))
  }
}
