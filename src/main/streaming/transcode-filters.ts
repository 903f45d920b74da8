import type { Tools } from '../media/tools.ts'
import type { HdrTransfer } from './tone-curve.ts'
import type { SourceLook } from './source-look.ts'
import type { PicturePlan } from './transcode-plan.ts'

/** Of a table for `lut3d`; ffmpeg finds it in the folder it is run in, so that no path has to be escaped. Its number goes up with the curve's. */
export const toneTableName = (transfer: HdrTransfer): string => `${transfer}-1.cube`

/**
 * One picture for each frame, not for each field: the count stays exact, and twice as many take twice as long to make.
 * Only frames that say that they are interlaced are touched.
 */
export const deinterlaced = ({ filters }: Pick<Tools, 'filters'>): string[] =>
  ['bwdif', 'yadif']
    .filter((it) => filters.has(it))
    .slice(0, 1)
    .map((it) => `${it}=mode=send_frame:deint=interlaced`)

/**
 * The filters that make a picture in HDR one in BT.709, by a table in the folder that ffmpeg is run in. `scale`: what is
 * to be done with its size, of swscale's options.
 */
export const toStandardRange = (hdr: HdrTransfer, scale = ''): string[] => [
  `scale=${scale}in_color_matrix=bt2020`,
  'format=gbrp10',
  `lut3d=file=${toneTableName(hdr)}:interp=tetrahedral`,
  'scale=out_color_matrix=bt709:out_range=tv',
]

/**
 * The filters that make a picture what browsers show: its size in square pixels, 8 bit 4:2:0, standard range. swscale
 * takes RGB for BT.601 unless it is told otherwise, and HDR for what it is not.
 */
export function shownAnywhere(
  { hdr, isRgb, isFullRange }: SourceLook,
  { width, height }: Pick<PicturePlan, 'width' | 'height'>,
): string[] {
  const range = isRgb || isFullRange ? ':out_range=tv' : ''
  const pictures = hdr
    ? toStandardRange(hdr, `${width}:${height}:`)
    : [`scale=${width}:${height}${isRgb ? ':out_color_matrix=bt709' : ''}${range}`]
  return [...pictures, 'setsar=1', 'format=yuv420p']
}
