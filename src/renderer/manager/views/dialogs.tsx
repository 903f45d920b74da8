import { useShares } from '../state/shares.ts'
import { useUi } from '../state/ui.ts'
import { AddDialog } from './add-dialog.tsx'
import { ForgetFilesDialog, ForgetFolderDialog } from './forget-dialogs.tsx'
import { ShareDialog } from './share-dialog.tsx'
import { ShareEditDialog } from './share-edit-dialog.tsx'
import { ShareManyDialog } from './share-many-dialog.tsx'
import { ShareReady } from './share-ready.tsx'
import { ShortcutsDialog } from './shortcuts-dialog.tsx'

/** The dialog that is open, if any. */
export function Dialogs() {
  const dialog = useUi((state) => state.dialog)
  const share = useShares((state) =>
    dialog?.kind === 'share-link' ? state.byId.get(dialog.shareId) : undefined,
  )
  switch (dialog?.kind) {
    case undefined:
      return null
    case 'share':
      return <ShareDialog key={dialog.fileId} fileId={dialog.fileId} />
    case 'share-link':
      return share ? <ShareReady key={share.id} share={share} why={dialog.why} /> : null
    case 'share-edit':
      return <ShareEditDialog key={dialog.shareId} shareId={dialog.shareId} />
    case 'share-many':
      return <ShareManyDialog fileIds={dialog.fileIds} />
    case 'forget-files':
      return <ForgetFilesDialog fileIds={dialog.fileIds} />
    case 'forget-folder':
      return <ForgetFolderDialog folderId={dialog.folderId} />
    case 'add':
      return <AddDialog key={dialog.what} what={dialog.what} />
    case 'shortcuts':
      return <ShortcutsDialog />
  }
}
