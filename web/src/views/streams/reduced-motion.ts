import type { ReactiveController, ReactiveControllerHost } from 'lit'
import { serverClock } from '../../data/server-clock'

const REDUCED = '(prefers-reduced-motion: reduce)'
const MINUTE = 60_000

/** Whether pictures should stand still (reduced motion is preferred, or the page is hidden), and the time, updated each minute. */
export class ReducedMotion implements ReactiveController {
  now = serverClock.now()
  private readonly media = window.matchMedia(REDUCED)
  private timer = 0

  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this)
  }

  get still(): boolean {
    return this.media.matches || document.hidden
  }

  hostConnected(): void {
    this.media.addEventListener('change', this.changed)
    document.addEventListener('visibilitychange', this.changed)
    this.timer = window.setInterval(this.changed, MINUTE)
  }

  hostDisconnected(): void {
    this.media.removeEventListener('change', this.changed)
    document.removeEventListener('visibilitychange', this.changed)
    window.clearInterval(this.timer)
  }

  private readonly changed = (): void => {
    this.now = serverClock.now()
    this.host.requestUpdate()
  }
}
