import { useState, type SubmitEvent } from 'react'
import { Label, RadioButton, RadioField, RadioGroup } from 'react-aria-components'
import type { CreateSegmentation } from '../../../shared/api/segment.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { splitFile } from '../actions/segments.ts'
import { sentenceOf } from '../api.ts'
import { parseTime } from '../clip/times.ts'
import { useLibrary } from '../state/library.ts'
import { closeDialog } from '../state/ui.ts'
import { countText } from '../text.ts'
import { Field, submitByKey } from './text-fields.tsx'

const FORM = 'split-form'

/** Shots that are told apart: how much of the picture has to change, as the API's `threshold`. */
const SENSITIVITY = {
  few: { label: 'Few', text: 'Clear cuts only', threshold: 40 },
  usual: { label: 'Usual', text: 'Fits most films', threshold: 27 },
  many: { label: 'Many', text: 'Small changes too', threshold: 15 },
} as const
type Sensitivity = keyof typeof SENSITIVITY

/** Cuts a file into parts of one length, or where its scenes change. */
export function SplitDialog({ fileId, how }: { fileId: string; how: 'evenly' | 'scenes' }) {
  const file = useLibrary((state) => state.files.get(fileId))
  const [length, setLength] = useState('30')
  const [sensitivity, setSensitivity] = useState<Sensitivity>('usual')
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  if (!file) return null
  const lengthS = parseTime(length)
  const isLengthRight = lengthS !== null && lengthS >= 1 && lengthS <= 120
  const durationS = file.media_info.duration_seconds
  const body: CreateSegmentation =
    how === 'scenes'
      ? {
          strategy: 'shot-detector',
          shot_detector_config: { detector: 'content', threshold: SENSITIVITY[sensitivity].threshold },
        }
      : { strategy: 'uniform', uniform_config: { window_seconds: lengthS ?? 0 } }
  const split = async (): Promise<void> => {
    setBusy(true)
    setFailure(null)
    try {
      await splitFile(fileId, body)
      closeDialog()
    } catch (error) {
      setBusy(false)
      setFailure(sentenceOf(error))
    }
  }
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    if (!isBusy && (how === 'scenes' || isLengthRight)) void split()
  }
  return (
    <Dialog
      title={how === 'scenes' ? 'Split into scenes' : 'Split evenly'}
      subtitle={file.filename}
      narrow
      onClose={closeDialog}
      footer={
        <>
          <span className="grow" />
          <Button look="quiet" onPress={closeDialog}>
            Cancel
          </Button>
          <Button
            look="primary"
            type="submit"
            form={FORM}
            isBusy={isBusy}
            isDisabled={how === 'evenly' && !isLengthRight}
            autoFocus={how === 'scenes'}
          >
            {how === 'scenes' ? 'Look for scenes' : 'Split'}
          </Button>
        </>
      }
    >
      <form id={FORM} className="stack" onSubmit={submit} onKeyDown={submitByKey}>
        {how === 'scenes' ? (
          <RadioGroup
            className="choice"
            value={sensitivity}
            onChange={(value) => setSensitivity(value as Sensitivity)}
          >
            <Label className="label">How many scenes</Label>
            <div className="choice__cards choice__cards--three">
              {(Object.keys(SENSITIVITY) as Sensitivity[]).map((id) => (
                <RadioField key={id} value={id} className="choice__field">
                  <RadioButton className="choice__card">
                    <b>
                      {SENSITIVITY[id].label}
                      <span className="choice__dot" aria-hidden />
                    </b>
                    <span>{SENSITIVITY[id].text}</span>
                  </RadioButton>
                </RadioField>
              ))}
            </div>
            <p className="hint">
              Matinee looks through the whole film, which takes a while. You can go on meanwhile, and cancel
              it.
            </p>
          </RadioGroup>
        ) : (
          <Field
            label="Length of each part"
            value={length}
            onChange={setLength}
            autoFocus
            error={isLengthRight ? null : 'From 1 s to 2 min, such as 30, 1:30 or 45s.'}
            hint={partsText(durationS, lengthS)}
          />
        )}
        <p className="hint">The file itself is never changed: parts are marks in it.</p>
        {failure !== null && (
          <p className="error" role="alert">
            {failure}
          </p>
        )}
      </form>
    </Dialog>
  )
}

function partsText(durationS: number | null, lengthS: number | null): string {
  if (durationS === null || lengthS === null || lengthS <= 0) return 'Seconds, or a time such as 1:30.'
  const count = Math.ceil(durationS / lengthS - 0.001)
  return count <= 1 ? 'The whole file is one part.' : `Makes ${countText(count)} parts.`
}
