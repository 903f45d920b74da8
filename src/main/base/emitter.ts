/** Tells any number of listeners; a listener that throws does not keep others from hearing. */
export interface Emitter<Event> {
  emit(event: Event): void
  /** Returns the call that ends the subscription. */
  on(listener: (event: Event) => void): () => void
}

/** Makes an emitter. `onError` hears what a listener threw. */
export function createEmitter<Event>(onError: (error: unknown) => void): Emitter<Event> {
  const listeners = new Set<(event: Event) => void>()
  return {
    emit(event) {
      for (const listener of listeners) {
        try {
          listener(event)
        } catch (error) {
          onError(error)
        }
      }
    },
    on(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
