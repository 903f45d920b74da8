import { useEffect } from 'react'
import type { Share } from '../../shared/api/share.ts'
import { markHere } from './actions/clip.ts'
import { copyLinks, copyLinksOfFiles } from './actions/links.ts'
import { dismiss, useToasts } from './state/toasts.ts'
import { useLibrary } from './state/library.ts'
import { useShares } from './state/shares.ts'
import { openDialog, useUi } from './state/ui.ts'
import { openShare } from './views/file-commands.ts'

/** True where keys mean text, or belong to something that floats over the page. */
function isTaken(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return (
    target.isContentEditable ||
    target.closest('input, textarea, select, [role="dialog"], [role="alertdialog"], [role="menu"]') !== null
  )
}

/** Keys that count wherever the focus is, unless a dialog or a field has it. */
export function useShortcuts(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || isTaken(event.target)) return
      const { selection, place, dialog } = useUi.getState()
      if (dialog) return
      const command = event.ctrlKey || event.metaKey
      const key = event.key.toLowerCase()
      const chosen = [...selection.ids]
      const only = place.kind === 'shares' || chosen.length !== 1 ? null : (chosen[0] ?? null)
      if (command && key === 'c' && chosen.length > 0 && window.getSelection()?.isCollapsed !== false) {
        if (place.kind === 'shares') void copyLinks(sharesOf(chosen))
        else void copyLinksOfFiles(chosen)
      } else if (command && key === 'z' && !event.shiftKey) undo()
      else if (!command && !event.altKey && key === 's' && chosen.length > 0 && place.kind !== 'shares') {
        openShare(chosen)
      } else if (!command && !event.altKey && (key === 'i' || key === 'o') && only !== null) {
        if (!isPlayable(only)) return
        markHere(only, key === 'i' ? 'start' : 'end')
      } else if (!command && event.key === '?') openDialog({ kind: 'shortcuts' })
      else return
      event.preventDefault()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [])
}

const isPlayable = (fileId: string): boolean => useLibrary.getState().files.get(fileId)?.playable === true

function sharesOf(shareIds: readonly string[]): Share[] {
  const { byId } = useShares.getState()
  return shareIds.map((id) => byId.get(id)).filter((share) => share !== undefined)
}

/** Takes back what the last message offers to take back. */
function undo(): void {
  const last = useToasts.getState().toasts.findLast((it) => it.action?.label === 'Undo')
  if (!last) return
  dismiss(last.id)
  last.action?.run()
}
