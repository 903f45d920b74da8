import { ChevronDown, ChevronUp, CircleAlert, CircleCheck, LoaderCircle, RotateCw, X } from 'lucide-react'
import { useEffect } from 'react'
import { Button, IconButton } from '../../ui/button.tsx'
import { ProgressBar } from '../../ui/progress.tsx'
import { uploadQueue } from '../actions/uploads.ts'
import { openUploads, useUploads } from '../state/uploads.ts'
import { summaryOf } from '../upload-progress.ts'
import { UploadRow } from './upload-row.tsx'

/** What this window uploads: one line for all, and unfolded a line for each. Nothing while there is nothing. */
export function UploadTray() {
  const uploads = useUploads((state) => state.uploads)
  const isOpen = useUploads((state) => state.isOpen)
  const { title, text, fraction, isOver, failed } = summaryOf(uploads)
  useLeaveWarning(!isOver)
  if (uploads.length === 0) return null
  const Sign = isOver ? (failed > 0 ? CircleAlert : CircleCheck) : LoaderCircle
  const tone = isOver ? (failed > 0 ? 'fail' : 'ok') : 'busy'
  return (
    <section className="uploads" aria-label="Uploads">
      <header className="uploads__head">
        <Sign className={`icon ${tone}`} aria-hidden />
        <div role="status">
          <h2 className="uploads__title">{title}</h2>
        </div>
        <span className="cut t3 num grow">{text}</span>
        {isOver && uploads.some(({ mayPass }) => mayPass) && (
          <Button look="quiet" size="s" icon={RotateCw} onPress={() => uploadQueue.retryFailed()}>
            Try again
          </Button>
        )}
        {!isOver && (
          <Button look="quiet" size="s" onPress={() => uploadQueue.cancelAll()}>
            {uploads.length > 1 ? 'Cancel all' : 'Cancel'}
          </Button>
        )}
        <IconButton
          label={isOpen ? 'Hide the list of uploads' : 'Show the list of uploads'}
          icon={isOpen ? ChevronDown : ChevronUp}
          aria-expanded={isOpen}
          onPress={() => openUploads(!isOpen)}
        />
        {isOver && <IconButton label="Close uploads" icon={X} onPress={() => uploadQueue.clear()} />}
      </header>
      {!isOver && (
        <div className="uploads__all">
          <ProgressBar label="All uploads" value={fraction} text={text} />
        </div>
      )}
      {isOpen && (
        <ul className="uploads__list">
          {uploads.map((upload) => (
            <UploadRow key={upload.id} upload={upload} />
          ))}
        </ul>
      )}
    </section>
  )
}

/** Asks before the page is left while something is uploaded: it would be broken off. */
function useLeaveWarning(isBusy: boolean): void {
  useEffect(() => {
    if (!isBusy) return undefined
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [isBusy])
}
