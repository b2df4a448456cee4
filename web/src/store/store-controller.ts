import type { ReactiveController, ReactiveControllerHost } from 'lit'
import type { StreamStore } from './stream-store'

/** Keeps a store open as long as its host is on the page, and updates the host when it changes. */
export class StoreController implements ReactiveController {
  private readonly changed = (): void => {
    this.host.requestUpdate()
    this.onChange()
  }

  constructor(
    private readonly host: ReactiveControllerHost,
    readonly store: StreamStore,
    private readonly onChange: () => void,
  ) {
    host.addController(this)
  }

  hostConnected(): void {
    this.store.addEventListener('change', this.changed)
    this.store.open()
  }

  hostDisconnected(): void {
    this.store.removeEventListener('change', this.changed)
    this.store.close()
  }
}
