import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { Session, Stream } from '../../data/documents/model'
import { clock, codecNames, number, seconds, stamp } from '../../data/format'
import type { Latency } from '../../data/latency'
import { base, panel } from '../../style/base'

/** Facts of the session: what comes in, and how fast results follow. */
@customElement('ma-session-panel')
export class SessionPanel extends LitElement {
  static override styles = [
    base,
    panel,
    css`
      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 7px 16px;
        margin: 0;
        padding: 2px 16px 16px;
      }
      dt {
        color: var(--soft);
      }
      dd {
        margin: 0;
        text-align: right;
        overflow-wrap: anywhere;
      }
    `,
  ]

  @property({ attribute: false }) stream: Stream | null = null
  @property({ attribute: false }) session: Session | null = null
  @property({ attribute: false }) latency: Latency | null = null

  override render(): TemplateResult {
    const { session, stream, latency } = this
    if (!session) return html`<h2>Session</h2><p class="empty">No session yet.</p>`
    return html`
      <h2>Session</h2>
      <dl>
        ${fact('Stored to result', latency && `${seconds(latency.p50)} · p95 ${seconds(latency.p95)}`)}
        ${fact('Picture', session.width && session.height ? `${session.width} × ${session.height}` : null)}
        ${fact('Frame rate', session.fps ? `${Number(session.fps.toFixed(2))} fps` : null)}
        ${fact('Codecs', session.codecs && codecNames(session.codecs))}
        ${fact('Source', stream?.source ?? null)}
        ${fact('Started', stamp(session.started, 'second'))}
        ${fact('Length', session.mediaSeconds > 0 ? clock(session.mediaSeconds) : null)}
        ${fact('Segments', session.segments > 0 ? number(session.segments) : null)}
      </dl>
    `
  }
}

function fact(name: string, value: string | null): TemplateResult | typeof nothing {
  return value ? html`<dt>${name}</dt><dd>${value}</dd>` : nothing
}
