/** Stream keys that the user wants this page to remember: in memory, until it is loaded again. Never in an address, nor in the browser's storage. */

const keys = new Map<string, string>()

export const rememberedKey = (stream: string): string => keys.get(stream) ?? ''

/** What a copied text may bring along and the eye does not see: spaces, marks without a width, controls. */
const UNSEEN = /[\p{Z}\p{Cc}\p{Cf}\p{Variation_Selector}\u{2800}\u{3164}]|\u{034f}/gu

/** A key as it was pasted, without what cannot be seen. Keys are printable ASCII: null where another character is left. */
export function cleanKey(pasted: string): string | null {
  const key = pasted.replace(UNSEEN, '')
  return /^[!-~]*$/.test(key) ? key : null
}

export function rememberKey(stream: string, key: string | null): void {
  if (key) keys.set(stream, key)
  else keys.delete(stream)
}
