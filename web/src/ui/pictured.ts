import { noChange, nothing } from 'lit'
import { AsyncDirective } from 'lit/async-directive.js'
import { directive } from 'lit/directive.js'
import { media } from '../data/api/media'

/** `src=${pictured(name)}`: the picture of an object of the media bucket, as soon as its address is known. */
class Pictured extends AsyncDirective {
  private name: string | null = null

  override render(name: string | null): unknown {
    // A picture that is shown keeps its address: another grant would have it loaded again.
    if (name === this.name) return noChange
    this.name = name
    if (!name) return nothing
    const known = media.now(name)
    if (known) return known
    void media.address(name).then((address) => {
      if (address && this.name === name) this.setValue(address)
    })
    return nothing
  }
}

export const pictured = directive(Pictured)
