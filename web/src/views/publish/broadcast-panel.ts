import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { clock } from '../../data/format'
import { base } from '../../style/base'
import { forms } from '../../style/forms'
import type { Broadcast, BroadcastState } from './broadcast'

const WORDS: Readonly<Record<BroadcastState, string>> = {
  connecting: 'Connecting…',
  live: 'Live',
  switching: 'Changing over…',
  reconnecting: 'Reconnecting…',
  ending: 'Ending: what was recorded is being sent…',
  ended: 'Ended',
  failed: 'Not live',
}
const RESUME = 30 // s in which ingest goes on with the session of a sender that broke off

/** Progress of a broadcast: bytes sent, media stored, and problems. */
@customElement('ma-broadcast-panel')
export class BroadcastPanel extends LitElement {
  static override styles = [
    base,
    forms,
    css`
      h2 {
        margin: 0;
        font-size: 0.875rem;
      }
    `,
  ]

  @property({ attribute: false }) broadcast: Broadcast | null = null
  private readonly refresh = (): void => this.requestUpdate()

  override updated(changed: PropertyValues<this>): void {
    if (!changed.has('broadcast')) return
    changed.get('broadcast')?.removeEventListener('change', this.refresh)
    this.broadcast?.addEventListener('change', this.refresh)
  }

  override render(): TemplateResult {
    const { broadcast } = this
    if (!broadcast) return html``
    const { stored, since, state } = broadcast
    const bad = state === 'failed'
    return html`
      <div role="status"><h2>${WORDS[state]}</h2></div>
      ${broadcast.message ? html`<p class="said ${bad ? 'bad' : ''}" role=${bad ? 'alert' : 'status'}>${broadcast.message}</p>` : nothing}
      ${this.outage(broadcast)}
      ${broadcast.note ? html`<p class="said" role="status">${broadcast.note}</p>` : nothing}
      ${
        broadcast.slow
          ? html`<p class="said" role="status">
            The connection is slower than the picture: <span aria-live="off">${broadcast.backlog.toFixed(0)} s</span> wait to
            be sent.
          </p>`
          : nothing
      }
      <dl>
        ${since === null ? nothing : fact('Live for', clock((performance.now() - since) / 1000), state === 'live')}
        ${fact('Recorded', `${(broadcast.sent / 1e6).toFixed(1)} MB`)}
        ${fact('Stored', `${stored.segments} ${stored.segments === 1 ? 'segment' : 'segments'}, ${clock(stored.mediaSeconds)}`)}
        ${fact('Bit rate', `${(broadcast.bits / 1e6).toFixed(1)} Mbit/s`)}
        ${stored.session ? fact('Session', stored.session) : nothing}
      </dl>
    `
  }

  private outage(broadcast: Broadcast): TemplateResult | typeof nothing {
    if (broadcast.lostAt === null || broadcast.state !== 'reconnecting') return nothing
    const left = Math.ceil(RESUME - (performance.now() - broadcast.lostAt) / 1000)
    return html`<p class="said" role="status">
      ${
        left > 0
          ? html`Recording is paused. The session continues if the connection returns within
              <span aria-live="off">${left} s</span>.`
          : 'Recording is paused. A new session begins as soon as the connection returns.'
      }
    </p>`
  }
}

const fact = (name: string, value: string, show = true): TemplateResult | typeof nothing =>
  show ? html`<dt>${name}</dt><dd>${value}</dd>` : nothing

declare global {
  interface HTMLElementTagNameMap {
    'ma-broadcast-panel': BroadcastPanel
  }
}
