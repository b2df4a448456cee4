import type { ReactiveController, ReactiveControllerHost } from 'lit'
import type { Api } from './api'

/** Updates its host when the operator's key comes or goes. */
export class Unlocked implements ReactiveController {
  private readonly changed = (): void => this.host.requestUpdate()

  constructor(private readonly host: ReactiveControllerHost & { readonly api: Api }) {
    host.addController(this)
  }

  hostConnected(): void {
    this.host.api.addEventListener('change', this.changed)
  }

  hostDisconnected(): void {
    this.host.api.removeEventListener('change', this.changed)
  }
}
