import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../base/errors.ts'
import type { Log } from '../base/log.ts'
import type { Playable } from '../media/playable.ts'
import type { SegmentFormat, StreamBody } from '../streaming/packager.ts'
import type { Streams } from '../streaming/streams.ts'
import type { Around } from '../streaming/around.ts'
import { clientSignal } from './client-signal.ts'
import { isFresh } from './conditional.ts'
import { sendAround } from './send-around.ts'
import type { Sender } from './send-file.ts'
import type { StreamResource } from './stream-resource.ts'
import { etagOf, PLAYLIST_TYPE, sendText } from './send-text.ts'
import { withQuery } from './window-query.ts'

/** Of init and media segments in fMP4: what RFC 8216 section 3.3 and every player take. */
export const SEGMENT_TYPE = 'video/mp4'
/** Of Packed Audio made of MP3 frames (section 3.4). */
const PACKED_TYPE = 'audio/mpeg'

/** Goes up when the same source comes out as other bytes: what caches hold of older ones does not match then. */
const FORMAT = 3

/**
 * Sees to it that what is repacked once is: the folder of such files may be emptied at any time. Throws AppError `busy`
 * until it is there again.
 */
export async function assertPrepared(
  { streams, log }: { streams: Pick<Streams, 'opensNow' | 'prepare'>; log: Log },
  playable: Playable,
): Promise<void> {
  if (playable.packager !== 'packaged' || (await streams.opensNow(playable))) return
  streams
    .prepare(playable, new AbortController().signal, () => undefined)
    .catch((error: unknown) => {
      log.warn({ err: error }, 'a stream could not be prepared again')
    })
  throw new AppError('busy', 'This stream is being prepared. Try again in a moment.')
}

/**
 * Answers with one resource of a playable's stream, made now if need be. `query` is what the addresses in its playlists
 * carry.
 */
export async function sendStream(
  request: FastifyRequest,
  reply: FastifyReply,
  { streams, around, sender }: { streams: Streams; around: Around; sender: Sender },
  playable: Playable,
  resource: StreamResource,
  query?: string,
): Promise<void> {
  const { fingerprint, packager, window } = playable
  const part = window ? [window.startS, window.endS] : []
  const etag = etagOf([fingerprint, packager, FORMAT, ...part, ...Object.values(resource)])
  const asked = (playlist: string): string => (query ? withQuery(playlist, query) : playlist)
  switch (resource.kind) {
    case 'main': {
      const subtitles = (await around.subtitles(playable)).filter((it) => it.isText)
      sendText(request, reply, asked(await streams.mainPlaylist(playable, subtitles)), PLAYLIST_TYPE)
      return
    }
    case 'media':
      sendText(
        request,
        reply,
        asked(await streams.mediaPlaylist(playable, resource.rendition)),
        PLAYLIST_TYPE,
      )
      return
    case 'subtitle-list':
    case 'subtitle':
    case 'storyboard':
    case 'sheet':
    case 'waveform':
      return sendAround(request, reply, { around, sender }, playable, resource, query)
    case 'init':
      return sendBody(await streams.init(playable, resource.rendition), 'fmp4')
    case 'segment': {
      const { rendition, index, format } = resource
      // What the client has need not be made again to tell it so.
      if (isFresh(request.headers, { etag })) return void reply.code(304).header('etag', etag).send()
      return sendBody(
        await streams.segment(playable, rendition, { index, format }, clientSignal(reply)),
        format,
      )
    }
  }

  async function sendBody(body: StreamBody, format: SegmentFormat): Promise<void> {
    const type = format === 'mp3' ? PACKED_TYPE : SEGMENT_TYPE
    if (body instanceof Uint8Array) sender.bytes(request, reply, body, type, etag)
    else
      await sender.file(request, reply, {
        path: body.path,
        identity: { bytes: body.bytes },
        type,
        etag,
      })
  }
}
