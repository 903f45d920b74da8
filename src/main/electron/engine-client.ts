import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { File, RegisterFile } from '../../shared/api/file.ts'
import type { Job } from '../../shared/api/job.ts'
import type { Engine } from '../engine.ts'

/** What the shell asks of the engine, by the API that scripts use. */
export interface EngineClient {
  /** Registers a local file. Throws with the API's sentence when it is refused. */
  register(path: string): Promise<File>
  /** Throws with the API's sentence when there is no such file. */
  file(id: string): Promise<File>
  /** Throws with the API's sentence when there is no such job. */
  job(id: string): Promise<Job>
  /** The bytes that a job made. Throws with the API's sentence when there are none, the signal's reason on abort. */
  result(jobId: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>
}

/** Makes the client of a running engine, with the key from its data folder. */
export function createEngineClient(engine: Pick<Engine, 'apiUrl' | 'dataDir'>): EngineClient {
  const ask = async (path: string, { body, signal }: Asking = {}): Promise<Response> => {
    const key = (await readFile(join(engine.dataDir, 'api-key'), 'utf8')).trim()
    const answer = await fetch(`${engine.apiUrl}/v1${path}`, {
      headers: { authorization: `Bearer ${key}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
      ...(signal ? { signal } : {}),
    })
    if (!answer.ok) throw new Error(((await answer.json()) as { error: string }).error)
    return answer
  }
  const call = async <T>(path: string, asking?: Asking): Promise<T> =>
    (await (await ask(path, asking)).json()) as T
  const at = (kind: 'files' | 'jobs', id: string): string => `/${kind}/${encodeURIComponent(id)}`
  return {
    register: (path) => call<File>('/files', { body: { path } satisfies RegisterFile }),
    file: (id) => call<File>(at('files', id)),
    job: (id) => call<Job>(at('jobs', id)),
    async result(jobId, signal) {
      const { body } = await ask(`${at('jobs', jobId)}/result`, { signal })
      if (!body) throw new Error('The file has no content.')
      return body
    },
  }
}

type Asking = { body?: object; signal?: AbortSignal }
