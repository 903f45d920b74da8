import { Check, CircleAlert, Copy, Globe } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { copyText } from '../../ui/copy-text.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { ProgressBar } from '../../ui/progress.tsx'
import { sentenceOf } from '../api.ts'
import { copyLinks, shareFile } from '../actions/shares.ts'
import { closeDialog } from '../state/ui.ts'
import { countOf, countText } from '../text.ts'
import { useRun } from '../use-run.ts'
import { FailureList } from './failure-list.tsx'

/** Shares several files with one progress, and tells at the end what came of it. */
export function ShareManyDialog({ fileIds }: { fileIds: readonly string[] }) {
  const { phase, state, start, stop } = useRun(fileIds, shareFile)
  const [isCopied, setCopied] = useState(false)
  const count = countOf(fileIds.length, 'file')
  const urls = state.results.map(({ share }) => share.share_url)

  const run = async (): Promise<void> => {
    const { results } = await start()
    if (results.length > 0) {
      setCopied(await copyText(results.map(({ share }) => share.share_url).join('\n')))
    }
  }

  if (phase === 'ready') {
    return (
      <Dialog
        title={`Share ${count}`}
        narrow
        onClose={closeDialog}
        footer={
          <>
            <span className="grow" />
            <Button look="quiet" onPress={closeDialog}>
              Cancel
            </Button>
            <Button look="primary" autoFocus onPress={() => void run()}>
              Create {countOf(fileIds.length, 'link')}
            </Button>
          </>
        }
      >
        <div className="who">
          <Globe className="icon" aria-hidden />
          <span>
            <b>Public</b>
            Anyone who has one of the links can watch that file, no sign-in.
          </span>
        </div>
        <p className="t2">
          Each file gets a link of its own, called after the file. Those that are shared already keep theirs.
        </p>
      </Dialog>
    )
  }
  if (phase === 'running') {
    const text = `${countText(state.done)} of ${countText(fileIds.length)}`
    return (
      <Dialog
        title={`Sharing ${count}`}
        narrow
        onClose={stop}
        footer={
          <>
            <span className="grow" />
            <Button autoFocus onPress={stop}>
              Stop
            </Button>
          </>
        }
      >
        <span className="num" role="status">
          {text}
        </span>
        <ProgressBar label="Sharing" value={state.done / fileIds.length} text={text} />
      </Dialog>
    )
  }
  const made = state.results.filter((it) => it.isNew).length
  const there = state.results.length - made
  const skipped = fileIds.length - state.done
  return (
    <Dialog
      sign={
        <span className={`done ${urls.length === 0 ? 'done--fail' : ''}`}>
          {urls.length === 0 ? (
            <CircleAlert className="icon" aria-hidden />
          ) : (
            <Check className="icon" aria-hidden />
          )}
        </span>
      }
      title={
        <span role="status">
          {isCopied ? `${countOf(urls.length, 'link')} copied` : countOf(urls.length, 'link')}
        </span>
      }
      narrow
      onClose={closeDialog}
      footer={
        <>
          {urls.length > 0 && (
            <Button icon={Copy} onPress={() => void copyLinks(urls)}>
              {urls.length === 1 ? 'Copy link' : 'Copy all links'}
            </Button>
          )}
          <span className="grow" />
          <Button look="primary" autoFocus onPress={closeDialog}>
            Done
          </Button>
        </>
      }
    >
      <ul className="summary">
        {made > 0 && <li>{countOf(made, 'link')} made</li>}
        {there > 0 && <li>{countText(there)} shared already</li>}
        {skipped > 0 && <li>{countText(skipped)} not begun</li>}
        {state.failed.length > 0 && (
          <li className="fail">{countText(state.failed.length)} could not be shared:</li>
        )}
      </ul>
      <FailureList
        failures={state.failed.map(({ item, error }) => ({ fileId: item, reason: sentenceOf(error) }))}
      />
    </Dialog>
  )
}
