/**
 * Stands in for the package of this name, a regular expression engine of 30 KB gzip that Firestore's SDK needs only to
 * evaluate pipelines with regular expressions in the browser. This page has none.
 */
export const RE2JS = {
  compile(): never {
    throw new Error('regular expressions in pipelines are left out of this build')
  },
}
