import { createLru } from '../base/lru.ts'
import type { CanDecode } from '../media/decoding.ts'
import type { Playable } from '../media/playable.ts'
import type { ClipPackager, WindowPlayable } from './clips/clip-packager.ts'

/** Decides how a part of a file is streamed. */
export interface WindowRoutes {
  /**
   * The playable itself, or the same to be converted: a window whose picture cannot be cut to the frame is encoded
   * whole. Throws AppError `bad_request` when nothing lies in the window.
   */
  of(playable: Playable): Promise<Playable>
  /** Has a window converted from now on: cutting it has turned out not to be exact. */
  convert(playable: Playable): Playable
}

/** Decisions remembered; each has looked at the ends of a window. */
const MAX_ROUTES = 256

/** Makes the decision. */
export function createWindowRoutes({
  clips,
  canDecode,
}: {
  clips: Pick<ClipPackager, 'isReady' | 'cost'>
  canDecode: CanDecode
}): WindowRoutes {
  const routes = createLru<Promise<Playable['packager']>>({ max: MAX_ROUTES })
  const never = new AbortController().signal

  const decide = async (playable: WindowPlayable): Promise<Playable['packager']> =>
    (await clips.cost(playable, never)).exact ? playable.packager : 'transcode'

  return {
    async of(playable) {
      const { window, media, packager } = playable
      if (!window || packager === 'transcode' || !media.video || !canDecode(media.video.codec))
        return playable
      // Nobody can look into what is not packaged yet.
      if (!(await clips.isReady(playable))) return playable
      const key = keyOf(playable)
      const route = routes.get(key) ?? decide({ ...playable, window })
      routes.set(key, route)
      route.catch(() => routes.delete(key))
      return { ...playable, packager: await route }
    },
    convert(playable) {
      routes.set(keyOf(playable), Promise.resolve('transcode'))
      return { ...playable, packager: 'transcode' }
    },
  }
}

const keyOf = ({ fingerprint, packager, window }: Playable): string =>
  [fingerprint, packager, window?.startS, window?.endS].join('/')
