import type { Firestore } from '@firebase/firestore'
import { consume } from '@lit/context'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'
import { toFrame, toSegment, toStream } from '../../data/documents/documents'
import type { Frame, Stream } from '../../data/documents/model'
import { clock, instant, number } from '../../data/format'
import { newest, type Rate, rate, withVideo } from '../../data/gate-reads'
import type { Session } from '../../data/identity/session'
import { Live } from '../../data/live/live'
import { streamsOf } from '../../data/live/streams-of'
import { database, identity } from '../../data/services'
import { base, panel } from '../../style/base'
import { forms } from '../../style/forms'
import { styled } from '../../style/styled'
import { hide, show } from '../../ui/broken-image'
import { pictured } from '../../ui/pictured'
import { chart, legend } from './gate-chart'

/** Segments in the chart, and pictures below it. */
const SEGMENTS = 60
const PICTURES = 9
const EACH_SECOND = 3600

const REASONS: Readonly<Record<string, string>> = {
  first: 'first of the session',
  cut: 'cut',
  change: 'something came or moved',
  interval: 'longest wait over',
}

/** The gate's work on one stream: the last segments, the frames sent on, and their rate. */
@customElement('ma-gate')
export class GatePanel extends LitElement {
  static override styles = [
    base,
    panel,
    forms,
    css`
      .body {
        display: grid;
        gap: 14px;
        padding: 2px 16px 16px;
      }
      .empty {
        padding: 0;
      }
      .chart {
        display: flex;
        align-items: flex-end;
        gap: 1px;
        height: 76px;
        border-bottom: 1px solid var(--line);
      }
      .chart div {
        position: relative;
        flex: 1;
        height: 100%;
        min-width: 0;
        background: linear-gradient(var(--raised), var(--raised)) 0 100% / 100% 100% no-repeat;
      }
      .chart u {
        position: absolute;
        inset: auto 0 0;
        background: color-mix(in srgb, var(--faint) 42%, transparent);
      }
      .chart i {
        position: absolute;
        left: 50%;
        width: 7px;
        height: 7px;
        margin-left: -3.5px;
      }
      .axis {
        display: flex;
        justify-content: space-between;
        margin-top: -9px;
        color: var(--faint);
        font-size: 0.7188rem;
      }
      i.first {
        border-radius: 50%;
        background: var(--ink);
      }
      i.cut {
        background: var(--live);
        transform: rotate(45deg);
      }
      i.change {
        background: var(--accent);
        border-radius: 1px;
      }
      i.interval {
        border: 2px solid var(--warn);
        border-radius: 50%;
      }
      .legend {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 16px;
        margin: 0;
        padding: 0;
        color: var(--soft);
        font-size: 0.7812rem;
        list-style: none;
      }
      .legend i,
      ol i {
        display: inline-block;
        width: 8px;
        height: 8px;
        margin-right: 6px;
      }
      .rates {
        display: grid;
        grid-template-columns: auto minmax(40px, 1fr) auto;
        gap: 6px 12px;
        align-items: center;
      }
      .rates dd {
        white-space: nowrap;
      }
      .meter {
        height: 8px;
        border-radius: 4px;
        background: var(--raised);
        overflow: hidden;
      }
      .meter i {
        display: block;
        height: 100%;
        min-width: 2px;
        border-radius: 4px;
        background: var(--faint);
      }
      .meter.now i {
        background: var(--accent);
      }
      .meter.over i {
        background: var(--warn);
      }
      ol {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(124px, 1fr));
        gap: 10px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      ol img {
        display: block;
        width: 100%;
        aspect-ratio: 16 / 9;
        object-fit: cover;
        border-radius: 7px;
        background: var(--raised);
      }
      ol small {
        display: block;
        margin-top: 3px;
        color: var(--soft);
        font-size: 0.75rem;
      }
    `,
  ]

  @consume({ context: database }) db!: Firestore
  @consume({ context: identity }) session!: Session
  /** The stream to show; empty: one can be chosen. */
  @property() stream = ''
  /** Frames an hour, at most; null: not known without the key. */
  @property({ attribute: false }) budget: number | null = null
  @state() private chosen = ''
  private readonly streams = new Live(this, toStream)
  private readonly segments = new Live(this, toSegment)
  private readonly frames = new Live(this, toFrame)

  override willUpdate(): void {
    const { db } = this
    this.streams.follow('all', () => streamsOf(db, this.session))
    const { shown } = this
    const [stream, session] = [shown?.id ?? '', shown?.session ?? '']
    for (const [live, kind] of [
      [this.segments, 'segments'],
      [this.frames, 'frames'],
    ] as const) {
      live.follow(session && `${stream}/${session}`, () =>
        session ? newest(db, stream, session, kind, kind === 'frames' ? 2 * SEGMENTS : SEGMENTS) : null,
      )
    }
  }

  override render(): TemplateResult {
    const { shown } = this
    const usable = withVideo(this.streams.items)
    return html`<h2>What the gate sees and keeps <span>${shown?.state === 'live' ? 'live' : ''}</span></h2>
      <div class="body">
        ${
          !this.stream && usable.length > 1
            ? html`<select aria-label="Stream to look at" @change=${this.choose}>
                ${usable.map(
                  ({ id, name, state: now }) =>
                    html`<option value=${id} ?selected=${id === shown?.id}>${name}${now === 'live' ? ' · live' : ''}</option>`,
                )}
              </select>`
            : nothing
        }
        ${this.body()}
      </div>`
  }

  private body(): TemplateResult {
    const error = this.streams.error ?? this.segments.error ?? this.frames.error
    if (error)
      return html`<p class="empty" role="alert">The database cannot be read: ${error} The page keeps trying.</p>`
    if (!this.streams.items) return html`<p class="empty">Asking the database…</p>`
    if (!this.shown) {
      return html`<p class="empty">
        Nothing has been streamed yet. While a stream runs, each segment that the gate compares and each frame that it sends on appear here.
      </p>`
    }
    const segments = this.segments.items ?? []
    const rated = rate(segments)
    if (!rated) return html`<p class="empty">Waiting for the first segment.</p>`
    const from = segments[0]?.time ?? 0
    const frames = (this.frames.items ?? []).filter(({ time }) => time >= from)
    return html`${chart(segments, frames, rated)} ${legend(frames)} ${this.rates(rated)} ${this.pictures(frames)}`
  }

  private rates({ looks, kept, seconds, perHour }: Rate): TemplateResult {
    const most = Math.max(EACH_SECOND, this.budget ?? 0)
    const rows = [
      ['Sent on now', perHour, this.budget !== null && perHour > this.budget ? 'over' : 'now'],
      ...(this.budget === null ? [] : [['Budget', this.budget, ''] as const]),
      ['One each second', EACH_SECOND, ''],
    ] as const
    const share = looks > 0 ? ((100 * kept) / looks).toFixed(1) : '0'
    return html`<p class="empty">
        In the last ${clock(seconds)} it looked at ${number(looks)} frames and sent ${kept} on, ${share} %.
      </p>
      <dl class="rates" aria-label="Frames an hour">
        ${rows.map(
          ([name, value, tone]) => html`<dt>${name}</dt>
            <dd class="meter ${tone}" aria-hidden="true"><i ${styled({ width: `${(100 * value) / most}%` })}></i></dd>
            <dd>${number(Math.round(value))} an hour</dd>`,
        )}
      </dl>`
  }

  private pictures(frames: readonly Frame[]): TemplateResult {
    return html`<ol aria-label="Frames sent on, newest first">
      ${repeat(
        frames.slice(-PICTURES).reverse(),
        ({ id }) => id,
        ({ snapshot, time, reason }) => html`<li>
          ${snapshot ? html`<img src=${pictured(snapshot)} alt="" loading="lazy" decoding="async" @error=${hide} @load=${show} />` : nothing}
          <small><i class=${reason} aria-hidden="true"></i>${instant(time)}</small>
          <small>${REASONS[reason] ?? reason}</small>
        </li>`,
      )}
    </ol>`
  }

  private readonly choose = (event: Event): void => {
    this.chosen = (event.target as HTMLSelectElement).value
  }

  private get shown(): Stream | undefined {
    const wanted = this.stream || this.chosen
    const usable = withVideo(this.streams.items)
    const found = usable.find(({ id }) => id === wanted)
    return this.stream ? found : (found ?? usable[0])
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-gate': GatePanel
  }
}
