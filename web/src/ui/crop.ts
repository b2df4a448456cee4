import { css, html, LitElement, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { Box, Frame } from '../data/documents/model'
import { base } from '../style/base'
import { styled } from '../style/styled'
import { hide, show } from './broken-image'
import { pictured } from './pictured'

/** The part of a frame around `box` that has the shape of the tile: `aspect` is the tile's width by its height. */
export function cropAround(box: Box, frame: { width: number; height: number }, aspect: number): Box {
  const shape = aspect / (frame.width / frame.height)
  const room = 1.35
  let width = Math.max(box.width * room, box.height * room * shape, 0.06)
  width = Math.min(width, 1, shape)
  const height = Math.min(width / shape, 1)
  const clamp = (value: number, size: number): number => Math.min(1 - size, Math.max(0, value))
  return {
    x: clamp(box.x + box.width / 2 - width / 2, width),
    y: clamp(box.y + box.height / 2 - height / 2, height),
    width,
    height,
  }
}

/** A snapshot cut to a detection's box, by CSS alone: one image serves every detection of its frame. */
@customElement('ma-crop')
export class Crop extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        position: relative;
        overflow: hidden;
        background: var(--raised);
      }
      img {
        position: absolute;
        max-width: none;
      }
    `,
  ]

  @property({ attribute: false }) frame: Frame | null = null
  @property({ attribute: false }) box: Box | null = null
  @property({ type: Number }) aspect = 16 / 10

  override render(): TemplateResult {
    if (!this.frame?.snapshot) return html``
    const part = cropAround(this.box ?? { x: 0, y: 0, width: 1, height: 1 }, this.frame, this.aspect)
    const place = {
      width: `${100 / part.width}%`,
      height: `${100 / part.height}%`,
      left: `${(-100 * part.x) / part.width}%`,
      top: `${(-100 * part.y) / part.height}%`,
    }
    return html`<img
      src=${pictured(this.frame.snapshot)}
      alt=""
      loading="lazy"
      decoding="async"
      @error=${hide}
      @load=${show}
      ${styled(place)}
    />`
  }
}
