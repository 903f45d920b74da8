import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ProgressBar } from '../../ui/progress.tsx'
import { api, sentenceOf } from '../api.ts'
import { sharesOfFiles } from '../actions/links.ts'
import { useFolders } from '../state/folders.ts'
import { useLibrary } from '../state/library.ts'
import { toast } from '../state/toasts.ts'
import { closeDialog } from '../state/ui.ts'
import { countOf, countText } from '../text.ts'
import { useRun } from '../use-run.ts'
import { FailureList } from './failure-list.tsx'

const forgetFile = (id: string): Promise<unknown> => api.files.remove(id)

/** Asks before files leave the library, then does it with one progress. */
export function ForgetFilesDialog({ fileIds }: { fileIds: readonly string[] }) {
  const [files] = useState(() => useLibrary.getState().files)
  const [links] = useState(() => sharesOfFiles(fileIds).length)
  const { phase, state, start, stop } = useRun(fileIds, forgetFile)
  const known = fileIds.map((id) => files.get(id)).filter((file) => file !== undefined)
  const [only] = known
  const what = fileIds.length === 1 ? `“${only?.filename ?? 'this file'}”` : countOf(fileIds.length, 'file')
  const uploaded = known.filter((file) => file.source === 'upload').length
  const comesBack = known.some((file) => file.folder_id !== undefined && !file.missing)

  const run = async (): Promise<void> => {
    const { results, failed } = await start()
    if (results.length > 0) toast(`${countOf(results.length, 'file')} forgotten`)
    if (failed.length === 0) closeDialog()
  }

  if (phase !== 'ready') {
    const text = `${countText(state.done)} of ${countText(fileIds.length)}`
    const isRunning = phase === 'running'
    return (
      <Dialog
        title={isRunning ? `Forgetting ${what}` : `${countText(state.failed.length)} could not be forgotten`}
        narrow
        onClose={isRunning ? stop : closeDialog}
        footer={
          <>
            <span className="grow" />
            <Button autoFocus onPress={isRunning ? stop : closeDialog}>
              {isRunning ? 'Stop' : 'Done'}
            </Button>
          </>
        }
      >
        {isRunning && <ProgressBar label="Forgetting" value={state.done / fileIds.length} text={text} />}
        <FailureList
          failures={state.failed.map(({ item, error }) => ({ fileId: item, reason: sentenceOf(error) }))}
        />
      </Dialog>
    )
  }
  return (
    <Dialog
      title={`Forget ${what}?`}
      role="alertdialog"
      narrow
      onClose={closeDialog}
      footer={<Choice isSafe={links === 0 && uploaded === 0} run={() => void run()} />}
    >
      <p className="t2">
        {fileIds.length === 1 ? 'It leaves' : 'They leave'} the library. {diskText(fileIds.length, uploaded)}
      </p>
      {links > 0 && (
        <p className="t2">
          {links === 1
            ? 'A link to what you forget stops'
            : `${countText(links)} links to what you forget stop`}{' '}
          working for good: this cannot be undone.
        </p>
      )}
      {comesBack && (
        <p className="t3 small">
          What lies in a folder of the library is found again when that folder is looked through next.
        </p>
      )}
    </Dialog>
  )
}

/** What happens on the disk: what was uploaded has nothing but Matinee's copy. */
function diskText(count: number, uploaded: number): string {
  if (uploaded === 0) return 'On the disk nothing is touched.'
  if (count === 1) return 'It was uploaded: its copy is deleted from the disk for good.'
  return uploaded === count
    ? 'They were uploaded: their copies are deleted from the disk for good.'
    : `${countText(uploaded)} of them ${uploaded === 1 ? 'was' : 'were'} uploaded and ${uploaded === 1 ? 'is' : 'are'} deleted from the disk for good; nothing else there is touched.`
}

/** Asks before a folder leaves the library. */
export function ForgetFolderDialog({ folderId }: { folderId: string }) {
  const folder = useFolders((state) => state.folders?.find((it) => it.id === folderId))
  const [failure, setFailure] = useState<string | null>(null)
  if (!folder) return null
  const forget = async (): Promise<void> => {
    try {
      await api.folders.remove(folderId)
      closeDialog()
      toast(`Folder ${folder.name} forgotten`)
    } catch (error) {
      setFailure(sentenceOf(error))
    }
  }
  return (
    <Dialog
      title={`Forget the folder “${folder.name}”?`}
      role="alertdialog"
      narrow
      onClose={closeDialog}
      footer={<Choice isSafe run={() => void forget()} />}
    >
      <p className="t2">
        {countOf(folder.file_count, 'file')} of it {folder.file_count === 1 ? 'leaves' : 'leave'} the library,
        except what is shared: those links go on working. On the disk nothing is touched.
      </p>
      {failure !== null && (
        <p className="error" role="alert">
          {failure}
        </p>
      )}
    </Dialog>
  )
}

/** Enter does it, but for what cannot be undone: that has to be chosen. */
function Choice({ isSafe, run }: { isSafe: boolean; run: () => void }) {
  return (
    <>
      <span className="grow" />
      <Button look="quiet" autoFocus={!isSafe} onPress={closeDialog}>
        Cancel
      </Button>
      <Button look="danger" autoFocus={isSafe} onPress={run}>
        Forget
      </Button>
    </>
  )
}
