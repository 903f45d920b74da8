/** Who calls, as far as the stand-in knows. */
export type Sender = { senderFrame: { url: string } }
type Handler = (event: Sender, ...args: unknown[]) => unknown

/** The app's end of `ipcRenderer.invoke`. */
export class StandInIpcMain {
  readonly #handlers = new Map<string, Handler>()

  handle(channel: string, handler: Handler): void {
    if (this.#handlers.has(channel))
      throw new Error(`Attempted to register a second handler for '${channel}'`)
    this.#handlers.set(channel, handler)
  }

  removeHandler(channel: string): void {
    this.#handlers.delete(channel)
  }

  /** Answers one call; throws with Electron's words. */
  async call(channel: string, event: Sender, args: readonly unknown[]): Promise<unknown> {
    try {
      const handler = this.#handlers.get(channel)
      if (!handler) throw new Error(`No handler registered for '${channel}'`)
      return await handler(event, ...args)
    } catch (error) {
      throw new Error(`Error invoking remote method '${channel}': ${String(error)}`, { cause: error })
    }
  }
}
