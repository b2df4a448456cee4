import { type Api, ApiError } from '../../data/api/api'
import { preview, taken } from './raster'

/** A picture that was chosen and is not yet a mark of a brand. */
export interface Picture {
  readonly id: number
  readonly file: File
  /** For showing it; empty where it is no picture. */
  readonly url: string
  readonly state: 'chosen' | 'sending' | 'refused'
  /** The reason of its refusal. */
  readonly problem: string
}

/** Pictures on their way to a brand, one after the other. Fires `change`. */
export class Pictures extends EventTarget {
  items: readonly Picture[] = []
  private last = 0

  get sending(): boolean {
    return this.items.some(({ state }) => state === 'sending')
  }

  get waiting(): number {
    return this.items.filter(({ state }) => state === 'chosen').length
  }

  async add(files: Iterable<File>): Promise<void> {
    const added = await Promise.all(
      [...files].map(async (chosen): Promise<Picture> => {
        this.last += 1
        const id = this.last
        const file = await taken(chosen)
        return { id, file, url: await preview(file), state: 'chosen', problem: '' }
      }),
    )
    this.set([...this.items, ...added])
  }

  remove(id: number): void {
    this.set(this.items.filter((one) => one.id !== id))
  }

  clear(): void {
    this.set([])
  }

  /** Sends what was chosen; those that are taken leave the list, the others say why they stay. True: one was taken. */
  async send(api: Api, brand: string, before: () => void): Promise<boolean> {
    let taken = false
    for (const { id, file, state } of this.items) {
      if (state !== 'chosen') continue
      this.mark(id, { state: 'sending' })
      before()
      try {
        await api.send<'/brands/{brand}/references'>(`/brands/${encodeURIComponent(brand)}/references`, file)
        this.remove(id)
        taken = true
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        this.mark(id, { state: 'refused', problem: error.message })
      }
    }
    return taken
  }

  /** One that failed for a reason that may pass is tried again. */
  retry(id: number): void {
    this.mark(id, { state: 'chosen', problem: '' })
  }

  private mark(id: number, changes: Partial<Picture>): void {
    this.set(this.items.map((one) => (one.id === id ? { ...one, ...changes } : one)))
  }

  private set(items: readonly Picture[]): void {
    this.items = items
    this.dispatchEvent(new Event('change'))
  }
}
