/** Slots for tiles that may play. */
export interface Holder {
  /** Its turn has come. */
  granted(): void
}

/** Lets at most `most` play at once; the others wait for their turn, in the order in which they came. */
export class Slots {
  private readonly playing = new Set<Holder>()
  private readonly waiting = new Set<Holder>()

  constructor(private readonly most: number) {}

  /** Asks for a turn; asking again changes nothing. */
  enter(holder: Holder): void {
    if (this.playing.has(holder)) return
    this.waiting.add(holder)
    this.fill()
  }

  leave(holder: Holder): void {
    this.waiting.delete(holder)
    if (this.playing.delete(holder)) this.fill()
  }

  private fill(): void {
    for (const holder of this.waiting) {
      if (this.playing.size >= this.most) return
      this.waiting.delete(holder)
      this.playing.add(holder)
      holder.granted()
    }
  }
}
