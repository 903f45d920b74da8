import type { Playable } from '../media/playable.ts'
import type { OpenedShare } from '../shares/opened-share.ts'
import type { Deps } from './deps.ts'

/** What is sent of a share: its film, and the film itself as a file. */
export type ShareSource = {
  playable(opened: OpenedShare): Promise<Playable>
  /** Path and name of the file that holds the whole film; what it was when it was looked at, a moment ago. */
  sourceFile(opened: OpenedShare): Promise<ShareFile>
  poster(opened: OpenedShare, kind: 'poster' | 'card'): Promise<string>
}

type ShareFile = {
  path: string
  filename: string
  bytes: number
  mtimeMs: number
  inode: string
  stamp: string | null
}

/** Makes the way from an opened share to its bytes: those of its copy when it has one, else those of the owner's file. */
export function shareSource({ library, copies }: Pick<Deps, 'library' | 'copies'>): ShareSource {
  const playable: ShareSource['playable'] = ({ fileId, window, copy }) =>
    copy ? copies.playable(copy.key, copy.own, window) : library.playable(fileId, window)
  return {
    playable,
    async sourceFile(opened) {
      const { copy, fileId } = opened
      if (!copy) return library.sourceFile(fileId)
      const { path, identity } = await copies.playable(copy.key, copy.own, null)
      return {
        path,
        ...identity,
        filename: copies.downloadName(copy.key, library.get(fileId).filename),
        stamp: null,
      }
    },
    async poster(opened, kind) {
      const { copy, fileId, window } = opened
      if (!copy) return library.poster(fileId, kind, window)
      return copies.poster(await playable(opened), kind)
    },
  }
}
