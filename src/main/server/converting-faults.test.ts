import { randomUUID } from 'node:crypto'
import { chmodSync, copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { testMedia } from '../../../scripts/test-media.ts'
import type { ListOf } from '../../shared/api/common.ts'
import type { File } from '../../shared/api/file.ts'
import type { Job } from '../../shared/api/job.ts'
import type { Share } from '../../shared/api/share.ts'
import { run } from '../base/spawn.ts'
import { testTools } from '../streaming/testing.ts'
import { startTestMatinee, type TestMatinee } from './testing.ts'

/* An ffmpeg that does all that is asked of it but convert: there it misbehaves as the file `mode` says. */

/** No slot of a small film takes longer, on a machine with much else to do. */
const STALL_MS = 4000

const MODES: Readonly<Record<string, string>> = {
  exit1: 'exit 1',
  sig: 'kill -SEGV $$',
  partial: '"$real" "$@" | head -c 20000; exit 1',
  lie: 'exit 0',
  noise: 'head -c 1000000 /dev/urandom',
  hang: 'trap "" TERM; sleep 600 & yes error >&2',
  none: 'exec "$real" "$@"',
}

let dir: string
let matinee: TestMatinee
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'matinee-faulty-'))
  mkdirSync(join(dir, 'runs'))
  const { ffmpeg } = await testTools()
  const modes = Object.entries(MODES).map(([name, script]) => `${name}) ${script} ;;`)
  const path = join(dir, 'ffmpeg')
  writeFileSync(
    path,
    `#!/bin/sh
real='${ffmpeg.path}'
case "$*" in *frag_discont*) ;; *) exec "$real" "$@" ;; esac
touch '${dir}/runs/'$$
case $(cat '${dir}/mode') in ${modes.join(' ')} esac
`,
  )
  chmodSync(path, 0o755)
  matinee = await startTestMatinee({
    env: { ...process.env, FFMPEG_PATH: path },
    encoderStallMs: STALL_MS,
  })
}, 60_000)
afterAll(async () => {
  await matinee.stop()
  await rm(dir, { recursive: true })
})

const PATIENCE = { timeout: 60_000, interval: 20 }
const get = async <Body>(path: string): Promise<Body> =>
  (await matinee.v1('GET', path)).json as unknown as Body

/** Shares a film whose sound must be converted, and waits for what becomes of it. */
async function shareIn(mode: string): Promise<{ file: File; share: Share }> {
  writeFileSync(join(dir, 'mode'), mode)
  await rm(join(dir, 'runs'), { recursive: true })
  mkdirSync(join(dir, 'runs'))
  const path = join(matinee.folder, `${mode} ${randomUUID()}.mkv`)
  copyFileSync(testMedia('h264-ac3.mkv'), path)
  // Contents that are equal would share what was made of them.
  writeFileSync(path, randomUUID(), { flag: 'a' })
  const { json } = await matinee.v1('POST', '/files', { body: { path } })
  const file = await vi.waitUntil(async () => {
    const it = await get<File>(`/files/${json.id}`)
    return it.status === 'completed' ? it : undefined
  }, PATIENCE)
  const { id } = await matinee.share(file.id)
  const share = await vi.waitUntil(async () => {
    const it = await get<Share>(`/share/${id}`)
    return it.status === 'completed' || it.status === 'failed' ? it : undefined
  }, PATIENCE)
  return { file, share }
}

/** Process groups that live on. */
async function groupsAlive(): Promise<number[]> {
  const { stdout } = await run('ps', ['-eo', 'pgid=,stat='], { timeoutMs: 10_000 })
  const lines = stdout.toString().split('\n')
  return lines.filter((line) => !/Z/.test(line)).map((line) => Number.parseInt(line, 10))
}

test.each(Object.keys(MODES).filter((it) => it !== 'none'))(
  'S60, S61: an encoder in mode %s ends its share as failed with a reason, nothing of it lives on, and the next one is made',
  async (mode) => {
    const { file, share } = await shareIn(mode)
    expect(share).toMatchObject({ status: 'failed', failure: { code: 'unsupported_media' } })
    expect(share.failure?.message).toMatch(/convert this file\.$|read this file\.$|got stuck\.$/)
    const { data } = await get<ListOf<Job>>('/jobs')
    expect(data.find((it) => it.file_id === file.id && it.kind === 'transcode')?.status).toBe('failed')
    const runs = readdirSync(join(dir, 'runs')).map(Number)
    expect(runs.length).toBeGreaterThan(0)
    expect(runs.length).toBeLessThanOrEqual(3)
    await vi.waitUntil(async () => {
      const alive = await groupsAlive()
      return runs.every((it) => !alive.includes(it))
    }, PATIENCE)
    const kept = join(matinee.folder, 'data', 'cache', 'transcoded')
    expect(readdirSync(kept).filter((it) => it.endsWith('.tmp'))).toEqual([])

    expect((await shareIn('none')).share.status).toBe('completed')
  },
)
