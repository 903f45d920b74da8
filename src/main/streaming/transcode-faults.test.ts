import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { createDiskCache } from '../base/disk-cache.ts'
import { run } from '../base/spawn.ts'
import { readTestMedia, testTools } from './testing.ts'
import { createPlaces } from './transcode-places.ts'
import { planTranscode } from './transcode-plan.ts'
import { createTranscodeTracks } from './transcode-tracks.ts'
import { createTurns } from './transcode-turns.ts'

/** True when a process of the group is there and no zombie, which waits for nothing but to be counted. */
async function isAlive(group: number): Promise<boolean> {
  const { stdout } = await run('ps', ['-eo', 'pgid=,stat='], { timeoutMs: 10_000 })
  return stdout
    .toString()
    .split('\n')
    .some((line) => new RegExp(`^ *${group} +[^Z]`).test(line))
}

test.each([
  ['ends with 1', 'exit 1'],
  ['crashes', 'kill -SEGV $$'],
  ['says that all is well and writes nothing', 'exit 0'],
  ['writes noise', 'head -c 1000000 /dev/urandom'],
  ['hangs with a child that outlives it', 'sleep 600 & wait'],
  ['hangs and floods stderr', 'yes error >&2'],
])(
  'an encoder that %s is given up, the next in line has its turn, nothing of it lives on',
  async (_, script) => {
    const dir = await mkdtemp(join(tmpdir(), 'matinee-faults-'))
    onTestFinished(() => rm(dir, { recursive: true, force: true }))
    const path = join(dir, 'ffmpeg')
    const log = join(dir, 'pids')
    await writeFile(path, `#!/bin/sh\necho $$ >> ${log}\n${script}\n`)
    await chmod(path, 0o755)
    const tools = await testTools()
    const turns = createTurns(1)
    const { signal } = new AbortController()
    const tracks = createTranscodeTracks({
      tools: { ...tools, ffmpeg: { ...tools.ffmpeg, path } },
      ...{
        disk: createDiskCache({ dir: join(dir, 'kept'), maxBytes: 1e8 }),
        turns,
        places: createPlaces(1),
        closing: signal,
        stallMs: 500,
        tablesDir: dir,
      },
    })
    const { playable } = await readTestMedia('h264-ac3.mkv')
    const track = tracks.sound(playable, planTranscode(playable), 0)
    await expect(track.slot(0, signal)).rejects.toMatchObject({ code: 'unsupported_media' })
    const pids = (await readFile(log, 'utf8')).trim().split('\n').map(Number)
    expect(pids.length).toBeLessThanOrEqual(3)
    for (const pid of pids) await vi.waitUntil(async () => !(await isAlive(pid)))
    const turn = await turns.take({ urgency: () => 0, isLight: true }, signal)
    turn()
  },
)
