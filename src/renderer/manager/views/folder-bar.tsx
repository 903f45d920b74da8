import { CircleAlert, LoaderCircle, RefreshCw, Trash2 } from 'lucide-react'
import { Button } from '../../ui/button.tsx'
import { ProgressBar } from '../../ui/progress.tsx'
import { scanFolder } from '../actions/folders.ts'
import { folderState, useFolders } from '../state/folders.ts'
import { openDialog } from '../state/ui.ts'

/** Below the top bar while a folder is shown: where it lies, what it is at, and what can be done with it. */
export function FolderBar({ folderId }: { folderId: string }) {
  const folder = useFolders((state) => state.folders?.find((it) => it.id === folderId))
  if (!folder) return null
  const { tone, sentence } = folderState(folder)
  const { file_count: files, pending_count: pending } = folder
  return (
    <section className="folder-bar" aria-label="Folder">
      <div className="grow">
        <p className="cut t2 small" title={folder.path}>
          {folder.path}
        </p>
        {sentence !== '' && (
          <p className={`state ${tone}`} role={tone === 'fail' ? 'alert' : 'status'}>
            {tone === 'busy' ? (
              <LoaderCircle className="icon" aria-hidden />
            ) : (
              <CircleAlert className="icon" aria-hidden />
            )}
            <span className="cut num">{sentence}</span>
          </p>
        )}
      </div>
      <Button
        look="quiet"
        size="s"
        icon={RefreshCw}
        isDisabled={folder.status === 'scanning'}
        onPress={() => void scanFolder(folder.id)}
      >
        Look for changes
      </Button>
      <Button
        look="quiet"
        size="s"
        icon={Trash2}
        onPress={() => openDialog({ kind: 'forget-folder', folderId: folder.id })}
      >
        Forget…
      </Button>
      {tone === 'busy' && (
        <div className="folder-bar__progress">
          <ProgressBar
            label="Reading the folder"
            {...(files > 0 && pending > 0 ? { value: (files - pending) / files } : {})}
            text={sentence}
          />
        </div>
      )}
    </section>
  )
}
