import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'
import { kindName, kindPlural, number, percent, providerName, share, title } from '../../data/format'
import { providerProblemOf, shortly } from '../../data/provider-problems'
import { hueOf } from '../../player/overlay/colors'
import { type Moment, NOTHING, type Shown, type Status } from '../../player/overlay/timeline'
import { base, labelColor, panel } from '../../style/base'
import { styled } from '../../style/styled'
import '../../ui/crop'

const EMPTY: Readonly<Record<Status, string>> = {
  covered: 'Nothing was found on this frame.',
  analysing: 'This frame is still being analysed.',
  failed: 'The analysis of this frame failed.',
  unknown: 'No frame yet.',
}

function empty({ status, hidden }: Moment, troubled: boolean): string {
  if (hidden > 0)
    return hidden === 1
      ? 'The one detection of this frame is hidden.'
      : `All ${hidden} detections of this frame are hidden.`
  return status === 'failed' && troubled ? 'Nothing is known of this frame:' : EMPTY[status]
}

/** Detections on the frame that is on the screen. */
@customElement('ma-frame-panel')
export class FramePanel extends LitElement {
  static override styles = [
    base,
    panel,
    labelColor,
    css`
      ul {
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: grid;
        grid-template-columns: 60px minmax(0, 1fr) auto;
        gap: 12px;
        align-items: center;
        padding: 9px 16px;
        border-top: 1px solid var(--line);
      }
      ma-crop {
        aspect-ratio: 16 / 10;
        border-radius: 6px;
        box-shadow: 0 0 0 2px var(--k);
      }
      b {
        display: block;
        font-weight: 600;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      small {
        display: block;
        font-size: 0.75rem;
        color: var(--faint);
      }
      .score {
        width: 52px;
        text-align: right;
      }
      .meter {
        height: 4px;
        margin-top: 5px;
        border-radius: 2px;
        background: var(--raised);
        overflow: hidden;
      }
      .meter i {
        display: block;
        height: 100%;
        background: var(--k);
        border-radius: 2px;
      }
      .instead {
        color: var(--warn);
      }
      .trouble {
        display: block;
        padding: 9px 16px;
        font-size: 0.8125rem;
      }
      .trouble b {
        display: inline;
        color: var(--warn);
      }
      .trouble small {
        overflow-wrap: anywhere;
      }
    `,
  ]

  @property({ attribute: false }) moment: Moment = NOTHING

  override render(): TemplateResult {
    const { moment } = this
    const shown = [...moment.shown].sort((a, b) => b.confidence - a.confidence)
    const count = [shown.length || '', moment.hidden > 0 ? `${moment.hidden} hidden` : ''].filter(Boolean).join(' · ')
    const problems = this.problems()
    return html`
      <h2>On this frame <span>${count}</span></h2>
      ${shown.length === 0 ? html`<p class="empty">${empty(moment, problems.length > 0)}</p>` : nothing}
      <ul ?hidden=${shown.length + problems.length === 0}>
        ${repeat(
          shown,
          (one, at) => `${one.kind}/${one.label}/${at}`,
          (one) => this.row(one),
        )}
        ${problems}
      </ul>
    `
  }

  /** Kinds whose analysis of this frame failed, each with the reason. */
  private problems(): readonly TemplateResult[] {
    return [...(this.moment.frame?.analyses ?? [])].flatMap(([kind, analysis]) => {
      const trouble = analysis.error === null ? null : providerProblemOf(kind, analysis)
      if (!trouble) return []
      return html`<li class="trouble">
        ${kindPlural(kind)}: <b>${shortly(trouble)}</b>
        <small>${trouble.words}</small>
      </li>`
    })
  }

  private row(one: Shown): TemplateResult {
    const analysis = one.frame.analyses.get(one.kind)
    const size = one.box ? share(one.box.width * one.box.height) : 'whole picture'
    const took = analysis?.tookMs ? `${number(analysis.tookMs)} ms` : ''
    const meter = { width: percent(one.confidence).replace(' ', '') }
    return html`<li class="label" ${styled({ '--hue': String(hueOf(one.label)) })}>
      <ma-crop .frame=${one.frame} .box=${one.seen}></ma-crop>
      <div>
        <b title=${one.label}>${title(one.label, one.kind)}</b>
        <small>${[kindName(one.kind), providerName(one.provider), size].join(' · ')}</small>
        <small title=${analysis?.model ?? ''}>${[analysis?.model, took].filter(Boolean).join(' · ')}</small>
        ${
          analysis?.fallbackFrom
            ? html`<small class="instead">provider degraded: instead of ${providerName(analysis.fallbackFrom)}</small>`
            : nothing
        }
      </div>
      <div class="score">
        ${percent(one.confidence)}
        <div class="meter" aria-hidden="true"><i ${styled(meter)}></i></div>
      </div>
    </li>`
  }
}
