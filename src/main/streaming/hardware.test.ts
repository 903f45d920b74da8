import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { createLog, type Log } from '../base/log.ts'
import { run } from '../base/spawn.ts'
import { bitReader } from '../media/bit-reader.ts'
import type { Tools } from '../media/tools.ts'
import { readAvcConfiguration as readSets } from './clips/parameter-sets.ts'
import { createBoxReader, readAvcConfiguration, readFragmentSamples } from './fragment-reader.ts'
import { createHardwareSearch } from './hardware-encoders.ts'
import { createStreams } from './streams.ts'
import { layOutConverted, useConverter } from './testing-conversion.ts'
import { expectAllPictures } from './testing-pictures.ts'
import { playableByFfmpeg, readTestMedia, serveStreams, testTools } from './testing.ts'
import { hardwareOf } from './transcode-encoder.ts'

/* No machine of the tests has an encoder of hardware: a program in front of ffmpeg lets libx264, told otherwise, play one. */

const [NAME = 'h264_nvenc'] = hardwareOf(process.platform)
const FILM = { name: 'mpeg4-aac.mp4', width: 320, height: 180 }
const dir = mkdtempSync(join(tmpdir(), 'matinee-hardware-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

/** What hardware does with a film: options of libx264 that plays it, and how that is run. */
const WAYS = {
  works: { run: 'exec "$real" "$@"' },
  'fails at once': { run: 'echo "no session is free" >&2; exit 1' },
  'fails in the middle': { run: '"$real" "$@" | head -c 500000; exit 1' },
  'ends in the middle and says that all is well': { options: '-frames:v 60', run: 'exec "$real" "$@"' },
  'forgets the key frames': { withoutKeys: true, run: 'exec "$real" "$@"' },
}
type Way = { options?: string; withoutKeys?: boolean; run: string }

/** An ffmpeg whose hardware stands the test, and goes such a way with films. It writes down each one it is given. */
async function ffmpegWhoseHardware(way: string, { options = '', withoutKeys, run }: Way): Promise<Tools> {
  const tools = await testTools()
  const path = join(dir, way.replaceAll(/\W/g, '-'))
  writeFileSync(
    path,
    `#!/bin/sh
real='${tools.ffmpeg.path}'
case "$*" in *yuv4mpegpipe*) film= ;; *) film=1 ;; esac
for it do
  shift
  if [ -n "$skipped" ]; then skipped=; continue; fi
  case "$it" in
    ${NAME}) hardware=1; set -- "$@" libx264 -preset superfast -x264-params cabac=0:fps=25 \${film:+${options}} ;;
    ${withoutKeys ? '-force_key_frames' : 'nothing'}) if [ -n "$hardware" ] && [ -n "$film" ]; then skipped=1; else set -- "$@" "$it"; fi ;;
    *) set -- "$@" "$it" ;;
  esac
done
[ -n "$hardware" ] && [ -n "$film" ] || exec "$real" "$@"
echo film >> "$0.films"
${run}
`,
  )
  chmodSync(path, 0o755)
  return { ...tools, ffmpeg: { ...tools.ffmpeg, path }, encoders: new Set([...tools.encoders, NAME]) }
}

/** pic_parameter_set_id of each picture of a file (H.264 section 7.3.3), and the sets that its head has. */
async function setsOf(file: string): Promise<{ told: number; used: number[] }> {
  const used: number[] = []
  let told = 0
  let moof: Buffer = Buffer.alloc(0)
  for (const { type, bytes } of createBoxReader().push(await readFile(file))) {
    if (type === 'moov') told = readSets(readAvcConfiguration(bytes) ?? bytes).picture.length
    if (type === 'moof') moof = bytes
    if (type === 'mdat') used.push(...readFragmentSamples(moof, bytes).flatMap(({ data }) => setIn(data)))
  }
  return { told, used }
}

const SLICES = [1, 5]

function setIn(data: Uint8Array): number[] {
  const bytes = Buffer.from(data)
  for (let at = 0; at + 5 < bytes.length; at += 4 + bytes.readUInt32BE(at)) {
    if (!SLICES.includes((bytes[at + 4] ?? 0) & 0x1f)) continue
    const read = bitReader(bytes, at + 5)
    read.unsigned() // first_mb_in_slice
    read.unsigned() // slice_type
    return [read.unsigned()]
  }
  return []
}

/** What the search tells, for each test its own. */
const said: { level: string; facts: unknown }[] = []
const log = {
  info: (facts: unknown) => void said.push({ level: 'info', facts }),
  warn: (facts: unknown) => void said.push({ level: 'warn', facts }),
} as unknown as Pick<Log, 'info' | 'warn'>

/** Whose pictures there are, in order: 0 of the hardware, 31 of libx264. */
const EXPECTED: Record<keyof typeof WAYS, { told: number; sets: number[]; faults: number }> = {
  works: { told: 2, sets: [0], faults: 0 },
  'fails at once': { told: 1, sets: [31], faults: 1 },
  'fails in the middle': { told: 2, sets: [0, 31], faults: 1 },
  'ends in the middle and says that all is well': { told: 2, sets: [0, 31], faults: 1 },
  'forgets the key frames': { told: 2, sets: [31], faults: 1 },
}

describe.each(Object.entries(WAYS))('hardware that %s', (way, how) => {
  const conversion = useConverter(
    () => ffmpegWhoseHardware(way, how),
    (tools, closing) => createHardwareSearch({ tools, log, closing }),
  )
  test('gives a film that has every picture of its source, in order, at its time, and alike', async () => {
    said.length = 0
    await expectAllPictures(conversion, FILM)
    const { playable } = await readTestMedia(FILM.name)
    const { file } = await layOutConverted(conversion.converter, playable)
    const { told, used } = await setsOf(file)
    const expected = EXPECTED[way as keyof typeof WAYS]
    expect(used).toHaveLength(175)
    expect(told).toBe(expected.told)
    expect(used.filter((it, at) => it !== used[at - 1])).toEqual(expected.sets)
    expect(said[0]).toEqual({ level: 'info', facts: { encoder: NAME } })
    expect(said.slice(1)).toHaveLength(expected.faults)
    expect(readFileSync(`${conversion.tools.ffmpeg.path}.films`, 'utf8')).toBe('film\n')
  })
})

describe('hardware that ffmpeg lists and that is not there', () => {
  const conversion = useConverter(
    async () => {
      const tools = await testTools()
      return { ...tools, encoders: new Set([...tools.encoders, ...hardwareOf(process.platform)]) }
    },
    (tools, closing) => createHardwareSearch({ tools, log, closing }),
  )
  test('is told once with its reason, and libx264 makes the film', async ({ skip }) => {
    said.length = 0
    await expectAllPictures(conversion, FILM)
    const [first, ...others] = said
    expect(others).toEqual([])
    if (!JSON.stringify(first).includes('refused')) skip('this machine has an encoder of hardware that works')
    expect(Object.keys((first?.facts as { refused: object }).refused)).toEqual(hardwareOf(process.platform))
  })
})

test('ffmpeg plays the stream of a film whose hardware failed in the middle, without an error', async () => {
  const way = 'fails in the middle'
  const tools = await ffmpegWhoseHardware(`${way} of a stream`, WAYS[way])
  const streams = createStreams({
    ...{ tools, packagedDir: dir, clipsDir: join(dir, 'clips'), hardwareEncoding: true },
    log: createLog({ level: 'silent' }),
  })
  const { playable } = await readTestMedia(FILM.name)
  const server = await serveStreams(streams, [{ ...playable, packager: 'transcode' }])
  try {
    const url = await playableByFfmpeg(tools, server.url(0), dir)
    const args = ['-nostdin', '-v', 'warning', '-xerror', '-i', url, '-map', '0:v:0', '-f', 'framehash', '-']
    const { stdout, stderr } = await run(tools.ffmpeg.path, args, { timeoutMs: 60_000 })
    expect(stderr).toBe('')
    expect(stdout.toString().match(/^0,/gm)).toHaveLength(175)
  } finally {
    await server.close()
    await streams.close()
  }
})
