import type { GetShare, Playback, Share } from '../../shared/api/share.ts'
import { AppError } from '../base/errors.ts'
import type { CanDecode } from '../media/decoding.ts'
import type { Subtitle } from '../media/subtitles.ts'
import type { KeptCopy } from '../store/kept-copies.ts'
import type { StoredFile } from '../store/files.ts'
import type { StoredShare } from '../store/shares.ts'
import type { Store } from '../store/store.ts'
import { needsPass } from './access.ts'
import { clipFilename, clipOf, type ClipQuery } from './clip.ts'
import type { CardPaths, Linked, MediaPaths } from './links.ts'
import { toCard, type ShareCard } from './share-card.ts'
import { toPlayback, toShare, type Asset, type Base } from './share-view.ts'
import type { Window } from './token.ts'

/** What shares look like from outside. Rows that belong to a share and are gone throw AppError `not_found`. */
export interface ShareViews {
  fileOf(share: StoredShare): StoredFile
  /** The stretch of its file that a share is of; null for all of it. */
  windowOf(share: StoredShare): Window | null
  /** Throws AppError `bad_request` for a reach that there is not, or a clip that cannot be. */
  view(share: StoredShare, query?: GetShare): Share
  /** For a viewer: in `session`, when they come in one. */
  playback(
    share: StoredShare,
    clip: ClipQuery,
    subtitles: readonly Subtitle[],
    session: string | undefined,
  ): Playback
  /** For a chat; `clip` is a part of a share for everyone. Throws AppError `bad_request` for one that cannot be. */
  card(share: StoredShare, clip: ClipQuery): ShareCard
}

type ViewDeps = {
  /** The copy of a share. */
  copyOf: (key: string) => ShownCopy | undefined
  store: { files: Pick<Store['files'], 'byId'>; segments: Pick<Store['segments'], 'byId'> }
  /** Addresses of the share listener, best first. */
  bases: () => readonly [Base, ...Base[]]
  linksOf: (share: StoredShare, linked: Linked) => MediaPaths
  cardLinksOf: (share: StoredShare, clip: Window | null) => CardPaths
  /** 0..1 of the preparing that runs for a share. */
  progressOf: (shareId: string) => number | undefined
  canDecode: CanDecode
}

/** What is shown of a share that has a copy: that of the copy, whatever became of its file. */
type ShownCopy = Pick<KeptCopy, 'bytes' | 'media' | 'packager'> & { path: string }

/** Makes the views of shares over the store. */
export function createShareViews({
  store,
  copyOf,
  bases,
  linksOf,
  cardLinksOf,
  progressOf,
  canDecode,
}: ViewDeps): ShareViews {
  const fileOf = (share: StoredShare): StoredFile => {
    const file = store.files.byId(share.fileId)
    // Unreachable by the foreign key: a file's shares go with it.
    if (!file) throw new AppError('not_found', 'There is no such share.')
    const copy = share.keptKey === null ? undefined : copyOf(share.keptKey)
    if (!copy) return file
    const { path, bytes, media, packager } = copy
    const isPictured = media.video !== null || file.poster === 'made'
    return {
      ...file,
      path,
      bytes,
      media,
      packager,
      poster: isPictured ? 'made' : file.poster,
      missing: false,
    }
  }
  const assetOf = (share: StoredShare): Asset => {
    const { fileSegmentId } = share
    const segment = fileSegmentId === null ? null : store.segments.byId(fileSegmentId)
    // Unreachable while it is shared: such a segment is not deleted.
    if (segment === undefined) throw new AppError('not_found', 'There is no such share.')
    return { file: fileOf(share), segment }
  }
  const stretchOf = ({ segment }: Pick<Asset, 'segment'>): Window | null =>
    segment && { startS: segment.startS, endS: segment.endS }

  /** The addresses of a share's media, of a part of it when a clip is asked for, and the stretch they lead to. */
  const linked = (share: StoredShare, asset: Asset, query: ClipQuery, session?: string) => {
    const { file } = asset
    const own = stretchOf(asset)
    const clip = clipOf(query, own, file.media?.durationS ?? null)
    const window = clip ?? own
    const filename = window ? clipFilename(file.filename, window) : file.filename
    return { paths: linksOf(share, { filename, clip, session }), window, progress: progressOf(share.id) }
  }

  return {
    fileOf,
    windowOf: (share) => (share.fileSegmentId === null ? null : stretchOf(assetOf(share))),
    view(share, { reach, ...query } = {}) {
      const all = bases()
      const base = reach ? all.find((it) => it.reach === reach) : all[0]
      if (!base) throw new AppError('bad_request', `This share has no ${reach} address now.`)
      const asset = assetOf(share)
      return toShare(share, asset, { ...linked(share, asset, query), bases: all, base })
    },
    playback(share, clip, subtitles, session) {
      const asset = assetOf(share)
      return toPlayback(share, asset.file, { ...linked(share, asset, clip, session), subtitles }, canDecode)
    },
    card(share, query) {
      const asset = assetOf(share)
      const own = stretchOf(asset)
      // Of a private one a stranger would have the whole film by and by, a moment at a time.
      const clip = needsPass(share) ? null : clipOf(query, own, asset.file.media?.durationS ?? null)
      return toCard(share, asset, {
        paths: {
          ...cardLinksOf(share, clip),
          ...linksOf(share, { filename: asset.file.filename, clip: null }),
        },
        ...{ window: clip ?? own, base: bases()[0] },
      })
    },
  }
}
