import { Agent, get } from 'node:http'
import type { Share } from '../src/shared/api/share.ts'
import type { RunningEngine } from '../e2e/engine.ts'

/** What a player knows of a stream once it has read the playlists. */
export type OpenedStream = { init: string; segments: string[] }

/** One connection that stays open, as a player has it. */
const agent = new Agent({ keepAlive: true })

/**
 * The bytes at `url`. Throws when the answer is no success. Not by `fetch`: its streams cost this process more than the
 * engine needs for a segment, and they are not what is measured.
 */
export function fetchBytes(url: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.once('error', reject)
      answer.once('end', () => {
        const body = Buffer.concat(chunks)
        if (answer.statusCode === 200) resolve(body)
        else reject(new Error(`${url}: ${answer.statusCode ?? 0} ${body.toString()}`))
      })
    }).once('error', reject)
  })
}

/** Reads the multivariant playlist at `url` and the first media playlist in it, as a player does. */
export async function openStream(url: string): Promise<OpenedStream> {
  const main = await fetchText(url)
  return openMedia(new URL(urisOf(main)[0] ?? '', url))
}

/** The same, and the first rendition of sound; null where it is in the picture's. */
export async function openWithSound(
  url: string,
): Promise<{ picture: OpenedStream; sound: OpenedStream | null }> {
  const main = await fetchText(url)
  const sound = /#EXT-X-MEDIA:TYPE=AUDIO[^\n]*URI="([^"]+)"/.exec(main)?.[1]
  return {
    picture: await openMedia(new URL(urisOf(main)[0] ?? '', url)),
    sound: sound === undefined ? null : await openMedia(new URL(sound, url)),
  }
}

async function openMedia(media: URL): Promise<OpenedStream> {
  const playlist = await fetchText(media.href)
  const init = /#EXT-X-MAP:URI="([^"]+)"/.exec(playlist)?.[1]
  if (init === undefined) throw new Error(`no EXT-X-MAP in ${media.href}`)
  return {
    init: new URL(init, media).href,
    segments: urisOf(playlist).map((it) => new URL(it, media).href),
  }
}

/** Shares a file and waits until it plays; returns the share. */
export async function shareAndWait(
  engine: RunningEngine,
  fileId: string,
): Promise<Share & { stream_url: string }> {
  let share = await engine.call<Share>('POST', '/share', { file_id: fileId })
  while (share.status !== 'completed') {
    if (share.status === 'failed') throw new Error(`the share failed: ${share.failure?.message ?? ''}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
    share = await engine.call<Share>('GET', `/share/${share.id}`)
  }
  const { stream_url } = share
  if (stream_url === undefined) throw new Error('a completed share has no stream_url')
  return { ...share, stream_url }
}

/** Reads all that a player reads before the first picture: playlists, init segment, first media segment. */
export async function receiveFirstSegment(streamUrl: string): Promise<void> {
  const { init, segments } = await openStream(streamUrl)
  await Promise.all([fetchBytes(init), fetchBytes(segments[0] ?? '')])
}

const fetchText = async (url: string): Promise<string> => (await fetchBytes(url)).toString()

const urisOf = (playlist: string): string[] =>
  playlist.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
