import { Download, Ellipsis, Film, Globe, Link, Lock, Pencil, Play, ScanLine, Trash2 } from 'lucide-react'
import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { Button as AriaButton, Input } from 'react-aria-components'
import type { FileSegment } from '../../../shared/api/segment.ts'
import { IconButton } from '../../ui/button.tsx'
import { MenuButton, type Command } from '../../ui/menu.tsx'
import { playPart, showEdge } from '../actions/clip.ts'
import { copyLinks } from '../actions/links.ts'
import { deleteSegment, nameSegment } from '../actions/segments.ts'
import { segmentPosterUrl } from '../api.ts'
import { lengthText, tenthsCode } from '../clip/times.ts'
import { copyLabel } from '../share-text.ts'
import { mark } from '../state/marks.ts'
import { nameOf } from '../state/segments.ts'
import { sharesOfSegment, useShares } from '../state/shares.ts'
import { openDialog, renameSegment, useUi } from '../state/ui.ts'
import { openShareOfPart } from './file-commands.ts'

/** A segment in the list: a press plays it, its menu does the rest. */
export function SegmentRow({ segment }: { segment: FileSegment }) {
  const { id, file_id: fileId, start_time: startS, end_time: endS } = segment
  const shares = useShares((state) => state.byId)
  const own = sharesOfSegment(shares, segment)
  const isRenaming = useUi((state) => state.renaming === id)
  const name = nameOf(segment)
  const range = `${tenthsCode(startS)} – ${tenthsCode(endS)}`
  const title = name ?? range
  const line = name === undefined ? lengthText(endS - startS) : `${range} · ${lengthText(endS - startS)}`
  const stretch = { startS, endS }
  const share = (): void =>
    openShareOfPart(fileId, { ...stretch, segmentId: id, ...(name === undefined ? {} : { name }) })
  const remove = (): void => void deleteSegment(segment)

  const commands: (Command | null)[] = [
    { id: 'play', label: 'Play', icon: Play, run: () => playPart(fileId, stretch) },
    {
      id: 'mark',
      label: 'Mark it again',
      icon: ScanLine,
      run: () => {
        mark(fileId, () => stretch)
        showEdge(fileId, 'start', startS)
      },
    },
    { id: 'rename', label: 'Rename', icon: Pencil, keys: 'F2', run: () => renameSegment(id) },
    null,
    { id: 'share', label: own.length > 0 ? 'Show the share' : 'Share…', icon: Link, run: share },
    ...(own.length > 0
      ? [{ id: 'copy', label: copyLabel(own), icon: Link, run: () => void copyLinks(own) }]
      : []),
    {
      id: 'export',
      label: 'Export…',
      icon: Download,
      run: () =>
        openDialog({
          ...{ kind: 'export', fileId },
          part: { ...stretch, segmentId: id, ...(name === undefined ? {} : { name }) },
        }),
    },
    null,
    { id: 'delete', label: 'Delete', icon: Trash2, keys: 'Del', danger: true, run: remove },
  ]
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target instanceof HTMLInputElement) return
    if (event.key === 'F2') renameSegment(id)
    else if (event.key === 'Delete') remove()
    else return
    event.preventDefault()
  }

  return (
    <li className="segment" onKeyDown={onKeyDown}>
      {isRenaming ? (
        <>
          <Picture segment={segment} />
          <NameField segment={segment} placeholder={range} />
        </>
      ) : (
        <AriaButton
          className="segment__main"
          aria-label={`Play ${title}, ${line}`}
          onPress={() => playPart(fileId, stretch)}
        >
          <Picture segment={segment} />
          <span className="grow">
            <span className={`cut segment__name ${name === undefined ? 'num' : ''}`} title={title}>
              {title}
            </span>
            <span className="small t3 num cut">{line}</span>
          </span>
        </AriaButton>
      )}
      <IconButton
        label={own.length > 0 ? `Show the share of ${title}` : `Share ${title}`}
        icon={own.some((it) => it.visibility === 'public') ? Globe : own.length > 0 ? Lock : Link}
        size="s"
        {...(own.length > 0 ? { tone: 'ok' as const } : {})}
        onPress={share}
      />
      <MenuButton label={`More for ${title}`} commands={commands}>
        <IconButton label={`More for ${title}`} icon={Ellipsis} size="s" />
      </MenuButton>
    </li>
  )
}

function Picture({ segment }: { segment: FileSegment }) {
  const url = segmentPosterUrl(segment)
  const [isBroken, setBroken] = useState(false)
  return (
    <span className="segment__picture">
      {url === undefined || isBroken ? (
        <Film className="icon" aria-hidden />
      ) : (
        <img src={url} alt="" loading="lazy" decoding="async" onError={() => setBroken(true)} />
      )}
    </span>
  )
}

function NameField({ segment, placeholder }: { segment: FileSegment; placeholder: string }) {
  const field = useRef<HTMLInputElement>(null)
  const isDone = useRef(false)
  useEffect(() => {
    field.current?.focus()
    field.current?.select()
    field.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  const end = (isKept: boolean): void => {
    if (isDone.current) return
    isDone.current = true
    const row = field.current?.closest('li')
    if (isKept) void nameSegment(segment, field.current?.value ?? '')
    renameSegment(null)
    // The keyboard stays with the segment.
    requestAnimationFrame(() => row?.querySelector('button')?.focus())
  }
  return (
    <Input
      ref={field}
      className="input segment__field grow"
      aria-label="Name of the segment"
      defaultValue={nameOf(segment) ?? ''}
      placeholder={placeholder}
      maxLength={200}
      onBlur={() => end(true)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== 'Escape') return
        event.preventDefault()
        event.stopPropagation()
        end(event.key === 'Enter')
      }}
    />
  )
}
