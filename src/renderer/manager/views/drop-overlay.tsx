import { FolderPlus, Link } from 'lucide-react'
import { useEffect, useState } from 'react'
import { addFiles, addFolders } from '../actions/add.ts'
import { bridge } from '../bridge.ts'
import { toast } from '../state/toasts.ts'
import { openDialog } from '../state/ui.ts'
import { openShare } from './file-commands.ts'

/** Where in the overlay the pointer is. */
type Zone = 'share' | 'add'

/** What is dragged over the window: the browser tells number and type before the drop, not names. */
type Dragged = { count: number; what: string }

/**
 * Takes files and folders that are dropped on the window. Only the desktop shell is told where they lie; a plain
 * browser says so, and what to do instead.
 */
export function DropOverlay() {
  const [dragged, setDragged] = useState<Dragged | null>(null)
  const [zone, setZone] = useState<Zone | null>(null)

  useEffect(() => {
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false
    const over = (event: DragEvent): void => {
      if (!hasFiles(event) || !event.dataTransfer) return
      event.preventDefault()
      event.dataTransfer.dropEffect = bridge() ? 'link' : 'none'
      if (!bridge()) return
      setDragged(draggedOf(event.dataTransfer))
      const at = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-zone]') : null
      setZone((at?.dataset['zone'] as Zone | undefined) ?? null)
    }
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setDragged(null)
    }
    const drop = (event: DragEvent): void => {
      setDragged(null)
      if (!hasFiles(event) || !event.dataTransfer) return
      event.preventDefault()
      const at = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-zone]') : null
      if (bridge()) void take(event.dataTransfer, at?.dataset['zone'] === 'share')
      else sayWhyNot()
    }
    const listeners = { dragenter: over, dragover: over, dragleave: leave, drop }
    for (const [type, listener] of Object.entries(listeners)) {
      document.addEventListener(type, listener as (event: Event) => void)
    }
    return () => {
      for (const [type, listener] of Object.entries(listeners)) {
        document.removeEventListener(type, listener as (event: Event) => void)
      }
    }
  }, [])

  if (!dragged) return null
  const { count, what } = dragged
  const links = count === 1 ? 'a public link' : `${count} public links`
  return (
    <div className="dropzone" role="status">
      <div className="dropzone__a" data-zone="share" data-over={zone === 'share'}>
        <div>
          <span className="drop-icon">
            <Link className="icon icon--l" aria-hidden />
          </span>
          <h2>Share {count === 1 ? `this ${what}` : `${count} ${what}s`}</h2>
          <p>Makes {links}, once you have confirmed it. The files stay where they are.</p>
        </div>
      </div>
      <div className="dropzone__a dropzone__a--flat" data-zone="add" data-over={zone === 'add'}>
        <FolderPlus className="icon icon--l" aria-hidden />
        <div>
          <b>Only add to the library</b>
          <p>No links are made</p>
        </div>
      </div>
    </div>
  )
}

function draggedOf({ items }: DataTransfer): Dragged {
  const types = [...items].filter((it) => it.kind === 'file').map((it) => it.type)
  const all = (start: string): boolean => types.length > 0 && types.every((type) => type.startsWith(start))
  return { count: types.length, what: all('video/') ? 'video' : all('audio/') ? 'audio file' : 'file' }
}

/** Adds what was dropped; `share` opens the dialog that shares it. */
async function take(transfer: DataTransfer, share: boolean): Promise<void> {
  const shell = bridge()
  if (!shell) return
  const folders: string[] = []
  const files: string[] = []
  // Entries and files can be read only while the drop is handled: no await before this loop is through.
  for (const item of transfer.items) {
    const file = item.getAsFile()
    const path = file ? shell.pathForFile(file) : ''
    if (path === '') continue
    if (item.webkitGetAsEntry()?.isDirectory) folders.push(path)
    else files.push(path)
  }
  if (folders.length > 0) await addFolders(folders)
  if (files.length === 0) return
  const added = await addFiles(files)
  if (share) openShare([...new Set(added.map((file) => file.id))])
}

function sayWhyNot(): void {
  toast('A browser does not tell Matinee where a dropped file lies. Add it by its path instead.', {
    lifeMs: 10_000,
    action: { label: 'Add by path', run: () => openDialog({ kind: 'add', what: 'files' }) },
  })
}
