import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { MediaInfo } from '../../shared/media.ts'
import { readHead } from './head.ts'
import { probe } from './probe.ts'
import { isMedia, sniff } from './sniff.ts'
import { resolveTools, type Tools } from './tools.ts'

/** A signal that nobody raises. */
export const calm: AbortSignal = new AbortController().signal

const require = createRequire(import.meta.url)
const pathOf = (id: string): string => (require(id) as { path: string }).path

/** The programs that come by npm alone (ffmpeg 4.1): what a machine without ffmpeg works with. */
export const oldTools = (): Promise<Tools> =>
  resolveTools({
    ...process.env,
    FFMPEG_PATH: pathOf('@ffmpeg-installer/ffmpeg'),
    FFPROBE_PATH: pathOf('@ffprobe-installer/ffprobe'),
  })

/** A folder that goes with the test that asked for it. */
export function temporaryDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'matinee-media-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** Reads a file the way the library does: head, sniffing, probing. Throws where sniffing says no. */
export async function readMedia(path: string, tools: Pick<Tools, 'ffprobe'>): Promise<MediaInfo> {
  const sniffed = sniff(await readHead(path))
  if (!isMedia(sniffed)) throw new Error(sniffed.reason)
  return probe(path, sniffed, tools, calm)
}

/** An HTTP server on 127.0.0.1 that nobody should call: `hits` are the paths that somebody did. */
export async function startCanary(): Promise<{ url: string; hits: string[] }> {
  const hits: string[] = []
  const server = createServer((request, response) => {
    hits.push(request.url ?? '')
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, hits }
}
