import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Playable } from '../media/playable.ts'
import type { SegmentFormat, StreamBody } from '../streaming/packager.ts'
import type { Streams } from '../streaming/streams.ts'
import { clientSignal } from './client-signal.ts'
import { isFresh } from './conditional.ts'
import type { Sender } from './send-file.ts'
import type { StreamResource } from './stream-resource.ts'
import { withQuery } from './window-query.ts'

/** RFC 8216 section 4. */
export const PLAYLIST_TYPE = 'application/vnd.apple.mpegurl'
/** Of init and media segments in fMP4: what RFC 8216 section 3.3 and every player take. */
export const SEGMENT_TYPE = 'video/mp4'
/** Of Packed Audio made of MP3 frames (section 3.4). */
const PACKED_TYPE = 'audio/mpeg'

/** Goes up when the same source comes out as other bytes: what caches hold of older ones does not match then. */
const FORMAT = 3

/**
 * Answers with one resource of a playable's stream, made now if need be. `query` is what the addresses in its playlists
 * carry.
 */
export async function sendStream(
  request: FastifyRequest,
  reply: FastifyReply,
  { streams, sender }: { streams: Streams; sender: Sender },
  playable: Playable,
  resource: StreamResource,
  query?: string,
): Promise<void> {
  const { fingerprint, packager, window } = playable
  const part = window ? [window.startS, window.endS] : []
  const etag = etagOf([fingerprint, packager, FORMAT, ...part, ...Object.values(resource)])
  const asked = (playlist: string): string => (query ? withQuery(playlist, query) : playlist)
  switch (resource.kind) {
    case 'main':
      sendPlaylist(request, reply, asked(await streams.mainPlaylist(playable)))
      return
    case 'media':
      sendPlaylist(request, reply, asked(await streams.mediaPlaylist(playable, resource.rendition)))
      return
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

function sendPlaylist(request: FastifyRequest, reply: FastifyReply, text: string): void {
  const etag = etagOf([text])
  void reply.header('etag', etag)
  if (isFresh(request.headers, { etag })) void reply.code(304).send()
  else void reply.type(PLAYLIST_TYPE).send(text)
}

/** A hash, so that the tag tells nothing of the file it stands for. */
const etagOf = (parts: readonly (string | number)[]): string =>
  `"${createHash('sha256').update(parts.join('/')).digest('base64url').slice(0, 22)}"`
