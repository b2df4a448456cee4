import { html, nothing, type TemplateResult } from 'lit'
import type { Detection } from '../../data/documents/model'
import { percent } from '../../data/format'
import { hueOf } from '../../player/overlay/colors'
import { styled } from '../../style/styled'

/** A detection's box on the picture, with its confidence. */
export function box({ label, confidence, box: place }: Detection, kept: boolean): TemplateResult | typeof nothing {
  if (!place) return nothing
  const side = (share: number): string => `${(share * 100).toFixed(2)}%`
  const at = { left: side(place.x), top: side(place.y), width: side(place.width), height: side(place.height) }
  return html`<i class="label ${kept ? 'kept' : 'below'}" ${styled({ ...at, '--hue': String(hueOf(label)) })}>
    <b>${percent(confidence)}</b>
  </i>`
}

/** Every score on a line from 0 to 100 %, the threshold across it. */
export function scale(seen: readonly Detection[], least: number): TemplateResult {
  return html`<div class="scale" aria-hidden="true">
    <u ${styled({ left: `${least * 100}%` })}></u>
    ${seen.map(
      ({ confidence }) =>
        html`<i class=${confidence >= least ? 'kept' : 'below'} ${styled({ left: `${confidence * 100}%` })}></i>`,
    )}
  </div>`
}
