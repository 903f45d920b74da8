import { chmodSync, existsSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryDir } from './testing.ts'
import { resolveTools } from './tools.ts'

const require = createRequire(import.meta.url)
const npmFfmpeg = (require('@ffmpeg-installer/ffmpeg') as { path: string }).path
const npmFfprobe = (require('@ffprobe-installer/ffprobe') as { path: string }).path
const staticFfmpeg = require('ffmpeg-static') as string | null

// Fresh from npm it may not be run (mode 644); only as the last resort does the product change that.
chmodSync(npmFfprobe, 0o755)

test('what the environment names comes first, and is told to be outdated by its own libraries', async () => {
  const tools = await resolveTools({ ...process.env, FFMPEG_PATH: npmFfmpeg, FFPROBE_PATH: npmFfprobe })
  expect(tools.ffmpeg).toMatchObject({ path: npmFfmpeg, source: 'env', outdated: true })
  expect(tools.ffprobe).toMatchObject({ path: npmFfprobe, source: 'env' })
  expect(tools.warnings).toEqual([])
})

test('features are what the program says of itself: 4.1 has no -fps_mode, but it has encoders', async () => {
  const tools = await resolveTools({ ...process.env, FFMPEG_PATH: npmFfmpeg })
  expect(tools.hasFpsMode).toBe(false)
  expect(tools.encoders).toContain('libx264')
  expect(tools.encoders).toContain('aac')
  expect(tools.encoders).not.toContain('=')
})

test('where nothing is installed the old programs from npm are used', async () => {
  const tools = await resolveTools({ PATH: temporaryDir() })
  expect(tools.ffprobe).toMatchObject({ path: npmFfprobe, source: 'npm', outdated: true })
  // On a machine that has downloaded ffmpeg-static's program, that one goes first.
  if (!staticFfmpeg || !existsSync(staticFfmpeg)) {
    expect(tools.ffmpeg).toMatchObject({ path: npmFfmpeg, source: 'npm', outdated: true })
  }
})

test('a path that does not work is passed over, told, and left as it is', async () => {
  const dir = temporaryDir()
  const notes = join(dir, 'notes.txt')
  writeFileSync(notes, 'no program', { mode: 0o644 })
  const liar = join(dir, 'liar')
  writeFileSync(liar, '#!/bin/sh\necho hello\n')
  chmodSync(liar, 0o755)
  const tools = await resolveTools({ ...process.env, FFMPEG_PATH: notes, FFPROBE_PATH: liar })
  expect(tools.ffmpeg.path).not.toBe(notes)
  expect(tools.ffprobe.path).not.toBe(liar)
  expect(tools.warnings).toEqual([
    expect.stringContaining(`FFMPEG_PATH names ${notes}`),
    expect.stringContaining('it does not answer as ffmpeg does'),
  ])
  expect(statSync(notes).mode & 0o777).toBe(0o644)
  const gone = await resolveTools({ ...process.env, FFMPEG_PATH: join(dir, 'gone') })
  expect(gone.warnings.join()).toContain('there is no such file')
})

test('the first ffmpeg on the PATH is taken, not one further on', async () => {
  const dir = temporaryDir()
  const first = join(dir, 'ffprobe')
  writeFileSync(first, `#!/bin/sh\nexec '${npmFfprobe}' "$@"\n`)
  chmodSync(first, 0o755)
  const { ffprobe } = await resolveTools({ PATH: `:${dir}:${process.env['PATH'] ?? ''}` })
  expect(ffprobe).toMatchObject({ path: first, source: 'path' })
})
