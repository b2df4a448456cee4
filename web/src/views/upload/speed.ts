/** Rate at which an amount grows, over the last seconds. */
export class Speed {
  private points: { readonly at: number; readonly amount: number }[] = []

  constructor(private readonly span = 8000) {}

  /** `at` in ms. An amount that falls (a piece that is sent again) starts the measurement over. */
  add(at: number, amount: number): void {
    const last = this.points.at(-1)
    if (last && amount < last.amount) this.clear()
    const before = this.points.at(-2)
    if (before && at - before.at < 100) this.points.pop()
    this.points.push({ at, amount })
    while ((this.points[0]?.at ?? at) < at - this.span) this.points.shift()
  }

  clear(): void {
    this.points = []
  }

  /** Amount a second; 0 as long as too little is known. */
  get perSecond(): number {
    const [first, last] = [this.points[0], this.points.at(-1)]
    if (!first || !last || last.at - first.at < 500) return 0
    return ((last.amount - first.amount) / (last.at - first.at)) * 1000
  }
}
