import type { FastifyReply, FastifyRequest } from 'fastify'
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
 * Answers with what is around the picture of a playable. `query` is what addresses in it carry. Throws AppError
 * `not_found` where there is none, or none yet.
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
    case 'storyboard':
      sendText(request, reply, await around.storyboard(playable, query), SUBTITLE_TYPE)
      return
    case 'sheet': {
      const bytes = await around.storyboardSheet(playable, resource.sheet)
      const { fingerprint, window } = playable
      const etag = etagOf([fingerprint, window?.startS ?? '', window?.endS ?? '', 'sheet', resource.sheet])
      sender.bytes(request, reply, bytes, 'image/jpeg', etag)
      return
    }
    case 'waveform': {
      const { durationS, peaks } = await around.waveform(playable)
      const answer: WaveformAnswer = { duration_seconds: durationS, peaks }
      sendText(request, reply, JSON.stringify(answer), 'application/json; charset=utf-8')
      return
    }
  }
}
