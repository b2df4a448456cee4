import type { ReactiveController, ReactiveControllerHost } from 'lit'
import type { Api } from '../api/api'
import { ApiError } from '../api/api'
import type { StreamQuotas } from './quotas'

const EACH = 60_000

/** A stream's quotas, read each minute while its host is shown; null until they are known, or without the right. */
export class StreamQuotaReading implements ReactiveController {
  quotas: StreamQuotas | null = null
  private stream = ''
  private api: Api | null = null
  private timer = 0

  constructor(private readonly host: ReactiveControllerHost) {
    host.addController(this)
  }

  /** Reads those of `stream`; without one, none. */
  follow(api: Api, stream: string): void {
    if (stream === this.stream) return
    this.stream = stream
    this.api = api
    this.quotas = null
    this.begin()
  }

  hostConnected(): void {
    this.begin()
  }

  hostDisconnected(): void {
    window.clearInterval(this.timer)
  }

  private begin(): void {
    window.clearInterval(this.timer)
    if (!this.stream) return
    this.timer = window.setInterval(() => void this.read(), EACH)
    void this.read()
  }

  /** What was read last is shown while the API does not answer. */
  private async read(): Promise<void> {
    const { api, stream } = this
    if (!api || !stream) return
    try {
      const found = await api.get<'/streams/{stream}/quotas'>(`/streams/${encodeURIComponent(stream)}/quotas`)
      if (stream !== this.stream) return
      this.quotas = found
      this.host.requestUpdate()
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
    }
  }
}
