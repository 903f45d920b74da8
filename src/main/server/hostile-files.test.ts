import { randomUUID } from 'node:crypto'
import { copyFileSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hasTestMedia, testMedia } from '../../../scripts/test-media.ts'
import type { ListOf } from '../../shared/api/common.ts'
import type { File } from '../../shared/api/file.ts'
import { startCanary } from '../media/testing.ts'
import { withCover, withDataElsewhere, withSubtitle } from '../media/testing-hostile.ts'
import { failure, startTestMatinee, type TestMatinee } from './testing.ts'
import { createOpener, type Opened } from './testing-opener.ts'

let matinee: TestMatinee
/** Stands in the neighbour of every hostile file, and must stand in nothing that Matinee makes or gives. */
const SECRET = `canary-${randomUUID()}`
beforeAll(async () => {
  matinee = await startTestMatinee()
  writeFileSync(join(matinee.folder, 'secret.txt'), `${SECRET}\n`.repeat(20_000))
})
afterAll(() => matinee.stop())

const openerOf = () => createOpener({ apiUrl: matinee.api, shareUrl: matinee.shareBase, key: matinee.key })

/** Where the canary stands of all that was answered and kept; the log tells names, never content. */
function placesOfSecret(opened: readonly Opened[]): string[] {
  const answers = opened.filter((it) => it.bytes.includes(SECRET)).map((it) => it.url)
  const data = join(matinee.folder, 'data')
  const files = globSync('**/*', { cwd: data }).map((it) => join(data, it))
  return [...answers, ...files.filter((it) => statSync(it).isFile() && readFileSync(it).includes(SECRET))]
}

describe('lists of other files under a film’s name', () => {
  it('S46, S47, S49: fail in a folder, each with its reason; no share is made, nothing read, nobody called', async () => {
    const { url, hits } = await startCanary()
    const folder = join(matinee.folder, 'lists')
    mkdirSync(folder)
    copyFileSync(testMedia('h264-aac-gop2.mp4'), join(folder, 'film.mp4'))
    const targets = {
      sibling: 'film.mp4',
      above: '../secret.txt',
      path: join(matinee.folder, 'secret.txt'),
      file: pathToFileURL(join(matinee.folder, 'secret.txt')).href,
      http: `${url}/x.ts`,
      crypto: `crypto+${url}/x.ts`,
      concat: `concat:film.mp4|../secret.txt`,
      subfile: `subfile,,start,0,end,0,,:film.mp4`,
      data: 'data:video/mp2t;base64,AAAA',
    }
    const lists: Record<string, (target: string) => string> = {
      hls: (it) =>
        `#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXT-X-MAP:URI="${it}"\n#EXTINF:9,\n${it}\n#EXT-X-ENDLIST\n`,
      master: (it) => `\ufeff\n#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n${it}\n`,
      key: (it) => `#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="${it}"\n#EXTINF:9,\nfilm.mp4\n#EXT-X-ENDLIST\n`,
      concat: (it) => `ffconcat version 1.0\nfile '${it}'\n`,
      dash: (it) =>
        `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><Period><BaseURL>${it}</BaseURL></Period></MPD>`,
      sdp: (it) => `v=0\no=- 0 0 IN IP4 127.0.0.1\ns=${it}\nt=0 0\nm=video 9 RTP/AVP 96\n`,
      smil: (it) => `<smil><body><video src="${it}"/></body></smil>`,
      asx: (it) => `<ASX version="3.0"><ENTRY><REF HREF="${it}"/></ENTRY></ASX>`,
      reference: (it) => `[Reference]\nRef1=${it}\n`,
      rtsp: (it) => `RTSPtext ${it}\n`,
    }
    let count = 0
    for (const [list, write] of Object.entries(lists)) {
      for (const [target, name] of Object.entries(targets)) {
        writeFileSync(join(folder, `${list}-${target}.${['mp4', 'mkv', 'avi'][count++ % 3]}`), write(name))
      }
    }
    const { json: added } = await matinee.v1('POST', '/folders', { body: { path: folder } })
    await expect
      .poll(async () => (await matinee.v1('GET', `/folders/${added.id}`)).json, { timeout: 30_000 })
      .toMatchObject({ status: 'ready', pending_count: 0 })

    const query = `/files?folder_id=${added.id}&limit=100&status=failed`
    const failed = (await matinee.v1('GET', query)).json as unknown as ListOf<File>
    expect(failed.total).toBe(count)
    const opener = openerOf()
    for (const [at, file] of failed.data.entries()) {
      expect(file.failure, file.filename).toMatchObject({ code: 'unsupported_media' })
      const share = await matinee.v1('POST', '/share', { body: { file_id: file.id } })
      expect([share.status, share.json], file.filename).toEqual([415, failure('unsupported_media')])
      if (at % 6 === 0) await opener.openAll(file)
    }
    const given = opener.opened.filter((it) => it.status === 200 && !it.url.endsWith('/content'))
    expect(given.map((it) => it.url)).toEqual([])
    expect(placesOfSecret(opener.opened.filter((it) => !it.url.endsWith('/content')))).toEqual([])
    expect(hits).toEqual([])
  })
})

describe('media that name other places', () => {
  const film = (name: string): Buffer => readFileSync(testMedia(name))
  const list = (url: string): string => `#EXTM3U\n#EXTINF:1,\n${url}\n#EXT-X-ENDLIST\n`
  const MEDIA: [name: string, from: string, make: (from: Buffer, url: string) => Buffer][] = [
    ['copied.mp4', 'h264-silent.mp4', withDataElsewhere],
    ['converted.mp4', 'hevc-aac.mp4', withDataElsewhere],
    ['subtitle.avi', 'mpeg4-mp3.avi', (it, url) => withSubtitle(it, list(url))],
    ['cover.mp3', 'mp3.mp3', (it, url) => withCover(it, Buffer.from(url), '-->')],
    ['list as cover.mp3', 'mp3.mp3', (it, url) => withCover(it, Buffer.from(list(url)), 'image/jpeg')],
  ]

  const TARGETS: [string, (url: string) => string][] = [
    ['an address', (url) => `${url}/x`],
    ['a path', () => pathToFileURL(join(matinee.folder, 'secret.txt')).href],
    ['a file beside them', () => 'secret.txt'],
  ]
  it.each(TARGETS)('S46, S49: naming %s are read and shown by their own bytes alone', async (_, targetOf) => {
    const { url, hits } = await startCanary()
    const opener = openerOf()
    const target = targetOf(url)
    for (const [name, from, make] of MEDIA.filter(([, it]) => hasTestMedia(it))) {
      const path = join(matinee.folder, `${target.replace(/\W/g, '').slice(0, 5)} ${name}`)
      writeFileSync(path, make(film(from), target))
      const file = await opener.add(path)
      expect(file?.status, path).toBe('completed')
      if (file) await opener.openAll(file)
    }
    expect(opener.opened.filter((it) => it.status === 0 || it.status === 500).map((it) => it.url)).toEqual([])
    // What is given out is the film itself, so the looking would find something.
    expect(opener.opened.filter((it) => it.status === 200 && /\.m4s|download/.test(it.url))).not.toEqual([])
    expect(placesOfSecret(opener.opened)).toEqual([])
    expect(hits).toEqual([])
  })
})
