import type { File as LibraryFile } from '../../shared/api/file.ts'
import { ApiError, failureOf } from './api.ts'

/**
 * Sends a file to the library. By XMLHttpRequest: fetch does not tell how far an upload is. `onProgress` hears the
 * bytes that have left. Throws `ApiError`; an aborted one throws the signal's reason.
 */
export function sendFile(
  file: File,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (sent: number) => void },
): Promise<LibraryFile> {
  return new Promise((resolve, reject) => {
    const form = new FormData()
    form.append('file', file, file.name)
    const request = new XMLHttpRequest()
    request.open('POST', '/v1/files')
    // The rest of the form is a few hundred bytes more than the file.
    request.upload.addEventListener('progress', ({ loaded }) => onProgress(loaded))
    request.addEventListener('load', () => {
      if (request.status === 200) resolve(JSON.parse(request.responseText) as LibraryFile)
      else void failureOf(new Response(request.responseText, { status: request.status })).then(reject)
    })
    request.addEventListener('error', () => reject(brokenOff()))
    request.addEventListener('abort', () => reject(signal.reason as Error))
    signal.addEventListener('abort', () => request.abort(), { once: true })
    if (signal.aborted) reject(signal.reason as Error)
    else request.send(form)
  })
}

/** A browser tells no more: Matinee has stopped, or the file was moved or changed under it. */
const brokenOff = (): ApiError =>
  new ApiError('unreachable', 'The upload broke off. See that Matinee runs and the file is still there.')
