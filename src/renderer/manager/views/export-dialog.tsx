import { useState, type SubmitEvent } from 'react'
import { Label, RadioButton, RadioField, RadioGroup } from 'react-aria-components'
import type { File } from '../../../shared/api/file.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { startExport } from '../actions/exports.ts'
import { sentenceOf } from '../api.ts'
import { costText } from '../clip/cost-text.ts'
import type { Stretch } from '../clip/marks.ts'
import { useCut } from '../clip/use-cut.ts'
import {
  EXPORT_CHOICES,
  exportBody,
  FIT_SIZES_MB,
  sizeIn,
  sizeText,
  whyNot,
  type ExportChoice,
} from '../export-choice.ts'
import { useLibrary } from '../state/library.ts'
import { closeDialog, type Part } from '../state/ui.ts'
import { Subject } from './subject.tsx'
import { Field, submitByKey } from './text-fields.tsx'

const FORM = 'export-form'

/** Makes a file of a file or of a part of it, which is saved when it is made. */
export function ExportDialog({ fileId, part }: { fileId: string; part?: Part | undefined }) {
  const file = useLibrary((state) => state.files.get(fileId))
  return file ? <ExportForm file={file} part={part ?? null} /> : null
}

function ExportForm({ file, part }: { file: File; part: Part | null }) {
  const wholeS = file.media_info.duration_seconds
  const [isWhole, setWhole] = useState(part === null)
  const stretch = isWhole ? null : part
  const lengthS = stretch ? stretch.endS - stretch.startS : wholeS
  const [wished, setWished] = useState<ExportChoice>(file.media_type === 'audio' ? 'm4a' : 'mp4')
  const [size, setSize] = useState('10')
  const [isBusy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const sizeMb = sizeIn(size)
  const mayBe = (choice: ExportChoice): boolean => whyNot(choice, file, lengthS) === null
  // What was chosen for the clip may be none for the whole file.
  const choice = mayBe(wished) ? wished : EXPORT_CHOICES.find(({ id }) => mayBe(id))?.id
  const isReady = choice !== undefined && (choice !== 'fit' || sizeMb !== null)

  const start = async (): Promise<void> => {
    if (!isReady) return
    setBusy(true)
    setFailure(null)
    try {
      await startExport(file.id, exportBody(choice, stretch, sizeMb ?? 0))
      closeDialog()
    } catch (error) {
      setBusy(false)
      setFailure(sentenceOf(error))
    }
  }
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault()
    if (!isBusy) void start()
  }

  return (
    <Dialog
      title="Export"
      onClose={closeDialog}
      footer={
        <>
          <span className="state grow num">{choice && sizeText(choice, file, lengthS, sizeMb ?? 0)}</span>
          <Button look="quiet" onPress={closeDialog}>
            Cancel
          </Button>
          <Button look="primary" type="submit" form={FORM} isBusy={isBusy} isDisabled={!isReady}>
            Export
          </Button>
        </>
      }
    >
      <form id={FORM} className="stack" onSubmit={submit} onKeyDown={submitByKey}>
        <Subject
          file={file}
          stretch={stretch}
          name={stretch ? part?.name : undefined}
          note="The file itself is never changed."
        />
        {part && (
          <RadioGroup
            className="segmented-field"
            orientation="horizontal"
            value={isWhole ? 'whole' : 'part'}
            onChange={(value) => setWhole(value === 'whole')}
          >
            <Label className="label">What</Label>
            <div className="segmented">
              <Segment value="part">Clip</Segment>
              <Segment value="whole">Whole file</Segment>
            </div>
          </RadioGroup>
        )}
        <RadioGroup
          className="choice"
          value={choice ?? null}
          onChange={(value) => setWished(value as ExportChoice)}
        >
          <Label className="label">As</Label>
          <div className="choice__cards choice__cards--three">
            {EXPORT_CHOICES.map(({ id, label, text }) => {
              const reason = whyNot(id, file, lengthS)
              return (
                <RadioField key={id} value={id} className="choice__field" isDisabled={reason !== null}>
                  <RadioButton className="choice__card">
                    <b>
                      {label}
                      <span className="choice__dot" aria-hidden />
                    </b>
                    <span>{reason ?? text}</span>
                  </RadioButton>
                </RadioField>
              )
            })}
          </div>
        </RadioGroup>
        {choice === 'fit' && <SizeChoice size={size} onChange={setSize} />}
        {choice === 'mp4' && stretch && <CutLine fileId={file.id} stretch={stretch} />}
        {failure !== null && (
          <p className="error" role="alert">
            {failure}
          </p>
        )}
      </form>
    </Dialog>
  )
}

function Segment({ value, children }: { value: string; children: string }) {
  return (
    <RadioField value={value} className="segmented__field">
      <RadioButton className="segmented__item">{children}</RadioButton>
    </RadioField>
  )
}

const OWN = 'own'

function SizeChoice({ size, onChange }: { size: string; onChange: (size: string) => void }) {
  const [isOwn, setOwn] = useState(false)
  return (
    <div className="fit">
      <RadioGroup
        className="segmented-field"
        orientation="horizontal"
        value={isOwn ? OWN : size}
        onChange={(value) => {
          setOwn(value === OWN)
          if (value !== OWN) onChange(value)
        }}
      >
        <Label className="label">Fits into</Label>
        <div className="segmented">
          {FIT_SIZES_MB.map((it) => (
            <Segment key={it} value={String(it)}>
              {`${it} MB`}
            </Segment>
          ))}
          <Segment value={OWN}>Other</Segment>
        </div>
      </RadioGroup>
      {isOwn && (
        <Field
          label="Megabytes"
          value={size}
          onChange={onChange}
          autoFocus
          error={sizeIn(size) === null ? 'A number of megabytes, such as 12 or 7.5.' : null}
        />
      )}
    </div>
  )
}

function CutLine({ fileId, stretch }: { fileId: string; stretch: Stretch }) {
  const answer = useCut(fileId, stretch)
  if (answer.state === 'asking') return <p className="hint">Looking at where to cut…</p>
  if (answer.state === 'failed') return <p className="hint">{answer.reason}</p>
  const { title, text } = costText(answer.cut)
  return (
    <p className="hint num-line">
      {title}. {text}
    </p>
  )
}
