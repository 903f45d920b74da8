/** What one client may cost a listener. Times in ms. */
export type Limits = {
  bodyBytes: number
  /** For the request line and headers. */
  headersMs: number
  /** For a whole request with its body; an upload is held to its progress instead. */
  requestMs: number
  /** In this time at least so many bytes of an upload must come. */
  progressMs: number
  progressBytes: number
  /** So long what a client still sends after its answer is thrown away, before it is hung up on. */
  lingerMs: number
  /** How often Node looks for those that took longer: its default of 30 s makes a 5 s limit 30 s (S36). */
  checkMs: number
  /** An answered connection waits so long for its next request; longer than an HLS segment lasts. */
  keepAliveMs: number
  /** A connection on which nothing moves is closed; a player that was paused opens another. */
  idleMs: number
  connections: number
}

/** The limits of both listeners. */
export const LIMITS: Limits = {
  bodyBytes: 1024 * 1024,
  headersMs: 10_000,
  requestMs: 30_000,
  progressMs: 30_000,
  progressBytes: 64 * 1024,
  lingerMs: 5_000,
  checkMs: 2_000,
  keepAliveMs: 20_000,
  idleMs: 120_000,
  connections: 1_000,
}
