import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { bitRate, clock, elapsed, kindName, number, providerName } from '../../data/format'
import {
  type Backlog,
  backlog,
  bitsPerSecond,
  looking,
  mediaRate,
  sampling,
  type Timing,
  whole,
} from '../../data/health/measure'
import type { Running } from '../../data/health/model'
import { base, panel } from '../../style/base'
import { tables } from '../../style/tables'
import '../../ui/state-chip'

/** One stream: its input, and the latency of each stage. */
@customElement('ma-health-stream')
export class HealthStream extends LitElement {
  static override styles = [
    base,
    panel,
    tables,
    css`
      h2 {
        align-items: center;
        justify-content: flex-start;
        font-size: 0.875rem;
      }
      h2 a {
        color: inherit;
        text-decoration: none;
        overflow-wrap: anywhere;
      }
      h2 a:hover {
        text-decoration: underline;
      }
      h2 span {
        margin-left: auto;
        text-align: right;
      }
      dl {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(104px, 1fr));
        gap: 1px;
        margin: 0;
        border-block: 1px solid var(--line);
        background: var(--line);
      }
      dl div {
        padding: 8px 16px 9px;
        background: var(--panel);
      }
      dt {
        font-size: 0.7188rem;
        color: var(--faint);
        white-space: nowrap;
      }
      dd {
        margin: 1px 0 0;
        font-size: 1rem;
        font-weight: 600;
        letter-spacing: -0.01em;
        white-space: nowrap;
      }
      dd.bad {
        color: var(--live);
      }
      td.waits {
        color: var(--warn);
        font-weight: 600;
      }
      .empty {
        padding-top: 12px;
      }
      .bare {
        padding-top: 0;
      }
      @media (max-width: 560px) {
        dl {
          grid-template-columns: repeat(3, 1fr);
        }
        dl div {
          padding-inline: 12px;
        }
        .less {
          display: none;
        }
      }
    `,
  ]

  @property({ attribute: false }) running!: Running
  @property({ type: Boolean }) stalled = false
  @property({ type: Number }) now = 0

  override render(): TemplateResult {
    const { stream, session } = this.running
    return html`
      <h2>
        <a href="?stream=${encodeURIComponent(stream.id)}">${stream.name}</a>
        <ma-state-chip .state=${stream.state}></ma-state-chip>
        <span>${session ? `${clock(session.mediaSeconds)} so far` : nothing}</span>
      </h2>
      ${session ? html`${this.figures()} ${this.stages()}` : html`<p class="empty bare">${this.notYet()}</p>`}
    `
  }

  private figures(): TemplateResult {
    const { session, segments, breaks, stream } = this.running
    const rate = this.stalled ? 0 : mediaRate(segments)
    const bits = bitsPerSecond(segments)
    const wrong = (count: number): string => (count > 0 ? number(count) : 'none')
    return html`<dl>
      ${figure('Ingest', rate === null ? '–' : `${rate.toFixed(2)} ×`, this.stalled)}
      ${figure('Bit rate', bits === null ? '–' : bitRate(bits))}
      ${figure('Newest segment', stream.lastSegmentAt === null ? '–' : `${elapsed(this.now - stream.lastSegmentAt)} ago`, this.stalled)}
      ${figure('Clock repaired', session ? wrong(session.repaired) : '–')}
      ${figure('Dropped', session ? wrong(session.dropped) : '–')} ${figure('Breaks', wrong(breaks.length))}
    </dl>`
  }

  private stages(): TemplateResult {
    const { segments, frames } = this.running
    if (segments.length === 0) return html`<p class="empty">${this.notYet()}</p>`
    const waits = backlog(this.running)
    const kinds = looking(frames)
    return html`<table>
      <caption class="visually-hidden">How long each stage takes, over the newest segments and frames</caption>
      <thead>
        <tr>
          <th scope="col">Stage</th>
          <th scope="col">p50</th>
          <th scope="col">p95</th>
          <th scope="col" class="less">of it the provider</th>
          <th scope="col">failed</th>
          <th scope="col">waits</th>
        </tr>
      </thead>
      <tbody>
        ${row('Stored → sampled', sampling(segments), '', waits.skipped, segmentsWait(waits))}
        ${kinds.map(({ kind, provider, timing, own, failed }) =>
          row(
            html`Sampled → ${kindName(kind)} <small>${providerName(provider)}</small>`,
            timing,
            own === null ? '–' : elapsed(own),
            failed,
            String(waits.kinds.get(kind) ?? 0),
          ),
        )}
        ${row('Stored → all results', whole(frames), '', 0, String(waits.frames))}
      </tbody>
    </table>`
  }

  private notYet(): string {
    const { session, stream } = this.running
    if (!session)
      return stream.state === 'connecting'
        ? 'The sender has connected; nothing is stored yet.'
        : 'Its session is not followed here; its own page shows it.'
    return session.segments === 0 ? 'Nothing is stored yet.' : 'Nothing has been sampled yet.'
  }
}

function figure(name: string, value: string, bad = false): TemplateResult {
  return html`<div>
    <dt>${name}</dt>
    <dd class=${bad ? 'bad' : ''}>${value}</dd>
  </div>`
}

function row(
  name: TemplateResult | string,
  timing: Timing | null,
  own: string,
  failed: number,
  waits: string,
): TemplateResult {
  return html`<tr>
    <td>${name}</td>
    <td>${timing ? elapsed(timing.p50) : '–'}</td>
    <td>${timing ? elapsed(timing.p95) : '–'}</td>
    <td class="less">${own}</td>
    <td class=${failed > 0 ? 'waits' : ''}>${failed}</td>
    <td class=${waits === '0' ? '' : 'waits'}>${waits}</td>
  </tr>`
}

/** The newest one or two are always in progress. */
const segmentsWait = ({ segments, seconds }: Backlog): string =>
  segments > 1 && seconds > 0 ? `${segments} · ${elapsed(seconds * 1000)}` : '0'

declare global {
  interface HTMLElementTagNameMap {
    'ma-health-stream': HealthStream
  }
}
