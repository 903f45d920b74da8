import { CircleAlert, ListTree, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { File } from '../../../shared/api/file.ts'
import type { Segmentation } from '../../../shared/api/segment.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { MenuButton, type Command } from '../../ui/menu.tsx'
import { ProgressBar } from '../../ui/progress.tsx'
import { removeSegmentation, takeChapters } from '../actions/segments.ts'
import { progressText } from '../file-state.ts'
import { jobOf, useJobs } from '../state/jobs.ts'
import { kindOf, useSegments, type SegmentsState } from '../state/segments.ts'
import { openDialog } from '../state/ui.ts'
import { countText } from '../text.ts'
import { useSync } from '../use-sync.ts'
import { SegmentRow } from './segment-row.tsx'

/** Segments that are listed at first, and more by each press. */
const STEP = 100

/** The segments of the file that the inspector shows, and the ways to make more. */
export function FileSegments({ file }: { file: File }) {
  const sync = useSync()
  const [count, setCount] = useState(STEP)
  const state = useSegments()
  useEffect(() => sync.needSegments(file.id, count), [sync, file.id, count])
  useEffect(() => () => sync.needSegments(null, 0), [sync])
  if (file.status !== 'completed' || state.fileId !== file.id) return null
  const { segments, total, segmentations, failure } = state
  const canSplit = file.playable && !file.missing
  if (!canSplit && total === 0 && failure === null) return null
  const open = segmentations.filter((it) => it.status !== 'completed')

  return (
    <section aria-label="Segments">
      <div className="section__head">
        <h3>Segments {total > 0 && <span className="num">{countText(total)}</span>}</h3>
        {canSplit && (
          <MenuButton label="Split the file" commands={splitCommands(file, state)}>
            <Button look="quiet" size="s" icon={ListTree}>
              Split
            </Button>
          </MenuButton>
        )}
      </div>
      {open.map((it) => (
        <OpenSegmentation key={it.id} segmentation={it} />
      ))}
      {failure !== null ? (
        <p className="error" role="alert">
          <CircleAlert className="icon" aria-hidden />
          <span className="grow">{failure}</span>
          <Button size="s" onPress={sync.retry}>
            Try again
          </Button>
        </p>
      ) : segments === null ? (
        <div className="segment" aria-busy role="status" aria-label="Loading the segments">
          <span className="segment__picture skeleton" />
          <span className="skeleton card__line" />
        </div>
      ) : segments.length === 0 ? (
        open.length === 0 && <p className="hint">None yet. Mark a clip and save it, or split the file.</p>
      ) : (
        <ul className="segments">
          {segments.map((it) => (
            <SegmentRow key={it.id} segment={it} />
          ))}
        </ul>
      )}
      {segments !== null && segments.length < total && (
        <Button look="quiet" size="s" onPress={() => setCount(count + STEP)}>
          Show more of {countText(total)}
        </Button>
      )}
    </section>
  )
}

/** Ways to cut a file, and to take back what they have made. */
function splitCommands(file: File, { segmentations, chapters }: SegmentsState): (Command | null)[] {
  const done = segmentations.filter((it) => it.status === 'completed' && it.total_segments > 0)
  const hasChapters = done.some((it) => it.criteria === 'chapters')
  return [
    ...(chapters > 0 && !hasChapters
      ? [
          {
            id: 'chapters',
            label: chapters === 1 ? 'Use the chapter' : `Use the ${countText(chapters)} chapters`,
            run: () => void takeChapters(file.id),
          },
        ]
      : []),
    ...(file.media_type === 'audio'
      ? []
      : [
          {
            id: 'scenes',
            label: 'Split into scenes…',
            run: () => openDialog({ kind: 'split', fileId: file.id, how: 'scenes' as const }),
          },
        ]),
    {
      id: 'evenly',
      label: 'Split evenly…',
      run: () => openDialog({ kind: 'split', fileId: file.id, how: 'evenly' }),
    },
    ...(done.length > 0 ? [null] : []),
    ...done.map((it) => ({
      id: it.id,
      label: `Remove the ${countText(it.total_segments)} ${kindOf(it)}`,
      danger: true,
      run: () => void removeSegmentation(it),
    })),
  ]
}

/** A cut that is not done: scenes are looked for, or could not be found. */
function OpenSegmentation({ segmentation }: { segmentation: Segmentation }) {
  const job = useJobs((state) => jobOf(state, segmentation.file_id, 'segments'))
  const remove = (): void => void removeSegmentation(segmentation)
  if (segmentation.status === 'failed') {
    return (
      <div className="segment-work" role="alert">
        <CircleAlert className="icon fail" aria-hidden />
        <span className="grow small">{segmentation.failure?.message ?? 'No scenes could be found.'}</span>
        <IconButton label="Close this message" icon={X} size="s" onPress={remove} />
      </div>
    )
  }
  const text = progressText('Looking for scenes', job?.progress, job)
  return (
    <div className="segment-work">
      <span className="grow">
        <span className="small busy num">{text}</span>
        <ProgressBar
          label="Looking for scenes"
          text={text}
          {...(job?.progress === undefined ? {} : { value: job.progress })}
        />
      </span>
      <Button look="quiet" size="s" onPress={remove}>
        Cancel
      </Button>
    </div>
  )
}
