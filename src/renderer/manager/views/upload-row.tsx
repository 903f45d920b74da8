import { CircleAlert, CircleCheck, Clock, Copy, Eye, LoaderCircle, RotateCw, X } from 'lucide-react'
import { Button, IconButton } from '../../ui/button.tsx'
import { ProgressBar } from '../../ui/progress.tsx'
import { copyLinks } from '../actions/links.ts'
import { uploadQueue } from '../actions/uploads.ts'
import { only } from '../grid/selection.ts'
import { HOME } from '../place.ts'
import type { Upload } from '../state/uploads.ts'
import { goTo, searchFor, select } from '../state/ui.ts'
import { percentText } from '../text.ts'
import { isOpen, lineOf } from '../upload-progress.ts'

const SIGNS = {
  waiting: [Clock, 't3'],
  sending: [LoaderCircle, 'busy'],
  done: [CircleCheck, 'ok'],
  failed: [CircleAlert, 'fail'],
} as const

/** One upload: how far it is, and what can be done about it. */
export function UploadRow({ upload }: { upload: Upload }) {
  const { id, name, bytes, sent, state, mayPass, fileId, share } = upload
  const [Sign, tone] = SIGNS[state]
  const line = lineOf(upload)
  const fraction = bytes === 0 ? 0 : sent / bytes
  return (
    <li className="upload">
      <Sign className={`icon ${tone}`} aria-hidden />
      <div className="upload__text">
        <b className="cut" title={name}>
          {name}
        </b>
        <span className={`small num ${state === 'failed' ? 'fail' : 'cut t3'}`} title={line}>
          {line}
        </span>
        {state === 'sending' && (
          <ProgressBar
            label={`Uploading ${name}`}
            text={`${percentText(fraction)}, ${line}`}
            {...(sent >= bytes ? {} : { value: fraction })}
          />
        )}
      </div>
      {state === 'failed' && mayPass && (
        <Button look="quiet" size="s" icon={RotateCw} onPress={() => uploadQueue.retry(id)}>
          Try again
        </Button>
      )}
      {share && (
        <Button look="quiet" size="s" icon={Copy} onPress={() => void copyLinks([share])}>
          Copy link
        </Button>
      )}
      {fileId !== undefined && (
        <Button look="quiet" size="s" icon={Eye} onPress={() => show(fileId)}>
          Show
        </Button>
      )}
      <IconButton
        label={isOpen(upload) ? `Cancel the upload of ${name}` : `Take ${name} off the list`}
        icon={X}
        size="s"
        onPress={() => uploadQueue.drop(id)}
      />
    </li>
  )
}

/** Selects the file in the library, where the newest stand first. */
function show(fileId: string): void {
  goTo(HOME)
  searchFor('')
  select(() => only(fileId))
}
