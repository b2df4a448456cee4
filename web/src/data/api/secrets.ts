/** Stream keys, as long as their tab lives and only where the user asked for it. Never in an address. */

const name = (stream: string): string => `stream-key:${stream}`

export function rememberedKey(stream: string): string {
  try {
    return sessionStorage.getItem(name(stream)) ?? ''
  } catch {
    return '' // storage is switched off: nothing is remembered
  }
}

export function rememberKey(stream: string, key: string | null): void {
  try {
    if (key) sessionStorage.setItem(name(stream), key)
    else sessionStorage.removeItem(name(stream))
  } catch {
    // Storage is switched off: the key stays in memory only.
  }
}
