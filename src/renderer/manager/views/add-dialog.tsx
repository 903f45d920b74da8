import { Upload } from 'lucide-react'
import { useState, type SubmitEvent } from 'react'
import { FileTrigger } from 'react-aria-components'
import { MEDIA_ENDINGS } from '../../../shared/media-names.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { api, sentenceOf } from '../api.ts'
import { runAll } from '../actions/run-all.ts'
import { uploadQueue } from '../actions/uploads.ts'
import { pathsIn } from '../paths.ts'
import { toast } from '../state/toasts.ts'
import { closeDialog, goTo } from '../state/ui.ts'
import { countOf } from '../text.ts'
import { Field, submitByKey } from './text-fields.tsx'

const FORM = 'add-form'
const isWindows = navigator.userAgent.includes('Windows')
const FOLDER_EXAMPLE = isWindows ? 'C:\\Users\\you\\Videos' : '/home/you/Videos'
const FILE_EXAMPLE = isWindows ? 'C:\\Users\\you\\Videos\\film.mp4' : '/home/you/Videos/film.mp4'

const WHY =
  'A browser does not tell Matinee where files lie, so type or paste the full path on the computer that Matinee runs on.'

/** What the browser's dialog offers first; what a file really is the engine sees by its bytes. */
const ACCEPTED = ['video/*', 'audio/*', ...MEDIA_ENDINGS.map((it) => `.${it}`)]

/**
 * Adds a folder or files in a browser, which has no dialog that tells paths: files by uploading them, both by their
 * paths.
 */
export function AddDialog({ what }: { what: 'folder' | 'files' }) {
  const isFolder = what === 'folder'
  const [text, setText] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [failures, setFailures] = useState<readonly { path: string; reason: string }[]>([])
  const paths = pathsIn(text)

  const add = async (): Promise<void> => {
    setBusy(true)
    const work = async (path: string): Promise<{ id: string }> =>
      isFolder ? api.folders.add(path) : api.files.register(path)
    const { results, failed } = await runAll(paths, work, {
      signal: new AbortController().signal,
      onProgress: () => undefined,
    })
    setBusy(false)
    if (results.length > 0)
      toast(`${countOf(results.length, isFolder ? 'folder' : 'file')} added`, { tone: 'ok' })
    if (failed.length === 0) {
      const [first] = results
      if (isFolder && results.length === 1 && first) goTo({ kind: 'folder', id: first.id })
      closeDialog()
      return
    }
    // What has been added is done; what is left can be put right.
    setText(failed.map(({ item }) => item).join('\n'))
    setFailures(failed.map(({ item, error }) => ({ path: item, reason: sentenceOf(error) })))
  }
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    if (!isBusy && paths.length > 0) void add()
  }
  const error =
    failures.length === 1
      ? (failures[0]?.reason ?? null)
      : failures.length > 1
        ? `${countOf(failures.length, 'path')} could not be added.`
        : null

  return (
    <Dialog
      title={isFolder ? 'Add a folder' : 'Add files'}
      onClose={closeDialog}
      footer={
        <>
          <span className="grow" />
          <Button look="quiet" onPress={closeDialog}>
            Cancel
          </Button>
          <Button
            look={isFolder ? 'primary' : 'plain'}
            type="submit"
            form={FORM}
            isBusy={isBusy}
            isDisabled={paths.length === 0}
          >
            {isFolder ? 'Add folder' : paths.length > 1 ? `Add ${countOf(paths.length, 'file')}` : 'Add file'}
          </Button>
        </>
      }
    >
      {!isFolder && <ChooseFiles />}
      <form id={FORM} className="stack" onSubmit={submit} onKeyDown={submitByKey}>
        {isFolder && <p className="t2">{WHY}</p>}
        <Field
          label={isFolder ? 'Path of the folder' : 'Or by their paths, one a line'}
          value={text}
          onChange={(value) => {
            setText(value)
            setFailures([])
          }}
          placeholder={isFolder ? FOLDER_EXAMPLE : FILE_EXAMPLE}
          hint={
            isFolder
              ? 'Its videos and audio are listed, those of folders inside it too. Nothing is copied or moved.'
              : 'For files on the computer that Matinee runs on: they are played from where they are, nothing is copied.'
          }
          error={error}
          autoFocus={isFolder}
          {...(isFolder ? {} : { rows: 3 })}
        />
        {failures.length > 1 && (
          <ul className="failures" aria-label="What failed">
            {failures.map(({ path, reason }) => (
              <li key={path}>
                <b className="cut">{path}</b>
                <span className="small t2">{reason}</span>
              </li>
            ))}
          </ul>
        )}
      </form>
    </Dialog>
  )
}

function ChooseFiles() {
  const upload = (files: FileList | null): void => {
    if (!files || files.length === 0) return
    uploadQueue.add([...files], false)
    closeDialog()
  }
  return (
    <div className="choose">
      <FileTrigger allowsMultiple acceptedFileTypes={ACCEPTED} onSelect={upload}>
        <Button look="primary" size="l" icon={Upload} autoFocus>
          Choose files to upload
        </Button>
      </FileTrigger>
      <p className="hint">They are copied into Matinee. You can drop them anywhere in its window, too.</p>
    </div>
  )
}
