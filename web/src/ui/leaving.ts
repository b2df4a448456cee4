import type { ReactiveController, ReactiveControllerHost } from 'lit'

const guards = new Set<Leaving>()

/** Asks before work that is unsaved or under way is lost: when the tab is closed, and when another view takes the place of the host's. */
export class Leaving implements ReactiveController {
  constructor(
    host: ReactiveControllerHost,
    /** Whether there is something to lose. */
    readonly busy: () => boolean,
    readonly question: string,
  ) {
    host.addController(this)
  }

  hostConnected(): void {
    guards.add(this)
    window.addEventListener('beforeunload', this.unloading)
  }

  hostDisconnected(): void {
    guards.delete(this)
    window.removeEventListener('beforeunload', this.unloading)
  }

  /** The browser asks in its own words. */
  private readonly unloading = (event: BeforeUnloadEvent): void => {
    if (this.busy()) event.preventDefault()
  }
}

/** Whether the view that is shown may be left; asks the user where it has something to lose. */
export const mayLeave = (): boolean => [...guards].every(({ busy, question }) => !busy() || window.confirm(question))
