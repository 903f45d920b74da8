import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Waveform as WaveformAnswer } from '../../shared/api/share.ts'
import { AppError } from '../base/errors.ts'
import type { Playable } from '../media/playable.ts'
import type { Around } from '../streaming/around.ts'
import { subtitlePlaylist } from '../streaming/playlist.ts'
import { clientSignal } from './client-signal.ts'
import type { Sender } from './send-file.ts'
import { etagOf, PLAYLIST_TYPE, SUBTITLE_TYPE, sendText } from './send-text.ts'
import type { StreamResource } from './stream-resource.ts'
import { withQuery } from './window-query.ts'

/** What of a stream is neither picture nor sound. */
export type AroundResource = Extract<
  StreamResource,
  { kind: 'subtitle-list' | 'subtitle' | 'storyboard' | 'sheet' | 'waveform' }
>

/**
 * Answers with what is around the picture of a playable, or 202 while it is made. `query` is what addresses in it carry.
 * Throws AppError `not_found` where there is none.
 */
export async function sendAround(
  request: FastifyRequest,
  reply: FastifyReply,
  { around, sender }: { around: Around; sender: Sender },
  playable: Playable,
  resource: AroundResource,
  query?: string,
): Promise<void> {
  switch (resource.kind) {
    case 'subtitle-list': {
      const { media, window } = playable
      const found = (await around.subtitles(playable))[resource.subtitle]
      if (!found?.isText) throw new AppError('not_found', 'There are no such subtitles.')
      const list = subtitlePlaylist(window ? window.endS - window.startS : media.durationS)
      sendText(request, reply, query ? withQuery(list, query) : list, PLAYLIST_TYPE)
      return
    }
    case 'subtitle': {
      const text = await around.subtitleText(playable, resource.subtitle, clientSignal(reply))
      sendText(request, reply, text, SUBTITLE_TYPE)
      return
    }
    case 'storyboard': {
      const text = await around.storyboard(playable, query)
      if (text === undefined) sendNotYet(reply)
      else sendText(request, reply, text, SUBTITLE_TYPE)
      return
    }
    case 'sheet': {
      const bytes = await around.storyboardSheet(playable, resource.sheet)
      const { fingerprint, window } = playable
      const etag = etagOf([fingerprint, window?.startS ?? '', window?.endS ?? '', 'sheet', resource.sheet])
      sender.bytes(request, reply, bytes, 'image/jpeg', etag)
      return
    }
    case 'waveform': {
      const waveform = await around.waveform(playable)
      if (!waveform) {
        sendNotYet(reply)
        return
      }
      const { durationS, peaks } = waveform
      const answer: WaveformAnswer = { duration_seconds: durationS, peaks }
      sendText(request, reply, JSON.stringify(answer), 'application/json; charset=utf-8')
      return
    }
  }
}

/** How it stands in the API document. */
export const NOT_YET = { 202: Type.Null({ description: 'It is being made: ask again after a moment.' }) }

/** Accepted and under way (RFC 9110 section 15.3.3). A 404 would stand in red in the console of every viewer. */
function sendNotYet(reply: FastifyReply): void {
  void reply.code(202).header('cache-control', 'no-store').header('retry-after', '2').send()
}
