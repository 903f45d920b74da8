import { setTimeout as wait } from 'node:timers/promises'
import type { File } from '../../shared/api/file.ts'
import type { FileSegment, Segmentation } from '../../shared/api/segment.ts'
import type { Playback, Share } from '../../shared/api/share.ts'

/** Where a Matinee answers, and the key to its API. */
export type Listeners = { apiUrl: string; shareUrl: string; key: string }

/** What came of one request: status 0 when there was no whole answer. */
export type Opened = { url: string; status: number; type: string; bytes: Buffer }

/** Time for one answer, in ms: a clip may be made for it first. */
const ANSWER_MS = 60_000

/** Time for a file to be read, or a share to be prepared, in ms. */
const SETTLE_MS = 120_000

/** Time between two looks, in ms. */
const LOOK_EVERY_MS = 25

/** Pieces of one playlist that are asked for: those at its beginning, and its last. */
const FIRST_PIECES = 3

type Settling = { status: string }
const isSettled = ({ status }: Settling): boolean => status === 'completed' || status === 'failed'

/** A client of one Matinee that writes down every answer. */
export interface Opener {
  readonly opened: readonly Opened[]
  /** Registers a file and waits until it was read; undefined when it was refused. */
  add(path: string): Promise<File | undefined>
  /**
   * Asks for everything that can be made of a file: pictures, shots, the owner's preview, a share of all of it and one
   * of a part, their pages, streams and downloads. Refusals are answers too.
   */
  openAll(file: File): Promise<void>
  /** Asks for the owner's preview of a file, and for that of a part of it where `exactly`. */
  openPreview(file: File, exactly: boolean): Promise<void>
}

/** Makes the client. Its calls throw an error only when something stays as it is for too long. */
export function createOpener({ apiUrl, shareUrl, key }: Listeners): Opener {
  const opened: Opened[] = []

  const get = async (url: string, method = 'GET', body?: object): Promise<Opened> => {
    const answer: Opened = { url: `${method} ${url}`, status: 0, type: '', bytes: Buffer.alloc(0) }
    opened.push(answer)
    try {
      const response = await fetch(url, {
        method,
        headers: {
          ...(url.startsWith(apiUrl) ? { authorization: `Bearer ${key}` } : {}),
          ...(body ? { 'content-type': 'application/json' } : {}),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
        signal: AbortSignal.timeout(ANSWER_MS),
      })
      answer.type = response.headers.get('content-type') ?? ''
      answer.bytes = Buffer.from(await response.arrayBuffer())
      answer.status = response.status
    } catch {
      // No whole answer came: whoever looks through them finds status 0.
    }
    return answer
  }

  const v1 = async <T>(method: string, path: string, body?: object): Promise<T | undefined> =>
    parsed(await get(`${apiUrl}/v1${path}`, method, body)) as T | undefined

  const settled = async <T extends Settling>(path: string, first: T): Promise<T> => {
    const untilMs = Date.now() + SETTLE_MS
    let it: T | undefined = first
    while (!isSettled(it)) {
      if (Date.now() > untilMs) throw new Error(`${path} stays ${it.status}`)
      await wait(LOOK_EVERY_MS)
      it = await v1<T>('GET', path)
      if (!it) throw new Error(`${path} is gone`)
    }
    return it
  }

  /** Opens a playlist, those it names, and some of the pieces of each. */
  const openPlaylist = async (url: string): Promise<void> => {
    const { bytes, status, type } = await get(url)
    if (status !== 200 || !type.includes('mpegurl')) return
    const lines = bytes.toString('utf8').split('\n')
    const named = lines.flatMap((it) => /[:,]URI="([^"]+)"/.exec(it)?.[1] ?? [])
    const pieces = lines.filter((it) => it !== '' && !it.startsWith('#'))
    const some = pieces.filter((_, at) => at < FIRST_PIECES || at === pieces.length - 1)
    for (const it of new Set([...named, ...some])) {
      const next = new URL(it, url)
      await (next.pathname.endsWith('.m3u8') ? openPlaylist(next.href) : get(next.href))
    }
  }

  const openPreview = async (file: File, exactly: boolean): Promise<void> => {
    const preview = `${apiUrl}/v1/files/${file.id}/stream/main.m3u8`
    await openPlaylist(preview)
    const part = partOf(file)
    if (exactly) await openPlaylist(`${preview}?start=${part.start_time}&end=${part.end_time}`)
  }

  const openShare = async (body: object): Promise<void> => {
    const share = await v1<Share>('POST', '/share', body)
    if (!share) return
    await settled(`/share/${share.id}`, share)
    for (const query of ['', '?layout=minimal']) await get(`${shareUrl}/share/${share.id}${query}`)
    await get(`${shareUrl}/oembed?url=${encodeURIComponent(share.share_url)}`)
    await get(`${shareUrl}/poster/${share.id}.jpg?size=card`)
    const playback = parsed(await get(`${shareUrl}/share/${share.id}/playback`)) as Playback | undefined
    for (const [name, path] of Object.entries(playback ?? {})) {
      if (!name.endsWith('_url') || typeof path !== 'string') continue
      const { href } = new URL(path, shareUrl)
      await (name === 'stream_url' ? openPlaylist(href) : get(href))
    }
  }

  return {
    opened,
    async add(path) {
      const file = await v1<File>('POST', '/files', { path })
      return file && settled(`/files/${file.id}`, file)
    },
    openPreview,
    async openAll(file) {
      const { id } = file
      const part = partOf(file)
      await get(`${apiUrl}/v1/files/${id}/content`)
      await get(`${apiUrl}/v1/files/${id}/thumbnails/poster.jpg`)
      await openPreview(file, true)
      const segment = await v1<FileSegment>('POST', `/files/${id}/segments`, part)
      if (segment?.thumbnail_url) await get(segment.thumbnail_url)
      const shots = await v1<Segmentation>('POST', `/files/${id}/segmentations`, {
        ...{ strategy: 'shot-detector', shot_detector_config: { detector: 'content' } },
      })
      if (shots) await settled(`/segmentations/${shots.id}`, shots)
      await openShare({ file_id: id })
      if (segment) await openShare({ file_id: id, file_segment_id: segment.id })
    },
  }
}

/** A part in the middle of a file. */
function partOf({ media_info: { duration_seconds: durationS } }: File) {
  return { start_time: (durationS ?? 1) * 0.3, end_time: (durationS ?? 1) * 0.6 }
}

/** The body of an answer that went well. */
function parsed({ status, type, bytes }: Opened): unknown {
  return status === 200 && type.startsWith('application/json')
    ? JSON.parse(bytes.toString('utf8'))
    : undefined
}
