import type { Recipe } from '../recipe-parts.ts'

/** What Matinee makes of a file, as `delivery` tells it; `refused` where nothing can be played. */
export type Delivery = 'remux' | 'audio' | 'transcode' | 'refused'

/** What is to come of one file. */
export type Expected = {
  delivery: Delivery
  /** Pictures shown from beginning to end; null where the file is so broken that no number is the right one. */
  pictures: number | null
  /** Width and height as displayed: upright, with square pixels. Null: no picture. */
  size: readonly [number, number] | null
  /** Seconds, within a tenth of one. */
  durationS: number
  /** Tracks of sound that a viewer can choose from. */
  sounds: number
  /** What its owner reads about it: the reason for converting or refusing. */
  says?: RegExp
  /** What is known to be wrong, as the beginning of each fault: it stands in the table and fails no run. */
  known?: readonly string[]
  /** How a converted picture is compared with its source, where that is not plain. */
  comparison?: Comparison
}

/** How the pictures of a source become those that a converted stream should show. */
export type Comparison = {
  /** ffmpeg's filters for the source, before it is scaled as the stream is. */
  filters?: string
  /** Least PSNR of each picture in dB where 38 cannot be reached, with the reason beside it. */
  leastDb?: number
  /** Parts are missing: what is there must be the source's, but nobody can say where the next packet begins. */
  isDamaged?: boolean
  /** The part of the source's packets that must be there of a damaged file, where it is less than nine tenths. */
  leastKept?: number
  /** The picture is copied, but not every packet of it: pictures are compared all the same. */
  isPictures?: boolean
  /** Where the source shows none for long, the one before is shown again, so that each part of a stream has one. */
  mayRepeat?: boolean
  /** Pictures of a source that has no order of its own are not laid beside those of the stream. */
  isUncounted?: boolean
}

/** A file of the corpus: how it is made, and what is to come of it. */
export type CorpusFile = Recipe & { expected: Expected }

/** What is expected of a film of so many seconds at so many pictures a second, 320x180 with one sound unless told. */
export const film = (
  delivery: Delivery,
  durationS: number,
  rate: number,
  more: Partial<Expected> = {},
): Expected => ({
  ...{ delivery, durationS, pictures: Math.round(durationS * rate), size: [320, 180], sounds: 1 },
  ...more,
})

/** What is expected of sound without a picture. */
export const tone = (delivery: Delivery, durationS: number, more: Partial<Expected> = {}): Expected => ({
  ...{ delivery, durationS, pictures: 0, size: null, sounds: 1 },
  ...more,
})

/** What is expected of a file that cannot be played. */
export const refused = (says: RegExp): Expected => ({
  ...{ delivery: 'refused', pictures: 0, size: null, durationS: 0, sounds: 0, says },
})
