import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { testMedia } from '../../../scripts/test-media.ts'
import type { ListOf } from '../../shared/api/common.ts'
import type { File } from '../../shared/api/file.ts'
import type { Folder } from '../../shared/api/folder.ts'
import type { Playback } from '../../shared/api/share.ts'
import { startTestMatinee, type TestMatinee } from './testing.ts'

let matinee: TestMatinee
beforeAll(async () => {
  matinee = await startTestMatinee()
})
afterAll(() => matinee.stop())

/** Names that mean something to a shell, a URL, ffmpeg's options, patterns and protocols, a header or a reader of text. */
const NAMES = [
  ...['-y.mp4', '-version', '-', 'a:b.mp4', 'http:x.mp4', 'concat:a|b.mp4', 'pipe:0', '%d%s.mp4', '%03d.mp4'],
  ...[
    `'quote" \`.mp4`,
    'new\nline.mp4',
    'tab\there.mp4',
    '$(touch pwn).mp4',
    'back\\slash.mp4',
    '{1..3}*?[a].mp4',
  ],
  ...[
    ' leading.mp4',
    'trailing.mp4 ',
    '\u202Egnp.mp4',
    '\u00e9.mp4',
    'e\u0301.mp4',
    '🎬 film.mp4',
    '~',
    '#.m3u8',
  ],
  `${'n'.repeat(251)}.mp4`,
]

/** The name in `filename*` of a Content-Disposition (RFC 8187), which browsers prefer. */
const nameIn = (disposition: string | null): string =>
  decodeURIComponent(/filename\*=UTF-8''([^;]+)/.exec(disposition ?? '')?.[1] ?? '')

/** What a file is called on the disk of whoever saves it: no line breaks, no slashes. */
const saved = (name: string): string => name.replace(/[\n\t\\]/g, '_')

it('S50: each is indexed, shared, played and downloaded under its own name', async () => {
  const folder = join(matinee.folder, 'names')
  mkdirSync(folder)
  for (const name of NAMES) copyFileSync(testMedia('h264-silent.mp4'), join(folder, name))
  // No UTF-8, so that no program that speaks JSON can name it.
  const nameless = Buffer.concat([
    Buffer.from(`${folder}/film-`),
    Buffer.from([0xff, 0xfe, 0x2e, 0x6d, 0x70, 0x34]),
  ])
  copyFileSync(testMedia('h264-silent.mp4'), nameless)

  const { json: added } = await matinee.v1('POST', '/folders', { body: { path: folder } })
  const read = async (): Promise<Folder> =>
    (await matinee.v1('GET', `/folders/${added.id}`)).json as unknown as Folder
  await expect
    .poll(read, { timeout: 60_000 })
    .toMatchObject({ status: 'ready', pending_count: 0, unreadable_count: 1 })
  const listed = (await matinee.v1('GET', `/files?folder_id=${added.id}&limit=100`)).json
  const files = (listed as unknown as ListOf<File>).data
  // Those without an ending of media are not looked for in a folder.
  const inFolder = NAMES.filter((it) => it.endsWith('.mp4'))
  expect(files.map((it) => it.filename).sort()).toEqual(inFolder.sort())

  const bytes = readFileSync(testMedia('h264-silent.mp4'))
  for (const name of NAMES) {
    const { status, text, json } = await matinee.v1('POST', '/files', { body: { path: join(folder, name) } })
    expect(status, text).toBe(200)
    await expect
      .poll(async () => (await matinee.v1('GET', `/files/${json.id}`)).json.status, { timeout: 60_000 })
      .toBe('completed')
    const share = await matinee.share(json.id)
    const playback = (await (await fetch(matinee.at(`/share/${share.id}/playback`))).json()) as Playback
    const stream = await fetch(matinee.stream(share.id, '0/0.m4s'))
    expect([stream.status, stream.headers.get('content-type')], name).toEqual([200, 'video/mp4'])
    const download = await fetch(matinee.at(playback.download_url ?? ''))
    expect(Buffer.from(await download.arrayBuffer()).equals(bytes), name).toBe(true)
    expect(nameIn(download.headers.get('content-disposition')), name).toBe(saved(name))
    expect((await fetch(matinee.at(`/share/${share.id}`))).status, name).toBe(200)
  }
  // One shell on the way, and this would be there.
  expect(['pwn', join(folder, 'pwn')].filter((it) => existsSync(it))).toEqual([])
})
