import type { Firestore } from '@firebase/firestore'
import { consume } from '@lit/context'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import type { Api } from '../../data/api/api'
import { Task } from '../../data/api/task'
import { type Brand, isOf } from '../../data/documents/brand'
import { toFrame, toStream } from '../../data/documents/documents'
import type { Detection, Frame, Stream } from '../../data/documents/model'
import { instant, percent, providerName } from '../../data/format'
import { newest, withVideo } from '../../data/gate-reads'
import type { Session } from '../../data/identity/session'
import { Live } from '../../data/live/live'
import { streamsOf } from '../../data/live/streams-of'
import { database, identity, operatorApi } from '../../data/services'
import { base, labelColor, panel } from '../../style/base'
import { editing } from '../../style/editing'
import { forms } from '../../style/forms'
import { styled } from '../../style/styled'
import { pictured } from '../../ui/pictured'
import { box, scale } from './threshold-marks'

interface Preview {
  readonly provider: string
  readonly threshold: number
  readonly detections: readonly Detection[]
}

/** The newest frame of a stream with a brand on it: what a threshold keeps, and what falls below. */
@customElement('ma-threshold-preview')
export class ThresholdPreview extends LitElement {
  static override styles = [
    base,
    panel,
    forms,
    editing,
    labelColor,
    css`
      .body {
        display: grid;
        gap: 12px;
        padding: 2px 16px 16px;
      }
      select {
        max-width: 340px;
      }
      figure {
        position: relative;
        max-width: 720px;
        margin: 0;
        border-radius: 9px;
        background: var(--raised);
        overflow: hidden;
      }
      figure img {
        display: block;
        width: 100%;
        height: 100%;
      }
      figure i {
        position: absolute;
        border: 2px solid oklch(0.8 0.145 var(--hue));
        border-radius: 4px;
        font-style: normal;
      }
      figure i.below {
        border: 2px dashed oklch(0.8 0.145 var(--hue) / 0.6);
      }
      figure b {
        position: absolute;
        left: -2px;
        bottom: 100%;
        padding: 0 5px;
        border-radius: 3px;
        color: #0b0d11;
        background: oklch(0.8 0.145 var(--hue));
        font-size: 0.7188rem;
        line-height: 17px;
        white-space: nowrap;
      }
      figure i.below b {
        color: #e4e8ee;
        background: #39404c;
      }
      .scale {
        position: relative;
        max-width: 720px;
        height: 6px;
        margin: 5px 0;
        border-radius: 3px;
        background: var(--raised);
      }
      .scale u {
        position: absolute;
        top: -5px;
        bottom: -5px;
        width: 2px;
        background: var(--ink);
      }
      .scale i {
        position: absolute;
        top: -2px;
        width: 10px;
        height: 10px;
        margin-left: -5px;
        border: 2px solid var(--accent);
        border-radius: 50%;
        background: var(--accent);
      }
      .scale i.below {
        border-color: var(--faint);
        background: var(--panel);
      }
    `,
  ]

  @consume({ context: database }) db!: Firestore
  @consume({ context: operatorApi }) api!: Api
  @consume({ context: identity }) session!: Session
  @property({ attribute: false }) brand!: Brand
  /** The one to show; null: the brand has none of its own. */
  @property({ attribute: false }) threshold: number | null = null
  @state() private chosen = ''
  /** The frame that was looked at below the threshold; the stream goes on meanwhile. */
  @state() private held: Frame | null = null
  @state() private preview: Preview | null = null
  private readonly looking = new Task(this)
  private readonly streams = new Live(this, toStream)
  private readonly frames = new Live(this, toFrame)

  override willUpdate(): void {
    const { db } = this
    this.streams.follow('all', () => streamsOf(db, this.session))
    const { stream } = this
    this.frames.follow(stream ? `${stream.id}/${stream.session}` : '', () =>
      stream?.session ? newest(db, stream.id, stream.session, 'frames', 6) : null,
    )
  }

  override render(): TemplateResult {
    const { stream } = this
    const usable = withVideo(this.streams.items)
    return html`<h2>What the threshold keeps <span>${stream?.state === 'live' ? 'newest frame' : ''}</span></h2>
      <div class="body">
        ${
          usable.length === 0
            ? html`<p class="hint">Once a stream has video, its newest frame is shown here with its detections.</p>`
            : html`<select aria-label="Stream" @change=${this.choose}>
                  ${usable.map(
                    ({ id, name, state: now }) =>
                      html`<option value=${id} ?selected=${id === stream?.id}>${name}${now === 'live' ? ' · live' : ''}</option>`,
                  )}
                </select>
                ${this.picture()}`
        }
      </div>`
  }

  private picture(): TemplateResult {
    if (this.frames.error) return html`<p class="wrong">The frames cannot be read: ${this.frames.error}</p>`
    const frame = this.held ?? this.newest
    if (!frame?.snapshot) return html`<p class="hint">Waiting for its first frame.</p>`
    const seen = (this.preview?.detections ?? frame.analyses.get('logo')?.detections ?? []).filter((one) =>
      isOf(this.brand, one),
    )
    const least = this.threshold ?? this.preview?.threshold ?? 0
    const sorted = [...seen].sort((a, b) => b.confidence - a.confidence)
    return html`<figure ${styled({ 'aspect-ratio': `${frame.width} / ${frame.height}` })}>
        <img src=${pictured(frame.snapshot)} alt="Frame at ${instant(frame.time)}" />
        ${sorted.map((one) => box(one, one.confidence >= least))}
      </figure>
      ${scale(sorted, least)} ${this.list(sorted, least, frame)} ${this.below(frame)}`
  }

  private list(seen: readonly Detection[], least: number, frame: Frame): TemplateResult {
    // A stream that is followed would never be silent.
    const told = this.preview ? 'polite' : 'off'
    const where = `the frame at ${instant(frame.time)}`
    if (seen.length === 0) {
      return html`<p class="hint found" aria-live=${told}>
        ${this.brand.name} ${this.preview ? 'is nowhere on' : 'was not found on'} ${where}.
      </p>`
    }
    const kept = seen.filter(({ confidence }) => confidence >= least).length
    return html`<p class="hint found" aria-live=${told}>
      On ${where}: ${kept} kept${seen.length > kept ? `, ${seen.length - kept} below ${percent(least)}` : ''}
      (${seen.map(({ confidence }) => percent(confidence)).join(', ')}).
    </p>`
  }

  /** Nothing below the threshold in force is stored: for that the frame is shown to the provider again. */
  private below(frame: Frame): TemplateResult {
    const provider = frame.analyses.get('logo')?.provider ?? ''
    if (this.preview) {
      return html`<div class="row">
        <button class="button small" @click=${this.follow}>Follow the stream again</button>
        <span class="hint">Held: all that ${providerName(this.preview.provider)} names from 5 % on. Nothing was stored.</span>
      </div>`
    }
    if (!this.session.may('operator'))
      return html`<p class="hint">What fell below the threshold in force was never stored.</p>`
    const { busy, problem } = this.looking
    return html`${problem ? html`<p class="wrong" role="alert">The preview failed: ${problem.message}</p>` : nothing}
      <div class="row">
        <button class="button small" ?disabled=${busy} @click=${() => this.look(frame)}>
          ${busy ? 'Looking…' : 'Look below the threshold'}
        </button>
        <span class="hint">
          What fell below the one in force was never stored. Looking again
          ${provider === 'gallery' || provider === 'local' ? 'costs nothing' : `is one more call${provider ? ` of ${providerName(provider)}` : ''}`}.
        </span>
      </div>`
  }

  private async look(frame: Frame): Promise<void> {
    const { id, session } = this.stream ?? {}
    if (!id || !session) return
    await this.looking.run(async () => {
      const path = `/streams/${encodeURIComponent(id)}/sessions/${encodeURIComponent(session)}/preview`
      const { preview } = await this.api.post<'/streams/{stream}/sessions/{session}/preview'>(path, {
        media_ms: Number(frame.id),
      })
      this.preview = preview
      this.held = frame
    })
  }

  private readonly follow = (): void => {
    this.held = null
    this.preview = null
  }

  private readonly choose = (event: Event): void => {
    this.chosen = (event.target as HTMLSelectElement).value
    this.looking.clear()
    this.follow()
  }

  /** The newest one that was looked at for logos; the very newest are still on their way. */
  private get newest(): Frame | undefined {
    const frames = this.frames.items ?? []
    return (
      frames.findLast(({ analyses, snapshot }) => snapshot && analyses.get('logo')?.error === null) ?? frames.at(-1)
    )
  }

  private get stream(): Stream | undefined {
    const usable = withVideo(this.streams.items)
    return usable.find(({ id }) => id === this.chosen) ?? usable[0]
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-threshold-preview': ThresholdPreview
  }
}
