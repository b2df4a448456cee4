/** hls.js types its full build only; the light one has the same interface, with less behind it. */
declare module 'hls.js/light' {
  export * from 'hls.js'
  export { default } from 'hls.js'
}
