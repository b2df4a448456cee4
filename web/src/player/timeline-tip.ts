import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { clock, instant, kindName, percent, title } from '../data/format'
import { base } from '../style/base'
import { hide, show } from '../ui/broken-image'
import { pictured } from '../ui/pictured'
import type { Appearance } from './timeline/follow'

/** Content of the card at the pointer. */
export interface Tip {
  /** null: no label is there, only a moment. */
  readonly appearance: Appearance | null
  readonly time: number
  /** Object of the nearest snapshot; empty if it has none. */
  readonly snapshot: string
}

/** The card at the pointer: the picture of the moment, and what was seen. */
@customElement('ma-timeline-tip')
export class TimelineTip extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        overflow: hidden;
        color: var(--ink);
        background: var(--panel);
        border: 1px solid var(--line);
        border-radius: 10px;
        box-shadow: 0 8px 28px rgb(0 0 0 / 0.32);
      }
      img {
        display: block;
        width: 100%;
        aspect-ratio: 16 / 9;
        object-fit: contain;
        background: #000;
      }
      div {
        padding: 8px 12px 10px;
        font-size: 0.7812rem;
      }
      .line {
        display: flex;
        justify-content: space-between;
        gap: 10px;
        margin: 0;
      }
      b {
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        font-weight: 600;
      }
      small {
        font-size: 0.75rem;
        color: var(--faint);
      }
    `,
  ]

  @property({ attribute: false }) tip: Tip | null = null

  override render(): TemplateResult | typeof nothing {
    if (!this.tip) return nothing
    const { appearance, snapshot, time } = this.tip
    return html`
      ${snapshot ? html`<img src=${pictured(snapshot)} alt="" decoding="async" @error=${hide} @load=${show} />` : nothing}
      <div>
        ${
          appearance
            ? html`<p class="line"><b>${title(appearance.label, appearance.kind)}</b><span>${percent(appearance.confidence)}</span></p>
              <p class="line"><small>${range(appearance)}</small><small>${kindName(appearance.kind)}</small></p>`
            : html`<p class="line"><b>${instant(time)}</b><small>nothing here</small></p>`
        }
      </div>
    `
  }
}

/** 12:04.50 – 12:09.00 (4.5 s): what is shorter than a tenth of a second is an instant. */
export function range({ from, to }: Appearance): string {
  if (to - from < 0.1) return instant(from)
  const length = to - from < 60 ? `${(to - from).toFixed(1)} s` : clock(to - from)
  return `${instant(from)} – ${instant(to)} · ${length}`
}

/** A snapshot may have expired: then the words must do. */
declare global {
  interface HTMLElementTagNameMap {
    'ma-timeline-tip': TimelineTip
  }
}
