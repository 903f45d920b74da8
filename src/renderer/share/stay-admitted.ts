import type { Playback } from '../../shared/api/share.ts'
import type { ShareFacts } from '../../shared/share-facts.ts'
import type { Player } from '../player/player.ts'

/** How often a page that plays asks whether it still may, in ms: whoever is shut out stops within a second. */
const ASK_EVERY_MS = 1_000
/** One that stands still asks each so many times. */
const STANDING_ASKS = 15
/**
 * New addresses are fetched this often, in ms: long before the old ones end, after 12 h, and by the clock of this page
 * alone, which may be wrong about the hour but not about how long it has been.
 */
const RENEW_EVERY_MS = 10 * 60_000
/** Answers that say the viewer may not see it any more, or that it is gone. */
const SHUT: readonly number[] = [401, 403, 404, 410]

/**
 * Keeps a page playing that is not for everyone, as long as its viewer may see it: gets new addresses before the old ones
 * end, and loads the page again, which says why, when there are none to be had. Returns the call that looks right now.
 */
export function stayAdmitted(
  { id, clip }: Pick<ShareFacts, 'id' | 'clip'>,
  player: Pick<Player, 'media' | 'renew'>,
  onRenewed: (playback: Playback) => void,
): () => Promise<void> {
  const query = clip ? `?clip_start=${clip.startS}&clip_end=${clip.endS}` : ''
  const address = `/share/${id}/playback${query}`
  let renewedAt = Date.now()
  let turns = 0

  const shutOut = (): void => {
    player.media.pause()
    location.reload()
  }
  /** A server that cannot be reached says nothing about admission. */
  const ask = (method: 'GET' | 'HEAD'): Promise<Response | null> =>
    fetch(address, { method, cache: 'no-store' }).catch(() => null)
  const renew = async (): Promise<void> => {
    const answer = await ask('GET')
    if (answer && SHUT.includes(answer.status)) shutOut()
    if (!answer?.ok) return
    const playback = (await answer.json()) as Playback
    renewedAt = Date.now()
    if (playback.stream_url !== undefined) player.renew(playback.stream_url)
    onRenewed(playback)
  }
  const turn = async (): Promise<void> => {
    turns += 1
    if (Date.now() - renewedAt >= RENEW_EVERY_MS) await renew()
    else if (!player.media.paused || turns % STANDING_ASKS === 0) {
      const answer = await ask('HEAD')
      if (answer && SHUT.includes(answer.status)) shutOut()
    }
  }
  const goOn = (): void => void setTimeout(() => void turn().finally(goOn), ASK_EVERY_MS)
  goOn()
  return renew
}
