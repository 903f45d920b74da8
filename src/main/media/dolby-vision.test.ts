import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hasTestMedia, testMedia } from '../../../scripts/test-media.ts'
import { run } from '../base/spawn.ts'
import { readPlayable, testTools } from '../streaming/testing.ts'
import { temporaryDir } from './testing.ts'

/*
 * No encoder of Dolby Vision is free: a film in HEVC is given the record of one, in the sample entry, and so its colours
 * are those of any film.
 */

const recordOf = (profile: number): Buffer =>
  Buffer.concat([
    Buffer.from('\0\0\0\x20dvcC\x01\0', 'latin1'),
    Buffer.from([profile << 1, 0x0d]),
    Buffer.alloc(20),
  ])

/** The same film with a box more at the end of its sample entry; its `moov` stands behind the pictures. */
function withRecord(film: Buffer, profile: number, entryType: string): Buffer {
  const record = recordOf(profile)
  const entry = film.indexOf('hvc1', film.indexOf('stsd', 0, 'latin1'), 'latin1') - 4
  const end = entry + film.readUInt32BE(entry)
  const longer = Buffer.concat([film.subarray(0, end), record, film.subarray(end)])
  for (const type of ['moov', 'trak', 'mdia', 'minf', 'stbl', 'stsd', 'hvc1']) {
    const at = longer.lastIndexOf(type, entry + 4, 'latin1') - 4
    longer.writeUInt32BE(longer.readUInt32BE(at) + record.length, at)
  }
  longer.write(entryType, entry + 4, 'latin1')
  return longer
}

async function makeFilm(profile: number, entryType = 'hvc1'): Promise<string> {
  const path = join(temporaryDir(), `profile-${profile}.mp4`)
  await writeFile(path, withRecord(await readFile(testMedia('hevc-aac.mp4')), profile, entryType))
  return path
}

test.runIf(hasTestMedia('hevc-aac.mp4')).each([5, 8])(
  'Dolby Vision of profile %s is known, and only of 5 its owner is told that it looks wrong',
  async (profile) => {
    // Of profile 5 nothing but Dolby Vision can be made, which the name of its entry tells.
    const path = await makeFilm(profile, profile === 5 ? 'dvh1' : 'hvc1')
    const { playable, choice } = await readPlayable(path)
    expect(playable.media.video).toMatchObject({ codec: 'hevc', dolbyVision: profile })
    expect(choice.delivery).toBe('transcode')
    if (profile === 5) expect(choice.reason).toMatch(/Dolby Vision .*colours will look wrong/)
    else expect(choice.reason).toMatch(/The picture is HEVC/)
  },
)

test.runIf(hasTestMedia('hevc-aac.mp4'))('it is known in Matroska too', async () => {
  const path = join(temporaryDir(), 'profile-5.mkv')
  const tools = await testTools()
  await run(
    tools.ffmpeg.path,
    ['-v', 'error', '-i', await makeFilm(5), '-c', 'copy', '-strict', 'unofficial', path],
    { timeoutMs: 20_000 },
  )
  expect((await readPlayable(path)).playable.media.video).toMatchObject({ dolbyVision: 5 })
})

test.runIf(hasTestMedia('hevc-aac.mp4'))('a film without such a record is none', async () => {
  const { playable } = await readPlayable(testMedia('hevc-aac.mp4'))
  expect(playable.media.video?.dolbyVision).toBeUndefined()
})
