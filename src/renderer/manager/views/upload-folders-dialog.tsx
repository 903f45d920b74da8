import { Info, Upload } from 'lucide-react'
import { bytesText } from '../../../shared/media-text.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { uploadQueue } from '../actions/uploads.ts'
import { closeDialog, openDialog } from '../state/ui.ts'
import { countOf, countText } from '../text.ts'

type Props = { names: readonly string[]; files: readonly File[]; isShared: boolean }

/** Asks before whole folders are uploaded: adding them by their paths is most often what is wanted. */
export function UploadFoldersDialog({ names, files, isShared }: Props) {
  const bytes = files.reduce((sum, file) => sum + file.size, 0)
  const what = names.length === 1 ? `“${names[0] ?? ''}”` : countOf(names.length, 'folder')
  const count = countOf(files.length, 'file')
  const upload = (): void => {
    closeDialog()
    uploadQueue.add(files, isShared)
  }
  return (
    <Dialog
      title={`Upload ${what}?`}
      narrow
      onClose={closeDialog}
      footer={
        <>
          <Button look="quiet" onPress={() => openDialog({ kind: 'add', what: 'folder' })}>
            Add by path…
          </Button>
          <span className="grow" />
          <Button look="quiet" onPress={closeDialog}>
            Cancel
          </Button>
          <Button look="primary" icon={Upload} autoFocus onPress={upload}>
            Upload {count}
          </Button>
        </>
      }
    >
      <p className="t2">
        {files.length === 1
          ? '1 video or audio file lies'
          : `${countText(files.length)} video and audio files lie`}{' '}
        in it, {bytesText(bytes)}. {files.length === 1 ? 'It is' : 'They are'} copied into Matinee’s own
        folder
        {isShared && (files.length === 1 ? ', and gets a public link' : ', and get a public link each')}.
      </p>
      <p className="note">
        <Info className="icon" aria-hidden />
        Is the folder on the computer that Matinee runs on? Add it by its path instead: nothing is copied, and
        new files in it show by themselves.
      </p>
    </Dialog>
  )
}
