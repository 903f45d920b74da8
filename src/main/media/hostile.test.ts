import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { testMedia } from '../../../scripts/test-media.ts'
import { composeFfmpeg, ffprobe, runFfmpeg } from './ffmpeg.ts'
import { openInput } from './source.ts'
import { withDataElsewhere } from './testing-hostile.ts'
import { calm, readMedia, startCanary, temporaryDir } from './testing.ts'
import { createThumbnails } from './thumbnails.ts'
import { resolveTools } from './tools.ts'

const tools = await resolveTools(process.env)

/** What the lists' names suggest, and a reader of the list that takes nearly anything. */
const DEMUXERS = ['mov', 'mpegts', 'mp3']

/** Everything that any of our programs lets out of a file, were it forced past the sniffing. */
async function bytesOutOf(path: string): Promise<Buffer> {
  const out: Buffer[] = []
  for (const demuxer of DEMUXERS) {
    const output = { options: ['-c', 'copy', '-map', '0?', '-f', 'matroska'], target: '-' }
    const copied = runFfmpeg(tools, composeFfmpeg({ path, demuxer }, output), { timeoutMs: 60_000 })
    out.push(await copied.catch(() => Buffer.alloc(0)))
    const probed = ffprobe(tools, { path, demuxer }, calm)
    out.push(Buffer.from(await probed.then(JSON.stringify, () => '')))
  }
  return Buffer.concat(out)
}

/** True when one of many pieces of the film is in there; few of them lie across two packets, which a copy takes apart. */
function holdsPieceOf(film: string, out: Buffer): boolean {
  const bytes = readFileSync(film)
  const places = Array.from({ length: 50 }, (_, i) => Math.floor((bytes.length * (i + 25)) / 100))
  return places.some((at) => out.includes(bytes.subarray(at, at + 24)))
}

/** True when the input finds a track in the file. */
async function hasTracks(path: string): Promise<boolean> {
  const input = openInput(path)
  try {
    return (await input.getTracks()).length > 0
  } catch {
    return false
  } finally {
    input.dispose()
  }
}

describe('lists of files under a film’s name', () => {
  const secret = 'h264-aac-gop2.mp4'
  const LISTS: [id: string, what: string, text: (dir: string) => string][] = [
    [
      'S46',
      'an HLS playlist of a sibling',
      () => `#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n${secret}\n#EXT-X-ENDLIST\n`,
    ],
    [
      'S46',
      'an HLS playlist of a file: URL',
      (dir) => `#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile://${dir}/${secret}\n#EXT-X-ENDLIST\n`,
    ],
    ['S46', 'a multivariant playlist', () => '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nother.m3u8\n'],
    ['S47', 'an ffconcat list', () => `ffconcat version 1.0\nfile ${secret}\n`],
    ['S47', 'an ffconcat list with a path', (dir) => `ffconcat version 1.0\nfile '${dir}/${secret}'\n`],
  ]

  test.each(LISTS)(
    '%s: %s is refused, and forced past that gives no byte of the other file',
    async (_id, _what, text) => {
      const dir = temporaryDir()
      copyFileSync(testMedia(secret), join(dir, secret))
      const path = join(dir, 'film.mp4')
      writeFileSync(path, text(dir))
      await expect(readMedia(path, tools)).rejects.toThrow(/playlist|list of files/)

      const out = await bytesOutOf(path)
      expect(holdsPieceOf(testMedia(secret), out)).toBe(false)
      expect(out.includes('h264')).toBe(false)
    },
  )

  test('S46: what is looked for there is what a copy of the film itself gives out', async () => {
    const out = await bytesOutOf(testMedia(secret))
    expect(holdsPieceOf(testMedia(secret), out)).toBe(true)
    expect(out.includes('h264')).toBe(true)
  })

  test('S48: mediabunny finds no track in a list, though the film beside it is there', async () => {
    const dir = temporaryDir()
    copyFileSync(testMedia(secret), join(dir, secret))
    for (const name of ['playlist.mp4', 'concat.mp4']) {
      copyFileSync(testMedia(name), join(dir, name))
      expect(await hasTracks(join(dir, name)), name).toBe(false)
    }
    expect(await hasTracks(join(dir, secret))).toBe(true)
  })
})

test('S49: nothing in a file makes a call: playlists, manifests, descriptions, lists, and an MP4 whose data is elsewhere', async () => {
  const dir = temporaryDir()
  const { url, hits } = await startCanary()
  const port = new URL(url).port
  const files: Record<string, string | Buffer> = {
    'hls.mp4': `#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXT-X-KEY:METHOD=AES-128,URI="${url}/key"\n#EXTINF:10,\n${url}/hls.ts\n#EXT-X-ENDLIST\n`,
    'dash.mp4': `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT9S"><Period><AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1"><BaseURL>${url}/dash.mp4</BaseURL></Representation></AdaptationSet></Period></MPD>`,
    'sdp.mp4': `v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video ${port} RTP/AVP 96\na=rtpmap:96 H264/90000\n`,
    'concat.mp4': `ffconcat version 1.0\nfile ${url}/concat.mp4\n`,
    'dref.mp4': withDataElsewhere(readFileSync(testMedia('h264-silent.mp4')), `${url}/dref.mp4`),
  }
  for (const [name, content] of Object.entries(files)) {
    const path = join(dir, name)
    writeFileSync(path, content)
    const media = await readMedia(path, tools).catch(() => undefined)
    // The one that is an MP4 is read: whoever follows its names would call.
    expect(media !== undefined, name).toBe(name === 'dref.mp4')
    if (media) {
      const thumbnails = createThumbnails({ tools, dir: join(dir, 'cache') })
      await thumbnails.make({ fingerprint: name, path, media }, calm).catch(() => false)
    }
    await bytesOutOf(path)
    await hasTracks(path)
  }
  expect(hits).toEqual([])
  await fetch(`${url}/control`)
  expect(hits).toEqual(['/control'])
})

describe('S50: odd file names', () => {
  const NAMES = [
    ...[
      '-y',
      '-version',
      'a:b',
      'http:x',
      'concat:a|b',
      '%d%s',
      '%03d',
      `quo'te"`,
      'new\nline',
      '$(touch pwn)',
    ],
    ...[
      'back\\slash',
      'é',
      'e\u0301',
      ' leading and trailing ',
      '\u202efdp',
      '🎬 film',
      '*?[a]',
      '{1..3}',
      '-',
    ],
  ]
  const longest = (extension: string): string => 'x'.repeat(255 - extension.length)

  test('each is read in process under its own name', async () => {
    const dir = temporaryDir()
    for (const name of [...NAMES, longest('.mp4')]) {
      const path = join(dir, `${name}.mp4`)
      copyFileSync(testMedia('h264-silent.mp4'), path)
      expect((await readMedia(path, tools)).video, name).toMatchObject({ codec: 'avc', width: 320 })
    }
  })

  test('each is read by ffprobe, and has a poster by ffmpeg, under its own name', async () => {
    const dir = temporaryDir()
    const thumbnails = createThumbnails({ tools, dir: join(dir, 'cache') })
    for (const [number, name] of [...NAMES, longest('.flv')].entries()) {
      const path = join(dir, `${name}.flv`)
      copyFileSync(testMedia('h264-aac.flv'), path)
      const media = await readMedia(path, tools)
      expect(media, name).toMatchObject({ reader: 'ffprobe', video: { codec: 'avc', width: 320 } })
      expect(await thumbnails.make({ fingerprint: String(number), path, media }, calm), name).toBe(true)
    }
    // One shell in between, and this would be there.
    expect(() => readFileSync('pwn')).toThrow('ENOENT')
  })

  test('a name that is no UTF-8 is a clear error', async () => {
    const dir = temporaryDir()
    const path = Buffer.concat([Buffer.from(`${dir}/film-`), Buffer.from([0xff, 0xfe]), Buffer.from('.mp4')])
    copyFileSync(testMedia('h264-aac-gop2.mp4'), path)
    await expect(readMedia(path.toString('utf8'), tools)).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
