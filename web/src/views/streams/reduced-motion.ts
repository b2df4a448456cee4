import type { ReactiveController, ReactiveControllerHost } from 'lit'

const REDUCED = '(prefers-reduced-motion: reduce)'
const MINUTE = 60_000

/** Whether pictures had better stand still (motion is not wanted, or nobody looks), and what time it is, by the minute. */
export class Stillness implements ReactiveController {
  now = Date.now()
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
    this.now = Date.now()
    this.host.requestUpdate()
  }
}
