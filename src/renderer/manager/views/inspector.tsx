import {
  CircleAlert,
  CircleCheck,
  Ellipsis,
  Info,
  Link,
  LoaderCircle,
  MousePointerClick,
  Scissors,
  X,
} from 'lucide-react'
import type { KeyboardEvent } from 'react'
import type { File } from '../../../shared/api/file.ts'
import { bytesText, durationText } from '../../../shared/media-text.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { MenuButton } from '../../ui/menu.tsx'
import { markHere, stepFrames, stepSeconds } from '../actions/clip.ts'
import { stretchOf } from '../clip/marks.ts'
import { isShareable, verdictOf, type Verdict } from '../file-state.ts'
import { chief, cleared } from '../grid/selection.ts'
import { useLibrary } from '../state/library.ts'
import { useShares } from '../state/shares.ts'
import { marksOf, useMarks } from '../state/marks.ts'
import { playPreview, select, useUi } from '../state/ui.ts'
import { countText, factsOf, folderOf } from '../text.ts'
import { useNow } from '../use-now.ts'
import { ClipPanel } from './clip-panel.tsx'
import { fileCommands, openShare } from './file-commands.ts'
import { FileShares } from './file-shares.tsx'
import { FileSegments } from './file-segments.tsx'
import { Preview } from './preview.tsx'

/** The right side: what is known of the selected file, its preview, its shares. */
export function Inspector({ isSheet }: { isSheet: boolean }) {
  const selection = useUi((state) => state.selection)
  const chiefId = chief(selection)
  const file = useLibrary((state) => (chiefId === null ? undefined : state.files.get(chiefId)))
  const several = selection.ids.size > 1
  return (
    <aside
      className={isSheet ? 'inspector inspector--sheet' : 'inspector'}
      aria-label="Inspector"
      onKeyDown={backToGrid}
    >
      {isSheet && (
        <header className="inspector__bar">
          <span className="cut grow">{file?.filename}</span>
          <IconButton label="Close" icon={X} size="l" onPress={() => select(cleared)} />
        </header>
      )}
      <div className="inspector__scroll">
        {several ? <Several ids={selection.ids} /> : file ? <One key={file.id} file={file} /> : <Nobody />}
      </div>
    </aside>
  )
}

/** Escape leads back to where the file was chosen. */
function backToGrid(event: KeyboardEvent): void {
  if (event.key !== 'Escape' || event.defaultPrevented) return
  document.querySelector<HTMLElement>('.vgrid [tabindex="0"]')?.focus()
}

function Nobody() {
  return (
    <div className="inspector__none">
      <MousePointerClick className="icon icon--l" aria-hidden />
      <p>Select a file to see it here, play it and share it.</p>
    </div>
  )
}

function One({ file }: { file: File }) {
  const now = useNow()
  const isShared = useShares((state) => (state.byFile.get(file.id)?.length ?? 0) > 0)
  const canShare = isShared || isShareable(file)
  const isMarked = useMarks(
    (state) => stretchOf(marksOf(state, file.id), file.media_info.duration_seconds) !== null,
  )
  const isPlaying = useUi((state) => state.playing === file.id)
  return (
    <>
      {file.playable ? (
        <div className="clipping" onKeyDownCapture={(event) => clipByKey(event, file.id)}>
          <Preview file={file} />
          <ClipPanel file={file} />
        </div>
      ) : (
        <Preview file={file} />
      )}
      <div>
        <h2>{file.filename}</h2>
        <p className="small t3 cut inspector__path" title={file.path}>
          {file.source === 'upload' ? 'Uploaded' : folderOf(file.path)}
        </p>
      </div>
      <div className="inspector__actions">
        {canShare && (
          <Button
            look={isMarked ? 'plain' : 'primary'}
            size="l"
            icon={Link}
            className="grow"
            onPress={() => openShare([file.id])}
          >
            {isMarked ? 'Share whole file' : 'Share'}
          </Button>
        )}
        {file.playable && !isPlaying && !isMarked && (
          <Button size="l" icon={Scissors} onPress={() => playPreview(file.id)}>
            Clip
          </Button>
        )}
        <MenuButton label="More actions" commands={fileCommands([file.id])}>
          {canShare ? (
            <IconButton label="More actions" icon={Ellipsis} size="l" className="icon-btn--filled" />
          ) : (
            <Button size="l" icon={Ellipsis}>
              More actions
            </Button>
          )}
        </MenuButton>
      </div>
      <VerdictBox verdict={verdictOf(file)} />
      <FileSegments file={file} />
      <FileShares fileId={file.id} />
      <section>
        <h3>Facts</h3>
        <dl className="facts num">
          {factsOf(file, now).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
          <div>
            <dt>Path</dt>
            <dd className="facts__path">{file.path}</dd>
          </div>
        </dl>
      </section>
    </>
  )
}

/** Where keys have a use of their own; the player's bar for seeking is moved picture by picture here. */
const OWN_KEYS = 'input, textarea, select, [role="menu"], [role="slider"]:not(.player__seek)'

/** Keys that mark and step while the player or the marks have the keyboard, before the player takes them. */
function clipByKey(event: KeyboardEvent, fileId: string): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  if (event.target instanceof Element && event.target.closest(OWN_KEYS)) return
  const back = event.key === 'ArrowLeft'
  if (event.key.toLowerCase() === 'i') markHere(fileId, 'start')
  else if (event.key.toLowerCase() === 'o') markHere(fileId, 'end')
  else if (back || event.key === 'ArrowRight') {
    if (event.shiftKey) stepSeconds(back ? -1 : 1)
    else stepFrames(back ? -1 : 1)
  } else return
  event.preventDefault()
  event.stopPropagation()
}

const SIGNS = { ok: CircleCheck, busy: LoaderCircle, fail: CircleAlert, plain: Info }

function VerdictBox({ verdict }: { verdict: Verdict }) {
  const Icon = SIGNS[verdict.tone]
  return (
    <div className="verdict">
      <Icon className={`icon ${verdict.tone}`} aria-hidden />
      <span>
        <b>{verdict.title}</b>
        {verdict.text}
      </span>
    </div>
  )
}

function Several({ ids }: { ids: ReadonlySet<string> }) {
  const files = useLibrary((state) => state.files)
  const known = [...ids].map((id) => files.get(id)).filter((file) => file !== undefined)
  const seconds = known.reduce((sum, file) => sum + (file.media_info.duration_seconds ?? 0), 0)
  const bytes = known.reduce((sum, file) => sum + file.bytes, 0)
  const isWhole = known.length === ids.size
  return (
    <>
      <div>
        <h2 className="num">{countText(ids.size)} files selected</h2>
        {isWhole && (
          <p className="small t3 num">
            {seconds > 0 && `${durationText(seconds)} · `}
            {bytesText(bytes)}
          </p>
        )}
      </div>
      <ul className="inspector__names" aria-label="Selected files">
        {known.slice(0, 12).map((file) => (
          <li key={file.id} className="cut" title={file.filename}>
            {file.filename}
          </li>
        ))}
        {ids.size > 12 && <li className="t3">and {countText(ids.size - 12)} more</li>}
      </ul>
    </>
  )
}
