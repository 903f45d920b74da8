import { Bookmark, CircleAlert, CircleCheck, Download, Info, Link, Play, X } from 'lucide-react'
import { useState } from 'react'
import type { File } from '../../../shared/api/file.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { markHere, playPart, showEdge } from '../actions/clip.ts'
import { saveSegment } from '../actions/segments.ts'
import { costText } from '../clip/cost-text.ts'
import { faultOf, NO_MARKS, rounded, stretchOf, withEnd, withStart, type Stretch } from '../clip/marks.ts'
import { lengthText, timeCode } from '../clip/times.ts'
import { useCut } from '../clip/use-cut.ts'
import { mark, marksOf, useMarks } from '../state/marks.ts'
import { usePreview } from '../state/preview.ts'
import { openDialog } from '../state/ui.ts'
import { ClipStrip } from './clip-strip.tsx'
import { openShareOfPart } from './file-commands.ts'
import { TimeField } from './time-field.tsx'

type Fault = { which: 'start' | 'end'; text: string }

/** Marks a part of the file whose player is open: by keys, by dragging, by typed times. Never touches the file. */
export function ClipPanel({ file }: { file: File }) {
  const marks = useMarks((state) => marksOf(state, file.id))
  const hasPlayer = usePreview((state) => state.preview?.fileId === file.id)
  const [fault, setFault] = useState<Fault | null>(null)
  const durationS = file.media_info.duration_seconds
  const stretch = stretchOf(marks, durationS)

  if (!hasPlayer && !stretch) return null
  const type = (which: 'start' | 'end', seconds: number | null): void => {
    const found = faultOf(which, seconds, marks, durationS)
    if (found !== null || seconds === null) {
      setFault({ which, text: faultText(found ?? 'unreadable', durationS) })
      return
    }
    setFault(null)
    mark(file.id, (it) => (which === 'start' ? withStart(it, seconds) : withEnd(it, seconds)))
    showEdge(file.id, which, seconds)
  }
  const set = (which: 'start' | 'end'): void => {
    setFault(null)
    markHere(file.id, which)
  }
  const field = (which: 'start' | 'end') => ({
    isInvalid: fault?.which === which,
    onType: (seconds: number | null) => type(which, seconds),
    onLeave: () => setFault(null),
  })

  return (
    <section className="clip" aria-label="Clip">
      {durationS !== null && <ClipStrip file={file} durationS={durationS} marks={marks} />}
      <div className="clip__times">
        <TimeField label="In" value={marks.startS} empty={timeCode(0)} {...field('start')} />
        <Button size="s" onPress={() => set('start')} isDisabled={!hasPlayer} aria-label="Set in here">
          <kbd className="kbd">I</kbd>
        </Button>
        <TimeField
          label="Out"
          value={marks.endS}
          empty={durationS === null ? 'End' : timeCode(rounded(durationS))}
          {...field('end')}
        />
        <Button size="s" onPress={() => set('end')} isDisabled={!hasPlayer} aria-label="Set out here">
          <kbd className="kbd">O</kbd>
        </Button>
      </div>
      {fault && (
        <p className="field__error" role="alert">
          {fault.text}
        </p>
      )}
      {stretch ? (
        <Marked key={file.id} file={file} stretch={stretch} />
      ) : (
        <p className="hint">
          Press I where the clip begins and O where it ends, or drag the two ends. The file itself is never
          changed.
        </p>
      )}
    </section>
  )
}

function faultText(fault: NonNullable<ReturnType<typeof faultOf>>, durationS: number | null): string {
  switch (fault) {
    case 'unreadable':
      return 'Write a time such as 1:23.5, 83.5 or 1h2m3s.'
    case 'behind_end':
      return 'A clip begins before it ends.'
    case 'not_behind_start':
      return 'A clip ends behind its beginning.'
    case 'beyond_file':
      return `The file ends at ${timeCode(rounded(durationS ?? 0))}.`
  }
}

/** What is marked: its length, what it costs, and what can be done with it. */
function Marked({ file, stretch }: { file: File; stretch: Stretch }) {
  return (
    <>
      <div className="clip__length">
        <span className="grow num">
          Length <b>{lengthText(stretch.endS - stretch.startS)}</b>
        </span>
        <Button look="quiet" size="s" icon={Play} onPress={() => playPart(file.id, stretch)}>
          Play clip
        </Button>
        <IconButton label="Clear the marks" icon={X} size="s" onPress={() => mark(file.id, () => NO_MARKS)} />
      </div>
      <Cost fileId={file.id} stretch={stretch} />
      <div className="clip__actions">
        <Button look="primary" icon={Link} className="grow" onPress={() => openShareOfPart(file.id, stretch)}>
          Share clip
        </Button>
        <Button icon={Bookmark} onPress={() => void saveSegment(file.id, stretch)}>
          Save
        </Button>
        <IconButton
          label="Export clip…"
          icon={Download}
          className="icon-btn--filled"
          onPress={() => openDialog({ kind: 'export', fileId: file.id, part: stretch })}
        />
      </div>
    </>
  )
}

const SIGNS = { ok: CircleCheck, plain: Info }

function Cost({ fileId, stretch }: { fileId: string; stretch: Stretch }) {
  const answer = useCut(fileId, stretch)
  if (answer.state === 'asking') {
    return (
      <div className="clip__cost" aria-busy>
        <span className="skeleton clip__wait" />
      </div>
    )
  }
  if (answer.state === 'failed') {
    return (
      <div className="clip__cost" role="alert">
        <CircleAlert className="icon fail" aria-hidden />
        <span>{answer.reason}</span>
      </div>
    )
  }
  const { tone, title, text } = costText(answer.cut)
  const Sign = SIGNS[tone]
  return (
    <div className="clip__cost" role="status">
      <Sign className={`icon ${tone}`} aria-hidden />
      <span>
        <b>{title}</b>
        {text}
      </span>
    </div>
  )
}
