import { noChange } from 'lit'
import { Directive, directive, type ElementPart, type PartInfo, PartType } from 'lit/directive.js'

/** Lit's styleMap writes a style attribute first, which a policy without unsafe-inline forbids; this sets properties. */
class Styled extends Directive {
  constructor(part: PartInfo) {
    super(part)
    if (part.type !== PartType.ELEMENT) throw new Error('styled() belongs on an element')
  }

  render(_: Readonly<Record<string, string>>): symbol {
    return noChange
  }

  override update(part: ElementPart, [styles]: [Readonly<Record<string, string>>]): symbol {
    const { style } = part.element as HTMLElement
    for (const [name, value] of Object.entries(styles)) style.setProperty(name, value)
    return noChange
  }
}

/** Sets style properties of an element: html`<i ${styled({ '--hue': '12' })}></i>`. */
export const styled = directive(Styled)

/** Pixels of one rem, as the reader has set the browser's letters: for canvases. */
export const rem = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
