import { mayLeave } from './leaving'

/** Time that a view may take to become as tall as it was when it was left (ms). */
const PATIENCE = 30_000

/**
 * Moves between views without loading the page again, by the History API: a link to another address of this page, `go`,
 * and the browser's back and forward. Fires `navigate` once the address has changed; `arrived` is called when the view is shown.
 */
class Navigation extends EventTarget {
  /** Number of the history entry that is shown; each entry keeps its own in its state. */
  private entry = 0
  /** Scroll position of each entry (px). */
  private readonly scrolled = new Map<number, number>()
  /** Whether another view is on its way: until it is shown, the scroll position is not its own. */
  private moving = false
  private refused = false
  private arriving: AbortController | null = null

  open(): void {
    this.entry = numberOf(window.history.state)
    window.history.replaceState({ entry: this.entry }, '')
    window.addEventListener('click', this.clicked)
    window.addEventListener('popstate', this.popped)
    window.addEventListener('scroll', this.moved, { passive: true })
  }

  /** Shows another address of this page. False where the user wants to stay. */
  go(address: string): boolean {
    if (!mayLeave()) return false
    const again = new URL(address + window.location.hash, window.location.href).href === window.location.href
    this.moved() // the layout may have moved it since the last scroll event
    if (!again) {
      this.entry += 1
      // A share link stays one: its secret is the fragment.
      window.history.pushState({ entry: this.entry }, '', address + window.location.hash)
    }
    this.scrolled.set(this.entry, 0)
    this.move()
    return true
  }

  private move(): void {
    this.moving = true
    this.dispatchEvent(new Event('navigate'))
  }

  /** Scrolls to where this entry was left, or to the top, and moves the focus to `main` unless the view has taken it. */
  arrived(main: HTMLElement): void {
    this.moving = false
    const root = main.getRootNode() as ShadowRoot
    if (!main.contains(root.activeElement)) main.focus({ preventScroll: true })
    const top = this.scrolled.get(this.entry)
    if (top !== undefined) this.scroll(top)
  }

  private readonly clicked = (event: MouseEvent): void => {
    const { button, metaKey, ctrlKey, shiftKey, altKey } = event
    if (event.defaultPrevented || button !== 0 || metaKey || ctrlKey || shiftKey || altKey) return
    const link = event.composedPath().find((one) => one instanceof HTMLAnchorElement)
    if (!link || !ofThisPage(link)) return
    event.preventDefault()
    this.go(link.href)
  }

  private readonly popped = ({ state }: PopStateEvent): void => {
    const entry = numberOf(state)
    if (this.refused) this.refused = false
    else if (mayLeave()) {
      this.moved()
      this.entry = entry
      this.move()
    } else {
      this.refused = true
      window.history.go(this.entry - entry)
    }
  }

  private readonly moved = (): void => {
    if (!this.moving && !this.arriving) this.scrolled.set(this.entry, window.scrollY)
  }

  /** Documents come after the view: it is scrolled as soon as it is tall enough, unless the user scrolls first. */
  private scroll(top: number): void {
    this.arriving?.abort()
    this.arriving = new AbortController()
    const { signal } = this.arriving
    const observer = new ResizeObserver(() => {
      window.scrollTo({ top })
      if (Math.ceil(window.scrollY) >= Math.floor(top)) stop()
    })
    const timer = window.setTimeout(() => stop(), PATIENCE)
    const stop = (): void => this.arriving?.abort()
    signal.addEventListener('abort', () => {
      observer.disconnect()
      window.clearTimeout(timer)
      this.arriving = null
    })
    for (const input of ['wheel', 'pointerdown', 'keydown'] as const) window.addEventListener(input, stop, { signal })
    observer.observe(document.documentElement) // which calls it at once
  }
}

export const navigation = new Navigation()

const numberOf = (state: unknown): number => (state as { entry?: number } | null)?.entry ?? 0

/** Whether following `link` only changes the query of this page's own address, in this tab. */
function ofThisPage({ href, origin, pathname, target, download }: HTMLAnchorElement): boolean {
  const page = (path: string): string => path.replace(/index\.html$/, '')
  const here = origin === window.location.origin && page(pathname) === page(window.location.pathname)
  return here && href !== '' && (target === '' || target === '_self') && download === '' && !href.includes('#')
}
