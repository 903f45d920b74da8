import type { Playable } from '../media/playable.ts'

/** Half a frame at 60 pictures a second: a key this little before the start is the start. */
const TOLERANCE_S = 1 / 120

/**
 * A whole file whose edit list hides the pictures at its beginning is the window from there to its end: a stream that
 * copies them would show them, for a browser cannot decode without showing.
 */
export function withoutHiddenStart(playable: Playable): Playable {
  const { window, packager, media, index } = playable
  const [firstKeyS] = index.keyTimesS
  const isHidden = firstKeyS !== undefined && firstKeyS < index.startS - TOLERANCE_S
  if (window || packager !== 'remux' || media.video?.codec !== 'avc' || !isHidden) return playable
  return { ...playable, window: { startS: 0, endS: index.endS - index.startS } }
}
