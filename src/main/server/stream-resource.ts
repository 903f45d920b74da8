import { AppError } from '../base/errors.ts'
import type { SegmentFormat } from '../streaming/packager.ts'

/** What of a stream an address names. */
export type StreamResource =
  | { kind: 'main' }
  | { kind: 'media'; rendition: string }
  | { kind: 'init'; rendition: string }
  | { kind: 'segment'; rendition: string; index: number; format: SegmentFormat }
  | { kind: 'subtitle-list'; subtitle: number }
  | { kind: 'subtitle'; subtitle: number }
  | { kind: 'storyboard' }
  | { kind: 'sheet'; sheet: number }
  | { kind: 'waveform' }

/**
 * Reads the parts of an address below a stream: `main.m3u8`, or a rendition and `media.m3u8`, `init.mp4`, `12.m4s` or
 * `12.mp3`; `s1` and `media.m3u8` or `0.vtt` for subtitles; `storyboard.vtt`, `storyboard/0.jpg`, `waveform.json`. Whatever has another form is nothing we have: names are recognised here, never joined to a path (S35).
 * Throws AppError `not_found`; `forbidden` for a second token where the rendition stands (S4).
 */
export function streamResource(rendition: string | undefined, name: string): StreamResource {
  if (rendition === undefined) {
    if (name === 'main.m3u8') return { kind: 'main' }
    if (name === 'storyboard.vtt') return { kind: 'storyboard' }
    if (name === 'waveform.json') return { kind: 'waveform' }
    throw nothing()
  }
  if (rendition === 'storyboard') {
    const sheet = /^(\d{1,3})\.jpg$/.exec(name)?.[1]
    if (sheet === undefined) throw nothing()
    return { kind: 'sheet', sheet: Number(sheet) }
  }
  const subtitle = /^s(\d{1,3})$/.exec(rendition)?.[1]
  if (subtitle !== undefined) {
    if (name === 'media.m3u8') return { kind: 'subtitle-list', subtitle: Number(subtitle) }
    if (name === '0.vtt') return { kind: 'subtitle', subtitle: Number(subtitle) }
    throw nothing()
  }
  if (!/^\d{1,3}$/.test(rendition)) {
    if (rendition.includes('.') && rendition.length > 2)
      throw new AppError('forbidden', 'This link is not valid.')
    throw nothing()
  }
  if (name === 'media.m3u8') return { kind: 'media', rendition }
  if (name === 'init.mp4') return { kind: 'init', rendition }
  const [, index, extension] = /^(0|[1-9]\d{0,8})\.(m4s|mp3)$/.exec(name) ?? []
  if (index === undefined) throw nothing()
  return { kind: 'segment', rendition, index: Number(index), format: extension === 'mp3' ? 'mp3' : 'fmp4' }
}

const nothing = (): AppError => new AppError('not_found', 'This stream has nothing of that name.')
