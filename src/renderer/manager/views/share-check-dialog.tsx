import { Check, CircleAlert, RefreshCw } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { ShareCheck, ShareTrial } from '../../../shared/api/share-check.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ProgressBar } from '../../ui/progress.tsx'
import { api, sentenceOf } from '../api.ts'
import { useShares } from '../state/shares.ts'
import { closeDialog } from '../state/ui.ts'
import { countOf, countText } from '../text.ts'
import { DoneFoot } from './done-foot.tsx'

/** What came of the check of that number. */
type Told = { attempt: number; result?: ShareCheck; failure?: string }

/** Tries every way into a share from the outside, and tells which are closed and which are not. */
export function ShareCheckDialog({ shareId }: { shareId: string }) {
  const share = useShares((state) => state.byId.get(shareId))
  const [attempt, setAttempt] = useState(0)
  const [told, setTold] = useState<Told>({ attempt: -1 })
  useEffect(() => {
    const abort = new AbortController()
    api.shares.check(shareId, abort.signal).then(
      (result) => setTold({ attempt, result }),
      (error: unknown) => {
        if (!abort.signal.aborted) setTold({ attempt, failure: sentenceOf(error) })
      },
    )
    return () => abort.abort()
  }, [shareId, attempt])
  const isUnderWay = told.attempt !== attempt
  const { result, failure } = isUnderWay ? {} : told

  return (
    <Dialog
      title="Check this share"
      subtitle={share?.title ?? 'Untitled'}
      onClose={closeDialog}
      footer={
        <DoneFoot>
          <Button
            look="quiet"
            icon={RefreshCw}
            isDisabled={isUnderWay}
            onPress={() => setAttempt(attempt + 1)}
          >
            Check again
          </Button>
        </DoneFoot>
      }
    >
      {failure !== undefined && (
        <p className="error" role="alert">
          <CircleAlert className="icon" aria-hidden />
          {failure}
        </p>
      )}
      {isUnderWay && (
        <div className="preparing">
          <span className="small busy">Trying every address of it, as a stranger would</span>
          <ProgressBar label="Checking" text="Under way" />
        </div>
      )}
      {result && <Result result={result} />}
    </Dialog>
  )
}

function Result({ result: { ok, requests, checks } }: { result: ShareCheck }) {
  return (
    <>
      <p className={ok ? 'state ok check-sum' : 'error'} role="status">
        {ok ? <Check className="icon" aria-hidden /> : <CircleAlert className="icon" aria-hidden />}
        {ok
          ? `It opens for those it is meant for, and for nobody else: ${countOf(requests, 'request')} tried.`
          : 'Something was answered that should not have been. Delete the share until this is put right.'}
      </p>
      <ul className="check" aria-label="What was tried">
        {checks.map((trial) => (
          <Trial key={trial.attempt} trial={trial} />
        ))}
      </ul>
    </>
  )
}

function Trial({ trial: { what, ok, requests, faults } }: { trial: ShareTrial }) {
  return (
    <li>
      {ok ? (
        <Check className="icon ok" aria-label="As it should be:" />
      ) : (
        <CircleAlert className="icon fail" aria-label="Wrong:" />
      )}
      <span className="grow">
        <span>{what}</span>
        {faults.map(({ method, path, status, reason }) => (
          <span key={`${method} ${path}`} className="small fail">
            {method} {path}: {status === 0 ? 'no answer' : status}. {reason}
          </span>
        ))}
      </span>
      <span className="small t3 num">{countText(requests)}</span>
    </li>
  )
}
