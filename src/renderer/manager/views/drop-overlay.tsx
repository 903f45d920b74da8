import { FolderPlus, Link, Upload } from 'lucide-react'
import { useEffect, useState } from 'react'
import { bridge } from '../bridge.ts'
import { takeDropped } from './dropped.ts'

/** Where in the overlay the pointer is. */
type Zone = 'share' | 'add'

/** What is dragged over the window: the browser tells number and type before the drop, not names. */
type Dragged = { count: number; what: string }

/** Takes files and folders that are dropped on the window, and says before what will be done with them. */
export function DropOverlay() {
  const [dragged, setDragged] = useState<Dragged | null>(null)
  const [zone, setZone] = useState<Zone | null>(null)

  useEffect(() => {
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false
    const over = (event: DragEvent): void => {
      if (!hasFiles(event) || !event.dataTransfer) return
      event.preventDefault()
      event.dataTransfer.dropEffect = bridge() ? effectOf(event.dataTransfer) : 'copy'
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
      void takeDropped(event.dataTransfer, at?.dataset['zone'] === 'share')
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
  const isUpload = !bridge()
  const AddIcon = isUpload ? Upload : FolderPlus
  return (
    <div className="dropzone" role="status">
      <div className="dropzone__a" data-zone="share" data-over={zone === 'share'}>
        <div>
          <span className="drop-icon">
            <Link className="icon icon--l" aria-hidden />
          </span>
          <h2>Share {count === 1 ? `this ${what}` : `${count} ${what}s`}</h2>
          <p>
            {isUpload
              ? `Uploads ${count === 1 ? 'it' : 'them'} into Matinee, then makes ${links}.`
              : `Makes ${links}, once you have confirmed it. The files stay where they are.`}
          </p>
        </div>
      </div>
      <div className="dropzone__a dropzone__a--flat" data-zone="add" data-over={zone === 'add'}>
        <AddIcon className="icon icon--l" aria-hidden />
        <div>
          <b>{isUpload ? 'Only upload to the library' : 'Only add to the library'}</b>
          <p>No links are made</p>
        </div>
      </div>
    </div>
  )
}

/**
 * Nothing is copied, so a link it is. Programs that offer a copy alone would take the drop back, and to one that is told
 * of a move the file would be gone.
 */
const effectOf = ({ effectAllowed }: DataTransfer): 'link' | 'copy' =>
  /link|all|uninitialized/i.test(effectAllowed) ? 'link' : 'copy'

function draggedOf({ items }: DataTransfer): Dragged {
  const types = [...items].filter((it) => it.kind === 'file').map((it) => it.type)
  const all = (start: string): boolean => types.length > 0 && types.every((type) => type.startsWith(start))
  return { count: types.length, what: all('video/') ? 'video' : all('audio/') ? 'audio file' : 'file' }
}
