import { css, html, LitElement, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'
import { instant, kindName, percent, title } from '../../data/format'
import type { Sighting } from '../../data/sightings'
import { hueOf } from '../../player/overlay/colors'
import { base, labelColor, panel } from '../../style/base'
import { styled } from '../../style/styled'
import '../../ui/crop'

/** Sightings, newest first, each with its snapshot. Fires `jump` (seconds of the session) on a click. */
@customElement('ma-sightings')
export class SightingsPanel extends LitElement {
  static override styles = [
    base,
    panel,
    labelColor,
    css`
      ol {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(168px, 1fr));
        gap: 12px;
        margin: 0;
        padding: 4px 16px 16px;
        list-style: none;
        max-height: 640px;
        overflow-y: auto;
      }
      button {
        display: block;
        width: 100%;
        padding: 0;
        border: 0;
        border-radius: 9px;
        text-align: left;
        background: var(--raised);
        overflow: hidden;
        transition: transform 120ms;
      }
      button:hover b {
        text-decoration: underline;
        text-underline-offset: 3px;
      }
      ma-crop {
        aspect-ratio: 16 / 10;
      }
      .caption {
        display: block;
        padding: 8px 11px 10px;
        border-top: 3px solid var(--k);
      }
      .line {
        display: flex;
        justify-content: space-between;
        gap: 8px;
      }
      .line span {
        white-space: nowrap;
      }
      b {
        font-weight: 600;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      small {
        font-size: 0.75rem;
        color: var(--faint);
        white-space: nowrap;
      }
      @media (max-width: 560px) {
        ol {
          grid-template-columns: 1fr 1fr;
          max-height: none;
        }
      }
    `,
  ]

  @property({ attribute: false }) sightings: readonly Sighting[] = []
  /** Text shown while the list is empty. */
  @property() empty = ''

  override render(): TemplateResult {
    return html`
      <h2>Detections <span>${this.sightings.length > 0 ? 'newest first' : ''}</span></h2>
      ${
        this.sightings.length === 0
          ? html`<p class="empty">${this.empty}</p>`
          : html`<ol>
              ${repeat(
                this.sightings,
                ({ id }) => id,
                (sighting) => html`<li>${this.card(sighting)}</li>`,
              )}
            </ol>`
      }
    `
  }

  private card({ label, kind, from, to, frame, best }: Sighting): TemplateResult {
    const time = to > from ? `${instant(from)} – ${instant(to)}` : instant(from)
    return html`<button
      class="label"
      ${styled({ '--hue': String(hueOf(label)) })}
      @click=${() => this.dispatchEvent(new CustomEvent<number>('jump', { detail: from }))}
    >
      <ma-crop .frame=${frame} .box=${best.box}></ma-crop>
      <span class="caption">
        <span class="line"><b title=${label}>${title(label, kind)}</b><span>${percent(best.confidence)}</span></span>
        <span class="line"><small>${time}</small><small>${kindName(kind)}</small></span>
      </span>
    </button>`
  }
}
