import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { playableByFfmpeg } from '../../src/main/streaming/testing.ts'
import type { Tools } from '../../src/main/media/tools.ts'

/** A stream as ffmpeg is given it, and what its playlists say. */
export type ClientStream = {
  /** For ffmpeg's `-i`, with these options before it. */
  input: string
  before: readonly string[]
  /** Pixels as the main playlist tells them; null for sound alone. */
  size: readonly [number, number] | null
  /** The sum of its segments, in seconds. */
  lengthS: number
}

/**
 * Reads the main playlist at `url` and leaves in it the best variant alone: ffmpeg opens every one that there is, which
 * would have Matinee make pictures that nobody looks at. `dir` takes the playlist; its name begins with `name`.
 */
export async function openStream(
  tools: Tools,
  url: string,
  dir: string,
  name: string,
): Promise<ClientStream> {
  const lines = (await read(url)).trim().split('\n')
  const variants = lines.flatMap((line, at) =>
    line.startsWith('#EXT-X-STREAM-INF:')
      ? [{ line, uri: lines[at + 1] ?? '', bandwidth: Number(/BANDWIDTH=(\d+)/.exec(line)?.[1]) }]
      : [],
  )
  const best = variants.reduce((one, other) => (other.bandwidth > one.bandwidth ? other : one))
  const absolute = (line: string): string =>
    line.replace(/URI="([^"]+)"/, (_, uri: string) => `URI="${new URL(uri, url).href}"`)
  const others = new Set(variants.filter((it) => it !== best).flatMap(({ line, uri }) => [line, uri]))
  const one = lines
    .filter((line) => !others.has(line))
    .map((line) => (line.startsWith('#') ? absolute(line) : new URL(line, url).href))
  const file = join(dir, `${name}.m3u8`)
  await writeFile(file, `${one.join('\n')}\n`)

  const media = await read(new URL(best.uri, url).href)
  const [, width, height] = /RESOLUTION=(\d+)x(\d+)/.exec(best.line) ?? []
  return {
    input: tools.ffmpeg.outdated ? await playableByFfmpeg(tools, url, dir) : file,
    before: tools.ffmpeg.outdated ? [] : ['-protocol_whitelist', 'file,http,tcp,crypto'],
    size: width === undefined ? null : [Number(width), Number(height)],
    lengthS: Array.from(media.matchAll(/#EXTINF:([\d.]+)/g)).reduce((sum, it) => sum + Number(it[1]), 0),
  }
}

async function read(url: string): Promise<string> {
  const answer = await fetch(url)
  if (!answer.ok) throw new Error(`${new URL(url).pathname} answers ${answer.status}`)
  return answer.text()
}
