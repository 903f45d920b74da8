import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { File, RegisterFile } from '../../shared/api/file.ts'
import type { Engine } from '../engine.ts'

/** What the shell asks of the engine, by the API that scripts use. */
export interface EngineClient {
  /** Registers a local file. Throws with the API's sentence when it is refused. */
  register(path: string): Promise<File>
  /** Throws with the API's sentence when there is no such file. */
  file(id: string): Promise<File>
}

/** Makes the client of a running engine, with the key from its data folder. */
export function createEngineClient(engine: Pick<Engine, 'apiUrl' | 'dataDir'>): EngineClient {
  const call = async <T>(path: string, body?: object): Promise<T> => {
    const key = (await readFile(join(engine.dataDir, 'api-key'), 'utf8')).trim()
    const answer = await fetch(`${engine.apiUrl}/v1${path}`, {
      headers: { authorization: `Bearer ${key}`, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
    })
    const json: unknown = await answer.json()
    if (!answer.ok) throw new Error((json as { error: string }).error)
    return json as T
  }
  return {
    register: (path) => call<File>('/files', { path } satisfies RegisterFile),
    file: (id) => call<File>(`/files/${encodeURIComponent(id)}`),
  }
}
