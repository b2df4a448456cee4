/** Hands a file to the browser to keep. */
export function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The download has begun once this turn is over.
  window.setTimeout(() => URL.revokeObjectURL(url), 0)
}
