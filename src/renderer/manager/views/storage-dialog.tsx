import { RefreshCw } from 'lucide-react'
import { useCallback, useEffect, useState } from 'react'
import type { Disposable, Storage } from '../../../shared/api/storage.ts'
import { bytesText } from '../../../shared/media-text.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { api, sentenceOf } from '../api.ts'
import { closeDialog } from '../state/ui.ts'
import { countOf } from '../text.ts'
import { STORAGE_PARTS, totalBytes } from '../storage-parts.ts'
import { DoneFoot } from './done-foot.tsx'

/** What Matinee takes of the disk, part by part, and the emptying of what can be made again. */
export function StorageDialog() {
  const [storage, setStorage] = useState<Storage | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const [clearing, setClearing] = useState<Disposable | 'all' | null>(null)
  const take = useCallback((asked: Promise<Storage>): Promise<void> => {
    return asked.then(
      (answer) => {
        setStorage(answer)
        setFailure(null)
      },
      (error: unknown) => setFailure(sentenceOf(error)),
    )
  }, [])
  useEffect(() => void take(api.storage.get()), [take])

  const clear = async (what: Disposable[], which: Disposable | 'all'): Promise<void> => {
    setClearing(which)
    await take(api.storage.clear(what))
    setClearing(null)
  }
  const disposable = STORAGE_PARTS.flatMap(({ part, clear: it }) =>
    it && storage && storage[part].bytes > 0 ? [it] : [],
  )

  return (
    <Dialog
      title="Storage"
      subtitle={
        storage ? (
          <span className="num">
            {bytesText(totalBytes(storage))} used, {bytesText(storage.free_bytes)} free on this disk
          </span>
        ) : (
          'Being measured'
        )
      }
      onClose={closeDialog}
      footer={
        <DoneFoot>
          <Button
            look="quiet"
            isDisabled={disposable.length === 0}
            isBusy={clearing === 'all'}
            onPress={() => void clear(disposable, 'all')}
          >
            Clear all that can be made again
          </Button>
        </DoneFoot>
      }
    >
      {failure !== null && (
        <p className="error" role="alert">
          <span className="grow">{failure}</span>
          <Button size="s" icon={RefreshCw} onPress={() => void take(api.storage.get())}>
            Try again
          </Button>
        </p>
      )}
      <ul className="storage" aria-busy={storage === null && failure === null}>
        {STORAGE_PARTS.map(({ part, label, text, clear: what }) => (
          <li key={part}>
            <span className="grow">
              <b>{label}</b>
              <span className="small t3">{text}</span>
            </span>
            {storage ? (
              <span className="num right">
                {bytesText(storage[part].bytes)}
                <span className="small t3">
                  {part === 'kept'
                    ? countOf(storage[part].count, 'copy', 'copies')
                    : countOf(storage[part].count, 'file')}
                </span>
              </span>
            ) : (
              failure === null && <span className="skeleton storage__wait" />
            )}
            <span className="storage__act">
              {what && (
                <Button
                  size="s"
                  aria-label={`Clear ${label.toLowerCase()}`}
                  isDisabled={!storage || storage[part].bytes === 0}
                  isBusy={clearing === what}
                  onPress={() => void clear([what], what)}
                >
                  Clear
                </Button>
              )}
            </span>
          </li>
        ))}
      </ul>
      <p className="hint">
        Your own files are never touched. What is being watched right now stays when you clear.
      </p>
    </Dialog>
  )
}
