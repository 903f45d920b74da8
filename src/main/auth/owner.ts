/** The owner's ways in: API keys for scripts, a launch token swapped for a session cookie for the file manager. */
export interface Owner {
  /** True for a key that opens `/v1`; compares hashes in constant time. */
  isApiKey(key: string): boolean
  /** A one-time token, valid for 10 min, for the address that opens the file manager. */
  mintLaunchToken(): string
  /** Swaps a launch token for a new session id, or undefined when it is unknown, used or too old. */
  redeemLaunchToken(token: string): string | undefined
  /** True for the id of a living session. */
  isSession(id: string): boolean
  endSession(id: string): void
}
