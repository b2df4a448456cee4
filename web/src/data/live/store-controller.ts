import type { ReactiveController, ReactiveControllerHost } from 'lit'

/** Follows documents from `open` to `close`, and fires `change`. */
export interface Store extends EventTarget {
  open(): void
  close(): void
}

/** Keeps a store open as long as its host is on the page, and updates the host when it changes. */
export class StoreController implements ReactiveController {
  private readonly changed = (): void => {
    this.host.requestUpdate()
    this.onChange()
  }

  constructor(
    private readonly host: ReactiveControllerHost,
    readonly store: Store,
    private readonly onChange: () => void = () => undefined,
  ) {
    host.addController(this)
  }

  /** Lets go of the store before its host leaves the page. */
  release(): void {
    this.host.removeController(this)
    this.hostDisconnected()
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
