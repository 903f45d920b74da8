import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { CreateExport } from '../../../shared/api/export.ts'
import type { Tools } from '../../media/tools.ts'
import { readTestMedia, testTools } from '../testing.ts'
import { createTurns } from '../transcode-turns.ts'
import { planExport } from './export-plan.ts'
import { makeExport, type MakeDeps } from './make-export.ts'

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'matinee-export-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}

/** The tools of this machine with another ffmpeg. */
async function fakeFfmpeg(script: string): Promise<Tools> {
  const path = join(await folder(), 'ffmpeg')
  await writeFile(path, `#!/bin/sh\n${script}\n`)
  await chmod(path, 0o755)
  return { ...(await testTools()), ffmpeg: { path, version: 'fake', source: 'env', outdated: false } }
}

/** Nothing of a film is copied here. */
const streams: MakeDeps['streams'] = {
  opensNow: () => Promise.resolve(true),
  prepare: () => Promise.resolve(),
  clipCost: () => Promise.reject(new Error('not asked for')),
  clipFile: () => Promise.reject(new Error('not asked for')),
}

async function making(
  body: CreateExport,
  signal = new AbortController().signal,
  hear: () => void = () => undefined,
) {
  const { playable } = await readTestMedia('h264-aac-gop2.mp4')
  const plan = planExport(playable.media, body, await testTools())
  return { plan, playable, folder: await folder(), signal, progress: hear }
}
const GIF: CreateExport = { format: 'gif', end_time: 2 }

describe('S60: an ffmpeg that fails makes no export', () => {
  test.each([
    ['ends with an error', 'exit 1', 'unsupported_media'],
    ['crashes', 'kill -SEGV $$', 'unsupported_media'],
    ['says that all is well and wrote nothing', 'exit 0', 'unsupported_media'],
    ['says that it wrote pictures, and wrote none', 'echo frame=30; exit 0', 'unsupported_media'],
    ['wrote no picture', 'head -c 500 /dev/zero > export.gif; exit 0', 'unsupported_media'],
    ['finds the disk full', 'echo "x: No space left on device" >&2; exit 1', 'disk_full'],
  ])('%s', async (_, script, code) => {
    const tools = await fakeFfmpeg(script)
    const turns = createTurns(1)
    await expect(makeExport({ tools, streams, turns }, await making(GIF))).rejects.toMatchObject({ code })
    // Its turn is free again.
    ;(await turns.take({ urgency: () => 0 }, AbortSignal.timeout(1000)))()
  })
})

test('S61: an ffmpeg that hangs is killed with all of its kind when the job is cancelled', async () => {
  const tools = await fakeFfmpeg('trap "" TERM; sleep 1000 & echo out_time_us=1000000; exec sleep 1000')
  const leaving = new AbortController()
  const wanted = await making(GIF, leaving.signal, () => leaving.abort(new Error('cancelled')))
  await expect(makeExport({ tools, streams, turns: createTurns(1) }, wanted)).rejects.toThrow('cancelled')
})

test('who waits for a turn leaves at once', async () => {
  const turns = createTurns(1)
  await turns.take({ urgency: () => 0 }, new AbortController().signal)
  const leaving = new AbortController()
  const run = makeExport({ tools: await testTools(), streams, turns }, await making(GIF, leaving.signal))
  leaving.abort(new Error('cancelled'))
  await expect(run).rejects.toThrow('cancelled')
})

test('a source that is written to meanwhile makes no export', async () => {
  const wanted = await making(GIF)
  const tools = await testTools()
  const playable = { ...wanted.playable, identity: { ...wanted.playable.identity, mtimeMs: 1 } }
  await expect(
    makeExport({ tools, streams, turns: createTurns(1) }, { ...wanted, playable }),
  ).rejects.toMatchObject({ code: 'file_missing' })
})

test('names in a folder that ffmpeg would take for a pattern are none to it', async () => {
  const wanted = await making(GIF)
  const odd = join(wanted.folder, "100% a:b 'c' $(touch pwn)")
  await mkdir(odd)
  const made = await makeExport(
    { tools: await testTools(), streams, turns: createTurns(1) },
    { ...wanted, folder: odd },
  )
  expect(made).toMatchObject({ path: join(odd, 'export.gif'), isConverted: true })
  expect(await readdir(odd)).toEqual(['export.gif'])
})
