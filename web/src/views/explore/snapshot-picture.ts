import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import type { Detection, Frame } from '../../data/documents/model'
import { title } from '../../data/format'
import { hueOf } from '../../player/overlay/colors'
import { base, labelColor } from '../../style/base'
import { styled } from '../../style/styled'
import { pictured } from '../../ui/pictured'

const WIDE = 16 / 9
const side = (share: number): string => `${(share * 100).toFixed(2)}%`

/** A sampled frame, whole, with boxes on it. */
@customElement('ma-snapshot-picture')
export class SnapshotPicture extends LitElement {
  static override styles = [
    base,
    labelColor,
    css`
      :host {
        display: grid;
        place-items: center;
        aspect-ratio: 16 / 9;
        overflow: hidden;
        color: #c3cad6;
        background: #000;
      }
      .whole {
        position: relative;
      }
      img {
        display: block;
        width: 100%;
        height: 100%;
      }
      i {
        position: absolute;
        border: 2px solid oklch(0.8 0.145 var(--hue));
        border-radius: 3px;
        box-shadow: 0 0 0 1px rgb(0 0 0 / 0.45);
      }
      :host([dimmed]) i:not(.active) {
        opacity: 0.3;
      }
      p {
        margin: 0;
        padding: 0 12px;
        font-size: 0.7812rem;
        text-align: center;
      }
    `,
  ]

  @property({ attribute: false }) frame: Frame | null = null
  @property({ attribute: false }) boxes: readonly Detection[] = []
  /** The one that is pointed at; the others step back. */
  @property({ attribute: false }) active: Detection | null = null
  @state() private gone = false

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('frame') && changed.get('frame')?.snapshot !== this.frame?.snapshot) this.gone = false
    this.toggleAttribute('dimmed', this.active?.box != null)
  }

  override render(): TemplateResult {
    const { frame } = this
    if (!frame?.snapshot) return html`<p>No picture was kept.</p>`
    if (this.gone) return html`<p>The picture has expired.</p>`
    const aspect = frame.width / frame.height
    const fitted = aspect >= WIDE ? { width: '100%', height: 'auto' } : { width: 'auto', height: '100%' }
    const alt = this.boxes.map(({ label, kind }) => title(label, kind)).join(', ')
    return html`<div class="whole" ${styled({ ...fitted, 'aspect-ratio': String(aspect) })}>
      <img
        src=${pictured(frame.snapshot)}
        alt=${alt}
        loading="lazy"
        decoding="async"
        @error=${() => {
          this.gone = true
        }}
      />
      ${this.boxes.map((one) => this.box(one))}
    </div>`
  }

  private box(detection: Detection): TemplateResult | string {
    const { box, label } = detection
    if (!box) return ''
    const place = { left: side(box.x), top: side(box.y), width: side(box.width), height: side(box.height) }
    return html`<i class=${detection === this.active ? 'active' : ''} ${styled({ ...place, '--hue': String(hueOf(label)) })}></i>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-snapshot-picture': SnapshotPicture
  }
}
