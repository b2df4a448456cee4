import { collection, documentId, type Firestore, limit, orderBy, query } from '@firebase/firestore'
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'
import { forms } from '../forms'
import { clock, instant } from '../format'
import type { Frame, Stream } from '../model'
import { type Looked, newest, type Rate, rate, toLooked } from '../settings/looked'
import { toFrame, toStream } from '../store/documents'
import { Live } from '../store/live'
import { styled } from '../styled'
import { base, panel } from '../styles'
import { gateStyles } from './gate-styles'

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
const LEGEND: Readonly<Record<string, string>> = { ...REASONS, first: 'first', change: 'change', interval: 'longest wait' }

/** What the gate sees of a stream and what it keeps: the last segments, the frames sent on, and how many that is. */
@customElement('ma-gate')
export class GatePanel extends LitElement {
  static override styles = [base, panel, forms, gateStyles]

  @property({ attribute: false }) db: Firestore | null = null
  @property() mediaUrl = ''
  /** The stream to show; empty: one can be chosen. */
  @property() stream = ''
  /** Frames an hour, at most; null: not known without the key. */
  @property({ attribute: false }) budget: number | null = null
  @state() private chosen = ''
  private readonly streams = new Live(this, toStream)
  private readonly segments = new Live(this, toLooked)
  private readonly frames = new Live(this, toFrame)

  override willUpdate(): void {
    const { db } = this
    if (!db) return
    this.streams.follow('all', () => query(collection(db, 'streams'), orderBy(documentId()), limit(200)))
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
    const { shown, usable } = this
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
    if (!this.streams.items) return html`<p class="empty">Asking the database…</p>`
    if (!this.shown) {
      return html`<p class="empty">
        Nothing has been sent yet. While a stream runs, each look of the gate and each frame that it sends on appear here.
      </p>`
    }
    const segments = this.segments.items ?? []
    const rated = rate(segments)
    if (!rated) return html`<p class="empty">The first segment is awaited.</p>`
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
        In the last ${clock(seconds)} it looked at ${looks.toLocaleString('en')} frames and sent ${kept} on, ${share} %.
      </p>
      <dl class="rates" aria-label="Frames an hour">
        ${rows.map(
          ([name, value, tone]) => html`<dt>${name}</dt>
            <dd class="meter ${tone}" aria-hidden="true"><i ${styled({ width: `${(100 * value) / most}%` })}></i></dd>
            <dd>${Math.round(value).toLocaleString('en')} an hour</dd>`,
        )}
      </dl>`
  }

  private pictures(frames: readonly Frame[]): TemplateResult {
    return html`<ol aria-label="Frames sent on, newest first">
      ${repeat(
        frames.slice(-PICTURES).reverse(),
        ({ id }) => id,
        ({ snapshot, time, reason }) => html`<li>
          ${snapshot ? html`<img src=${this.mediaUrl + snapshot} alt="" loading="lazy" decoding="async" />` : nothing}
          <small><i class=${reason} aria-hidden="true"></i>${instant(time)}</small>
          <small>${REASONS[reason] ?? reason}</small>
        </li>`,
      )}
    </ol>`
  }

  private readonly choose = (event: Event): void => {
    this.chosen = (event.target as HTMLSelectElement).value
  }

  /** Those that have segments, live ones first. */
  private get usable(): readonly Stream[] {
    const live = ({ state: now }: Stream): number => Number(now === 'live')
    return [...(this.streams.items ?? [])].filter(({ session }) => session).sort((a, b) => live(b) - live(a))
  }

  private get shown(): Stream | undefined {
    const wanted = this.stream || this.chosen
    const found = this.usable.find(({ id }) => id === wanted)
    return this.stream ? found : (found ?? this.usable[0])
  }
}

/** A column for each segment: how much moved, and a mark for each frame sent on, where it lies. */
function chart(segments: readonly Looked[], frames: readonly Frame[], { looks, kept, seconds }: Rate): TemplateResult {
  const [first, last] = [segments[0]?.time ?? 0, segments.at(-1)]
  const label = `Motion and frames sent on in the last ${clock(seconds)}: ${kept} of ${looks} frames looked at`
  return html`<div class="chart" role="img" aria-label=${label}>
      ${segments.map((segment) => {
        const mine = frames.filter(({ time }) => time >= segment.time && time < segment.time + segment.duration)
        const says = `${clock(segment.time)}: ${segment.looks} looks, ${mine.length} sent on, motion ${segment.motion.toFixed(2)}`
        return html`<div title=${says}>
          <u ${styled({ height: `${Math.round(100 * Math.min(1, segment.motion))}%` })}></u>
          ${mine.map(({ reason }, at) => html`<i class=${reason} ${styled({ bottom: `${4 + 11 * at}px` })}></i>`)}
        </div>`
      })}
    </div>
    <div class="axis" aria-hidden="true">
      <span>${clock(first)}</span><span>motion, and frames sent on</span><span>${clock(last ? last.time + last.duration : 0)}</span>
    </div>`
}

function legend(frames: readonly Frame[]): TemplateResult {
  const count = (reason: string): number => frames.filter((frame) => frame.reason === reason).length
  return html`<ul class="legend" aria-label="Why frames were sent on">
    ${Object.entries(LEGEND).map(
      ([reason, words]) => html`<li><i class=${reason} aria-hidden="true"></i>${count(reason)} ${words}</li>`,
    )}
  </ul>`
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-gate': GatePanel
  }
}
