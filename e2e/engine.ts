import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import type { File } from '../src/shared/api/file.ts'
import type { Share } from '../src/shared/api/share.ts'

/** The built headless command, run as its own process as a user runs it. */
const HEADLESS = resolve(import.meta.dirname, '../out/main/headless.js')

/** A Matinee that runs as its own process on a data folder of its own. */
export type RunningEngine = {
  dataDir: string
  apiUrl: string
  shareUrl: string
  managerUrl: string
  key: string
  process: ChildProcess
  /** Calls `/v1` with the key; the parsed body. Throws when the answer is no success. */
  call: <T>(method: string, path: string, body?: unknown) => Promise<T>
  /** Registers a local file and waits until it has been read. */
  addFile: (path: string) => Promise<File>
  /** Shares a file, as another test may have done before, and waits until it plays; with `more`, makes a share of that kind. */
  share: (fileId: string, more?: object) => Promise<Share>
  /** Ends it by SIGTERM; resolves with the exit code. */
  stop: () => Promise<number | null>
}

/** Starts the built engine on free ports. `dataDir` is a new temporary one unless given. */
export async function startBuiltEngine(
  options: { dataDir?: string; args?: string[]; env?: NodeJS.ProcessEnv } = {},
): Promise<RunningEngine> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'matinee-e2e-'))
  const args = [
    'serve',
    '--json',
    '--port',
    '0',
    '--share-port',
    '0',
    '--data-dir',
    dataDir,
    ...(options.args ?? []),
  ]
  const child = spawn(process.execPath, [HEADLESS, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...options.env },
  })
  const line = await Promise.race([
    once(createInterface(child.stdout), 'line') as Promise<[string]>,
    once(child, 'exit').then(([code]: unknown[]) =>
      Promise.reject(new Error(`the engine ended with ${String(code)}`)),
    ),
  ])
  const ready = JSON.parse(line[0]) as { api_url: string; manager_url: string; share_url: string }
  const key = readFileSync(join(dataDir, 'api-key'), 'utf8').trim()

  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(`${ready.api_url}/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as T
  }
  /** Asks again until `done`, with a breath between: the machine is the engine's while it converts. */
  const until = async <T>(path: string, done: (it: T) => boolean): Promise<T> => {
    for (;;) {
      const it = await call<T>('GET', path)
      if (done(it)) return it
      await delay(20)
    }
  }
  const ended = (status: string): boolean => status === 'completed' || status === 'failed'

  return {
    dataDir,
    apiUrl: ready.api_url,
    shareUrl: ready.share_url,
    managerUrl: ready.manager_url,
    key,
    process: child,
    call,
    async addFile(path) {
      const file = await call<File>('POST', '/files', { path })
      return until<File>(`/files/${file.id}`, (it) => ended(it.status))
    },
    async share(fileId, more = {}) {
      const isPlain = Object.keys(more).length === 0
      const known = isPlain ? (await call<{ data: Share[] }>('GET', `/share?file_id=${fileId}`)).data : []
      const share =
        known.find((it) => it.asset_type === 'file' && it.visibility === 'public') ??
        (await call<Share>('POST', '/share', { file_id: fileId, ...more }))
      return until<Share>(`/share/${share.id}`, (it) => ended(it.status))
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM')
        await once(child, 'exit')
      }
      if (!options.dataDir) rmSync(dataDir, { recursive: true, force: true })
      return child.exitCode
    },
  }
}
