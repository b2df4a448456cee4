/** `make`, which keeps its latest result as long as its arguments are identical. */
export function memoizeLast<Given extends readonly unknown[], R>(make: (...given: Given) => R): (...given: Given) => R {
  let known: { readonly given: Given; readonly made: R } | null = null
  return (...given) => {
    if (known === null || known.given.some((one, at) => one !== given[at])) known = { given, made: make(...given) }
    return known.made
  }
}
