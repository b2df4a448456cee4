/** A hue (0 to 359) that belongs to a label, always and everywhere the same. */
export function hueOf(label: string): number {
  let hash = 0x811c9dc5
  for (const char of label.toLowerCase()) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193)
  // FNV alone leaves similar words close together; spread them.
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b)
  return ((hash ^ (hash >>> 16)) >>> 0) % 360
}

/** On the picture: bright enough for any footage, with ink that reads on it. */
export function paintOf(label: string): { fill: string; ink: string } {
  const hue = hueOf(label)
  return { fill: `oklch(0.8 0.145 ${hue})`, ink: `oklch(0.2 0.04 ${hue})` }
}
