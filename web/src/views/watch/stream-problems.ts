import { collection, type Firestore, limit, query } from '@firebase/firestore'
import { consume } from '@lit/context'
import { html, LitElement, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { toProvider } from '../../data/documents/documents'
import type { Frame, Provider, Session, Stream } from '../../data/documents/model'
import { targetDuration } from '../../data/health/measure'
import { ofProvider, stalled } from '../../data/health/problems'
import type { Session as Identity } from '../../data/identity/session'
import { Live } from '../../data/live/live'
import { providerProblems } from '../../data/provider-problems'
import { serverClock } from '../../data/server-clock'
import { database, identity } from '../../data/services'
import { base } from '../../style/base'
import '../../ui/problems'

const NEWEST = 20

/** Problems of a live stream, shown on its own page: no segments arrive, or a provider fails. */
@customElement('ma-stream-problems')
export class StreamProblems extends LitElement {
  static override styles = base

  @consume({ context: database }) db!: Firestore
  @consume({ context: identity }) identity!: Identity
  @property({ attribute: false }) stream: Stream | null = null
  @property({ attribute: false }) session: Session | null = null
  /** The newest frames: providers that analysed none of them are not this stream's. */
  @property({ attribute: false }) frames: readonly Frame[] = []
  /** Whether it is transcribed. */
  @property({ type: Boolean }) heard = false
  private readonly providers = new Live(this, toProvider)
  private timer = 0

  override connectedCallback(): void {
    super.connectedCallback()
    this.timer = window.setInterval(() => this.requestUpdate(), 1000)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    window.clearInterval(this.timer)
  }

  override willUpdate(): void {
    const { db } = this
    this.providers.follow('all', () => (this.identity.operates ? query(collection(db, 'providers'), limit(20)) : null))
  }

  override render(): TemplateResult {
    const { stream, session } = this
    const now = serverClock.now()
    const mean = session && session.segments > 0 ? session.mediaSeconds / session.segments : 0
    const patience = 3 * targetDuration(mean) * 1000
    const problems =
      stream?.state === 'live'
        ? [...stalled(stream, patience, now), ...this.lookers().flatMap((provider) => ofProvider(provider, now))]
        : []
    return html`<ma-problems .problems=${problems}></ma-problems>`
  }

  /** Providers of this stream. Problems that its frames report are shown with the picture instead. */
  private lookers(): readonly Provider[] {
    const newest = this.frames.slice(-NEWEST)
    const asked = new Set(newest.flatMap(({ analyses }) => [...analyses.values()].map(({ provider }) => provider)))
    for (const { provider } of providerProblems(this.frames)) asked.delete(provider)
    if (this.heard) asked.add('speech')
    // The page reports that the database cannot be read; what was known of providers no longer holds then.
    const known = this.providers.error === null ? (this.providers.items ?? []) : []
    return known.filter(({ id }) => asked.has(id))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-stream-problems': StreamProblems
  }
}
