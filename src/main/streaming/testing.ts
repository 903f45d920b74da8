import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { testMedia } from '../../../scripts/test-media.ts'
import { decodingOf } from '../media/decoding.ts'
import { readHead } from '../media/head.ts'
import type { Playable } from '../media/playable.ts'
import { probe } from '../media/probe.ts'
import { isMedia, sniff } from '../media/sniff.ts'
import { readIdentity } from '../media/source.ts'
import { resolveTools, type Tools } from '../media/tools.ts'
import { AppError } from '../base/errors.ts'
import { buildMediaIndex } from './keyframes.ts'
import { choosePackager, type PackagerChoice } from './packagers.ts'
import type { Streams } from './streams.ts'

/** A file as the library would hand it to streaming, and what was chosen for it. */
export type Read = { playable: Playable; choice: PackagerChoice }

let resolved: Promise<Tools> | undefined
/** The programs of this machine, looked for once. */
export const testTools = (): Promise<Tools> => (resolved ??= resolveTools(process.env))

/** Reads a file in the steps of the library's ingest. A refused one is given `remux`, to try it all the same. */
export async function readPlayable(path: string): Promise<Read> {
  const tools = await testTools()
  const { signal } = new AbortController()
  const sniffed = sniff(await readHead(path))
  if (!isMedia(sniffed)) throw new Error(sniffed.reason)
  const media = await probe(path, sniffed, tools, signal)
  const index = await buildMediaIndex({ path, media, tools }, signal)
  const choice = choosePackager(media, index, decodingOf(tools.decodable))
  const fingerprint = createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
    .slice(0, 24)
  const identity = await readIdentity(path)
  return {
    choice,
    playable: { fingerprint, path, identity, media, index, packager: choice.packager ?? 'remux' },
  }
}

/** Reads one of the shared test files. */
export const readTestMedia = (name: string): Promise<Read> => readPlayable(testMedia(name))

/** Serves streams at `/<number>/main.m3u8` and below, as the share listener does, for a client of the real world. */
export async function serveStreams(
  streams: Streams,
  playables: readonly Playable[],
): Promise<{ url: (index: number) => string; close: () => Promise<void> }> {
  const server: Server = createServer((request, response) => {
    const [, number, ...rest] = (request.url ?? '').split('/')
    const playable = playables[Number(number)]
    const gone = new AbortController()
    response.on('close', () => gone.abort(new Error('the client left')))
    answer(streams, playable, rest, gone.signal).then(
      ({ type, bytes }) => response.setHeader('content-type', type).end(bytes),
      (error: unknown) => {
        response.statusCode = error instanceof AppError ? error.status : 500
        response.end()
      },
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: (index) => `http://127.0.0.1:${port}/${index}/main.m3u8`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(
  streams: Streams,
  playable: Playable | undefined,
  [rendition = '', name]: string[],
  signal: AbortSignal,
): Promise<{ type: string; bytes: string | Uint8Array }> {
  if (!playable) throw new AppError('not_found', 'no such stream')
  const playlistType = 'application/vnd.apple.mpegurl'
  if (rendition === 'main.m3u8') return { type: playlistType, bytes: await streams.mainPlaylist(playable) }
  if (name === 'media.m3u8')
    return { type: playlistType, bytes: await streams.mediaPlaylist(playable, rendition) }
  const [index, extension] = (name ?? '').split('.')
  const format = extension === 'mp3' ? 'mp3' : 'fmp4'
  const body =
    name === 'init.mp4'
      ? await streams.init(playable, rendition)
      : await streams.segment(playable, rendition, { index: Number(index), format }, signal)
  const type = format === 'mp3' ? 'audio/mpeg' : 'video/mp4'
  return { type, bytes: body instanceof Uint8Array ? body : await readFile(body.path) }
}

/**
 * What ffmpeg is given to play the stream at `url`: the address itself. The old ffmpeg from npm (4.1) reads no packet
 * of any fMP4 playlist, not of one that ffmpeg made either; for it the playlist is walked here, and init and segments
 * are laid into one file of `dir`, as a player does in its buffer: those of the variant's playlist, or of `rendition`.
 */
export async function playableByFfmpeg(
  tools: Tools,
  url: string,
  dir: string,
  rendition?: string,
): Promise<string> {
  if (!tools.ffmpeg.outdated) return url
  const main = await (await fetch(url)).text()
  // The first is the largest picture.
  const ofVariant = main.split('\n').find((line) => line !== '' && !line.startsWith('#')) ?? ''
  const media = new URL(rendition === undefined ? ofVariant : `${rendition}/media.m3u8`, url)
  const playlist = await (await fetch(media)).text()
  const init = /#EXT-X-MAP:URI="([^"]+)"/.exec(playlist)?.[1]
  // Packed Audio it reads.
  if (init === undefined) return url
  const segments = playlist.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  const parts: Uint8Array[] = []
  for (const uri of [init, ...segments]) parts.push(await (await fetch(new URL(uri, media))).bytes())
  const file = join(dir, `${createHash('sha256').update(media.href).digest('hex').slice(0, 16)}.mp4`)
  await writeFile(file, Buffer.concat(parts))
  return file
}
