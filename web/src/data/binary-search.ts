/** Index of the last item whose key is at most `key`, or -1. `items` are sorted by `keyOf`; O(log n). */
export function lastAtMost<T>(items: readonly T[], key: number, keyOf: (item: T) => number): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (keyOf(items[middle] as T) <= key) low = middle + 1
    else high = middle
  }
  return low - 1
}
