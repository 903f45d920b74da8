import { Copy, Link, Trash2, X } from 'lucide-react'
import { bytesText, durationText } from '../../../shared/media-text.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { copyLinksOfFiles, sharesToCopyOf } from '../actions/links.ts'
import { cleared } from '../grid/selection.ts'
import { copyLabel } from '../share-text.ts'
import { useLibrary } from '../state/library.ts'
import { useShares } from '../state/shares.ts'
import { openDialog, select } from '../state/ui.ts'
import { countText } from '../text.ts'
import { openShare } from './file-commands.ts'

/** What can be done with several selected files; floats over the foot of the grid. */
export function BatchBar({ fileIds }: { fileIds: readonly string[] }) {
  const files = useLibrary((state) => state.files)
  const known = fileIds.map((id) => files.get(id)).filter((file) => file !== undefined)
  const bytes = known.reduce((sum, file) => sum + file.bytes, 0)
  const seconds = known.reduce((sum, file) => sum + (file.media_info.duration_seconds ?? 0), 0)
  // Read anew whenever a share comes or goes.
  useShares((state) => state.byFile)
  const shares = sharesToCopyOf(fileIds)
  const isWhole = known.length === fileIds.length
  return (
    <div className="batch" role="toolbar" aria-label="Selected files">
      <span className="batch__sum num">
        <b>{countText(fileIds.length)} selected</b>
        {isWhole && (
          <span className="t3 batch__more">
            {seconds > 0 && ` · ${durationText(seconds)}`} · {bytesText(bytes)}
          </span>
        )}
      </span>
      <Button look="primary" icon={Link} onPress={() => openShare(fileIds)}>
        Share {countText(fileIds.length)}…
      </Button>
      {shares.length > 0 && (
        <Button look="quiet" icon={Copy} onPress={() => void copyLinksOfFiles(fileIds)}>
          {copyLabel(shares)}
        </Button>
      )}
      <Button look="danger" icon={Trash2} onPress={() => openDialog({ kind: 'forget-files', fileIds })}>
        Forget…
      </Button>
      <span className="batch__rule" />
      <IconButton label="Clear selection" keys="Esc" icon={X} onPress={() => select(cleared)} />
    </div>
  )
}
