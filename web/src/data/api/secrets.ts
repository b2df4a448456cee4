/** Stream keys that the user wants this page to remember: in memory, until it is loaded again. Never in an address, nor in the browser's storage. */

const keys = new Map<string, string>()

export const rememberedKey = (stream: string): string => keys.get(stream) ?? ''

export function rememberKey(stream: string, key: string | null): void {
  if (key) keys.set(stream, key)
  else keys.delete(stream)
}
