import type { File as LibraryFile } from '../../../shared/api/file.ts'
import type { Share } from '../../../shared/api/share.ts'
import { bytesText } from '../../../shared/media-text.ts'
import type { Upload, UploadsState } from '../state/uploads.ts'
import { isOpen, speedOf, withSample, type Sample } from '../upload-progress.ts'

/** What a queue of uploads does and is told of; the edges of this window. */
export type UploadQueueDeps = {
  /** Sends a file; hears the bytes that have left. Throws a failure, or the signal's reason. */
  send: (
    file: File,
    options: { signal: AbortSignal; onProgress: (sent: number) => void },
  ) => Promise<Pick<LibraryFile, 'id'>>
  /** Bytes of the largest file that would be taken now. */
  room: () => Promise<number>
  /** Makes a public link to a file. */
  share: (fileId: string) => Promise<Share>
  /** The sentence to show for what was thrown. */
  sentenceOf: (error: unknown) => string
  /** False for what will fail again, such as a file that is no film. */
  mayPass: (error: unknown) => boolean
  get: () => readonly Upload[]
  set: (state: Partial<UploadsState>) => void
  /** Hears when the last of all has ended. */
  onEnd: (uploads: readonly Upload[]) => void
  now: () => number
}

/** Files on their way into the library, two at a time. */
export interface UploadQueue {
  /** Puts files at the end; `isShared` makes a link of each that arrives. */
  add(files: readonly File[], isShared: boolean): void
  /** Breaks one off, or takes one that is over off the list. */
  drop(id: string): void
  /** Sends one that failed again, from its beginning. */
  retry(id: string): void
  /** All that failed and may go well another time. */
  retryFailed(): void
  /** Breaks everything off. */
  cancelAll(): void
  /** Takes those that are over off the list. */
  clear(): void
}

/** More at once would only share the same disk. */
const AT_ONCE = 2

/** Makes a queue of uploads. */
export function createUploadQueue(deps: UploadQueueDeps): UploadQueue {
  const files = new Map<string, File>()
  const running = new Map<string, AbortController>()
  let nextId = 1

  const change = (id: string, patch: Partial<Upload>): void => {
    deps.set({ uploads: deps.get().map((it) => (it.id === id ? { ...it, ...patch } : it)) })
  }
  const keep = (wanted: (upload: Upload) => boolean): void => {
    const kept = deps.get().filter(wanted)
    const ids = new Set(kept.map(({ id }) => id))
    for (const id of files.keys()) if (!ids.has(id)) files.delete(id)
    deps.set({ uploads: kept })
  }

  const sendOne = async (id: string, file: File, signal: AbortSignal): Promise<void> => {
    const room = await deps.room()
    if (file.size > room) {
      const sentence = `It has ${bytesText(file.size)}, and there is room for ${bytesText(room)}.`
      change(id, { state: 'failed', reason: sentence, mayPass: true })
      return
    }
    let samples: Sample[] = []
    const onProgress = (sent: number): void => {
      samples = withSample(samples, { timeMs: deps.now(), sent })
      change(id, { sent: Math.min(sent, file.size), bytesPerS: speedOf(samples) })
    }
    const { id: fileId } = await deps.send(file, { signal, onProgress })
    files.delete(id)
    const isShared = deps.get().find((it) => it.id === id)?.isShared === true
    if (!isShared) {
      change(id, { state: 'done', fileId })
      return
    }
    try {
      change(id, { state: 'done', fileId, share: await deps.share(fileId) })
    } catch (error) {
      change(id, { state: 'done', fileId, reason: deps.sentenceOf(error) })
    }
  }

  const run = async (id: string, file: File): Promise<void> => {
    const abort = new AbortController()
    running.set(id, abort)
    change(id, { state: 'sending', sent: 0, bytesPerS: null })
    try {
      await sendOne(id, file, abort.signal)
    } catch (error) {
      if (!abort.signal.aborted) {
        change(id, { state: 'failed', reason: deps.sentenceOf(error), mayPass: deps.mayPass(error) })
      }
    } finally {
      running.delete(id)
      fill()
      if (!abort.signal.aborted && running.size === 0) deps.onEnd(deps.get())
    }
  }
  const fill = (): void => {
    for (const { id, state } of deps.get()) {
      if (running.size >= AT_ONCE) return
      const file = files.get(id)
      if (state === 'waiting' && file) void run(id, file)
    }
  }
  const retry = (wanted: (upload: Upload) => boolean): void => {
    const again = deps.get().map((it): Upload => {
      if (it.state !== 'failed' || !wanted(it)) return it
      const { id, name, bytes, isShared } = it
      return { id, name, bytes, isShared, state: 'waiting', sent: 0, bytesPerS: null }
    })
    deps.set({ uploads: again })
    fill()
  }

  return {
    add(added, isShared) {
      const uploads = added.map((file): Upload => {
        const id = String(nextId++)
        files.set(id, file)
        const { name, size: bytes } = file
        return { id, name, bytes, isShared, state: 'waiting', sent: 0, bytesPerS: null }
      })
      // What was over before is not part of what begins now.
      const before = deps.get()
      const kept = before.some(isOpen) ? before : before.filter(({ state }) => state === 'failed')
      deps.set({ uploads: [...kept, ...uploads], isOpen: true })
      fill()
    },
    drop(id) {
      running.get(id)?.abort()
      keep((it) => it.id !== id)
    },
    retry: (id) => retry((it) => it.id === id),
    retryFailed: () => retry(({ mayPass }) => mayPass === true),
    cancelAll() {
      for (const abort of running.values()) abort.abort()
      keep((it) => !isOpen(it))
    },
    clear: () => keep(isOpen),
  }
}
