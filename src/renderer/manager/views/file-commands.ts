import { Copy, Download, FolderOpen, Link, ListChecks, Play, Trash2 } from 'lucide-react'
import type { File } from '../../../shared/api/file.ts'
import type { Command } from '../../ui/menu.tsx'
import { copyLinksOfFiles, sharesOfFiles, sharesToCopyOf } from '../actions/links.ts'
import { bridge, keys } from '../bridge.ts'
import { stretchOf } from '../clip/marks.ts'
import { isShareable } from '../file-state.ts'
import { copyLabel } from '../share-text.ts'
import { useLibrary } from '../state/library.ts'
import { marksOf, useMarks } from '../state/marks.ts'
import { segmentAt, useSegments } from '../state/segments.ts'
import { sharesOfSegment, useShares } from '../state/shares.ts'
import { goTo, openDialog, playPreview, searchFor, type Part } from '../state/ui.ts'
import { titleOf } from '../text.ts'

/** Opens the share dialog of one file, or the one that shares several. */
export function openShare(fileIds: readonly string[]): void {
  const [only] = fileIds
  if (only === undefined) return
  if (fileIds.length > 1) {
    openDialog({ kind: 'share-many', fileIds })
    return
  }
  const [share] = sharesToCopyOf([only])
  if (share) openDialog({ kind: 'share-link', shareId: share.id, why: 'exists' })
  else openDialog({ kind: 'share', fileId: only, visibility: 'public' })
}

/** Opens the share of a part of a file, or the dialog that makes one; a part with the times of a segment is that. */
export function openShareOfPart(fileId: string, part: Part): void {
  const segmentId = part.segmentId ?? segmentAt(useSegments.getState(), part)?.id
  const [share] = segmentId === undefined ? [] : sharesOfSegment(useShares.getState().byId, { id: segmentId })
  if (share) openDialog({ kind: 'share-link', shareId: share.id, why: 'exists' })
  else {
    const known = segmentId === undefined ? part : { ...part, segmentId }
    openDialog({ kind: 'share', fileId, visibility: 'public', part: known })
  }
}

/** Opens the export of a file; what is marked in it can be chosen instead. */
function openExport({ id, media_info: { duration_seconds: durationS } }: File): void {
  const part = stretchOf(marksOf(useMarks.getState(), id), durationS)
  openDialog({ kind: 'export', fileId: id, ...(part ? { part } : {}) })
}

/** What can be done with one or several files: the context menu and the inspector's "More actions". */
export function fileCommands(fileIds: readonly string[]): (Command | null)[] {
  const { files } = useLibrary.getState()
  const known = fileIds.map((id) => files.get(id)).filter((file) => file !== undefined)
  const [only] = known.length === 1 ? known : []
  const shares = sharesOfFiles(fileIds)
  const toCopy = sharesToCopyOf(fileIds)
  const shell = bridge()
  const commands: (Command | null | false | undefined)[] = [
    {
      id: 'share',
      label: only ? 'Share…' : `Share ${fileIds.length} files…`,
      icon: Link,
      keys: 'S',
      isDisabled: only !== undefined && shares.length === 0 && !isShareable(only),
      run: () => openShare(fileIds),
    },
    toCopy.length > 0 && {
      id: 'copy',
      label: copyLabel(toCopy),
      icon: Copy,
      keys: keys('C'),
      run: () => void copyLinksOfFiles(fileIds),
    },
    only &&
      shares.length > 0 && {
        id: 'shares',
        label: 'Show shares',
        icon: ListChecks,
        run: () => {
          goTo({ kind: 'shares', filter: 'all' })
          searchFor(shares[0]?.title ?? titleOf(only.filename))
        },
      },
    only?.playable && {
      id: 'play',
      label: 'Play and clip',
      icon: Play,
      keys: 'Enter',
      run: () => playPreview(only.id),
    },
    only?.playable &&
      !only.missing && {
        id: 'export',
        label: 'Export…',
        icon: Download,
        run: () => openExport(only),
      },
    only &&
      shell && {
        id: 'reveal',
        label: shell.platform === 'darwin' ? 'Reveal in Finder' : 'Reveal in folder',
        icon: FolderOpen,
        isDisabled: only.missing,
        run: () => void shell.revealFile(only.id),
      },
    null,
    {
      id: 'forget',
      label: only ? 'Forget…' : `Forget ${fileIds.length} files…`,
      icon: Trash2,
      keys: 'Del',
      danger: true,
      run: () => openDialog({ kind: 'forget-files', fileIds }),
    },
  ]
  return commands.filter((it): it is Command | null => it !== false && it !== undefined)
}
