import { Check, CircleAlert, Copy } from 'lucide-react'
import { useCallback, useState } from 'react'
import type { Visibility } from '../../../shared/api/share.ts'
import { Button } from '../../ui/button.tsx'
import { copyText } from '../../ui/copy-text.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { ProgressBar } from '../../ui/progress.tsx'
import { sentenceOf } from '../api.ts'
import { copyLinks } from '../actions/links.ts'
import { shareFile } from '../actions/shares.ts'
import { copyLabel } from '../share-text.ts'
import { closeDialog } from '../state/ui.ts'
import { countOf, countText } from '../text.ts'
import { useRun } from '../use-run.ts'
import { Failure } from '../settings/parts.tsx'
import { FailureList } from './failure-list.tsx'
import { OwnerPasswordField, useOwnerPassword } from './owner-password.tsx'
import { VisibilityChoice } from './visibility-choice.tsx'

const WHO = {
  public: 'Anyone who has one of the links, no sign-in. Chats show a card with the picture.',
  private: 'Members only, once they sign in on the pages. Strangers see nothing of them.',
}

/** Shares several files with one progress, and tells at the end what came of it. */
export function ShareManyDialog({ fileIds }: { fileIds: readonly string[] }) {
  const [visibility, setVisibility] = useState<Visibility>('public')
  const share = useCallback((fileId: string) => shareFile(fileId, visibility), [visibility])
  const { phase, state, start, stop } = useRun(fileIds, share)
  const [isCopied, setCopied] = useState(false)
  const owner = useOwnerPassword(visibility === 'private')
  const [failure, setFailure] = useState<string | null>(null)
  const count = countOf(fileIds.length, 'file')
  const shares = state.results.map((it) => it.share)
  const isPublic = visibility === 'public'

  const run = async (): Promise<void> => {
    if (owner.error !== null) return
    try {
      await owner.save()
    } catch (error) {
      setFailure(sentenceOf(error))
      return
    }
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
              Create {countOf(fileIds.length, isPublic ? 'link' : 'private share')}
            </Button>
          </>
        }
      >
        <VisibilityChoice value={visibility} onChange={setVisibility} texts={WHO} />
        <p className="t2">
          Each file gets a share of its own, called after the file. Those that are shared{' '}
          {isPublic ? 'publicly' : 'privately'} already keep theirs.
        </p>
        <OwnerPasswordField owner={owner} />
        <Failure text={failure} />
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
        <span className={`done ${shares.length === 0 ? 'done--fail' : ''}`}>
          {shares.length === 0 ? (
            <CircleAlert className="icon" aria-hidden />
          ) : (
            <Check className="icon" aria-hidden />
          )}
        </span>
      }
      title={
        <span role="status">
          {countOf(shares.length, isPublic ? 'link' : 'private link')}
          {isCopied && ' copied'}
        </span>
      }
      narrow
      onClose={closeDialog}
      footer={
        <>
          {shares.length > 0 && (
            <Button icon={Copy} onPress={() => void copyLinks(shares)}>
              {copyLabel(shares)}
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
        {made > 0 && <li>{countText(made)} made</li>}
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
