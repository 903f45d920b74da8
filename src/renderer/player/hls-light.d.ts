/** The light build has the classes of the full one; the package declares them for the full one only. */
declare module 'hls.js/light' {
  export * from 'hls.js'
  export { default } from 'hls.js'
}
