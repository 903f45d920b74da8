import { expect, test } from 'vitest'
import type { MediaInfo } from '../../shared/media.ts'
import { checkCuttable } from './clip.ts'

const withPicture = (codec: string): MediaInfo => ({ video: { codec } }) as MediaInfo

test('parts are shared of H.264, of sound alone, and of what is not read yet; nothing else can be cut to the frame', () => {
  expect(() => checkCuttable(withPicture('avc'))).not.toThrow()
  expect(() => checkCuttable({ video: null } as MediaInfo)).not.toThrow()
  expect(() => checkCuttable(null)).not.toThrow()
  for (const codec of ['vp9', 'av1', 'hevc']) {
    expect(() => checkCuttable(withPicture(codec))).toThrow(
      expect.objectContaining({ code: 'unsupported_media' }),
    )
  }
})
