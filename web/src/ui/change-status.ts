import { collection, type Firestore, limit, query, where } from '@firebase/firestore'
import { consume } from '@lit/context'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { toSegment, toStream } from '../data/documents/documents'
import type { Stream } from '../data/documents/model'
import { clock } from '../data/format'
import { newest } from '../data/gate-reads'
import type { Session } from '../data/identity/session'
import { Live } from '../data/live/live'
import { database, identity } from '../data/services'
import { base } from '../style/base'
import { forms } from '../style/forms'

/**
 * Says when a change has taken effect, where it can be seen: each segment of a running stream names the settings that
 * it was sampled under. `begin` before a change is sent, `done` after it was.
 */
@customElement('ma-change-status')
export class ChangeStatus extends LitElement {
  static override styles = [
    base,
    forms,
    css`
      .said {
        margin-bottom: 14px;
        padding: 8px 14px;
        background: color-mix(in srgb, var(--accent) 12%, var(--panel));
        border-color: color-mix(in srgb, var(--accent) 40%, transparent);
      }
      .said.good {
        background: color-mix(in srgb, var(--good) 14%, var(--panel));
        border-color: color-mix(in srgb, var(--good) 45%, transparent);
      }
    `,
  ]

  @consume({ context: database }) db!: Firestore
  @consume({ context: identity }) session!: Session
  /** The one that matters; empty: any that is live. */
  @property() stream = ''
  @state() private said = false
  /** The revision before the change that is told of, and before the one that is on its way. */
  private earlier = ''
  private pending = ''
  private readonly live = new Live(this, toStream)
  private readonly segments = new Live(this, toSegment)

  begin(): void {
    this.pending = this.revision
  }

  done(): void {
    this.earlier = this.pending
    this.said = true
    this.requestUpdate()
  }

  override willUpdate(): void {
    const { db, watched } = this
    this.live.follow('live', () =>
      query(
        collection(db, 'streams'),
        where('tenant', '==', this.session.member?.tenant ?? ''),
        where('state', '==', 'live'),
        limit(20),
      ),
    )
    this.segments.follow(watched?.session ? `${watched.id}/${watched.session}` : '', () =>
      watched?.session ? newest(db, watched.id, watched.session, 'segments', 1) : null,
    )
  }

  override render(): TemplateResult | typeof nothing {
    if (!this.said) return nothing
    const { watched } = this
    if (!watched) {
      return html`<p class="said" role="status">
        Saved. ${this.stream ? 'The stream is' : 'No stream is'} ${this.stream ? 'not ' : ''}live: the next video will use it.
      </p>`
    }
    const segment = this.segments.items?.at(-1)
    if (!segment || this.revision === this.earlier) {
      return html`<p class="said" role="status">
        Saved. ${watched.name} will use it from one of the next segments, in 2 to 5 seconds…
      </p>`
    }
    return html`<p class="said good" role="status">
      Saved, and in force: ${watched.name} uses it (from ${clock(segment.time)} of the session).
    </p>`
  }

  private get watched(): Stream | undefined {
    return this.live.items?.find(({ id, session }) => session && (!this.stream || id === this.stream))
  }

  private get revision(): string {
    return this.segments.items?.at(-1)?.revision ?? ''
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-change-status': ChangeStatus
  }
}
