import { Check } from 'lucide-react'
import { CheckboxButton, CheckboxField } from 'react-aria-components'
import type { File } from '../../../shared/api/file.ts'
import { bytesText } from '../../../shared/media-text.ts'
import type { Part } from '../state/ui.ts'

type KeepChoiceProps = {
  isOn: boolean
  onChange: (isOn: boolean) => void
  /** About what the copy takes; null when nobody can tell. */
  bytes: number | null
}

/** Whether a share gets a copy of its own, so that it outlives its file. */
export function KeepChoice({ isOn, onChange, bytes }: KeepChoiceProps) {
  return (
    <CheckboxField isSelected={isOn} onChange={onChange} className="keep">
      <CheckboxButton className="keep__button">
        <span className="keep__box" aria-hidden>
          <Check className="icon" />
        </span>
        <span className="grow">
          <b>Keep a copy</b>
          <span className="hint">
            Works even when the file is gone{bytes === null ? '' : `; needs about ${bytesText(bytes)}`}.
          </span>
        </span>
      </CheckboxButton>
    </CheckboxField>
  )
}

/** What the copy of a file or of a part of it takes, in bytes: its stream has the size of what it is made of. */
export function neededBytes(
  { bytes, media_info: { duration_seconds: durationS } }: File,
  part?: Part,
): number | null {
  if (!part) return bytes
  return durationS === null || durationS <= 0 ? null : (bytes * (part.endS - part.startS)) / durationS
}
