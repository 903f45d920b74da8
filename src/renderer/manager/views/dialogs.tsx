import { useEffect } from 'react'
import { DialogShell } from '../../ui/dialog.tsx'
import { useShares } from '../state/shares.ts'
import { closeDialog, useUi } from '../state/ui.ts'
import { SettingsDialog } from '../settings/settings-dialog.tsx'
import { AddDialog } from './add-dialog.tsx'
import { ExportDialog } from './export-dialog.tsx'
import { ForgetFilesDialog, ForgetFolderDialog } from './forget-dialogs.tsx'
import { ShareCheckDialog } from './share-check-dialog.tsx'
import { ShareDialog } from './share-dialog.tsx'
import { ShareEditDialog } from './share-edit-dialog.tsx'
import { ShareManyDialog } from './share-many-dialog.tsx'
import { ShareReady } from './share-ready.tsx'
import { ShortcutsDialog } from './shortcuts-dialog.tsx'
import { SplitDialog } from './split-dialog.tsx'
import { StorageDialog } from './storage-dialog.tsx'
import { UploadFoldersDialog } from './upload-folders-dialog.tsx'

/** The dialog that is open, if any. */
export function Dialogs() {
  const dialog = useUi((state) => state.dialog)
  const share = useShares((state) =>
    dialog?.kind === 'share-link' ? state.byId.get(dialog.shareId) : undefined,
  )
  useFocusAfter(dialog !== null)
  switch (dialog?.kind) {
    case undefined:
      return null
    case 'share':
      return (
        <ShareDialog
          key={`${dialog.fileId} ${dialog.visibility} ${JSON.stringify(dialog.part)}`}
          fileId={dialog.fileId}
          visibility={dialog.visibility}
          part={dialog.part}
        />
      )
    case 'share-link':
      return share ? (
        <DialogShell key={share.id} onClose={closeDialog}>
          <ShareReady share={share} why={dialog.why} />
        </DialogShell>
      ) : null
    case 'share-edit':
      return <ShareEditDialog key={dialog.shareId} shareId={dialog.shareId} />
    case 'share-check':
      return <ShareCheckDialog key={dialog.shareId} shareId={dialog.shareId} />
    case 'share-many':
      return <ShareManyDialog fileIds={dialog.fileIds} />
    case 'forget-files':
      return <ForgetFilesDialog fileIds={dialog.fileIds} />
    case 'forget-folder':
      return <ForgetFolderDialog folderId={dialog.folderId} />
    case 'add':
      return <AddDialog key={dialog.what} what={dialog.what} />
    case 'upload-folders':
      return <UploadFoldersDialog {...dialog} />
    case 'export':
      return <ExportDialog key={dialog.fileId} fileId={dialog.fileId} part={dialog.part} />
    case 'split':
      return <SplitDialog key={dialog.how} fileId={dialog.fileId} how={dialog.how} />
    case 'storage':
      return <StorageDialog />
    case 'settings':
      return <SettingsDialog key={dialog.page} first={dialog.page} />
    case 'shortcuts':
      return <ShortcutsDialog />
  }
}

/** Time in which a closed dialog gives the focus back by itself, in ms. */
const GIVEN_BACK_MS = 50

/** Takes the keyboard back to the list when what had it before the dialog is gone. */
function useFocusAfter(isOpen: boolean): void {
  useEffect(() => {
    if (!isOpen) return undefined
    return () => {
      setTimeout(() => {
        if (document.activeElement !== document.body) return
        document.querySelector<HTMLElement>('.vgrid [tabindex="0"]')?.focus({ preventScroll: true })
      }, GIVEN_BACK_MS)
    }
  }, [isOpen])
}
