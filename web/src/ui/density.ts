/**
 * Calls `changed` when the pixels of the screen become more or fewer for the same size: the window went to another
 * screen. No element changes its size then, so no observer tells. Returns what ends it.
 */
export function onDensity(changed: () => void): () => void {
  let query: MediaQueryList
  const again = (): void => {
    listen()
    changed()
  }
  const listen = (): void => {
    query = window.matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`)
    query.addEventListener('change', again, { once: true })
  }
  listen()
  return () => query.removeEventListener('change', again)
}
