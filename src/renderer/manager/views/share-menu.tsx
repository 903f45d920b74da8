import { Code, Copy, ExternalLink, Film, Link, Pencil, ShieldCheck, Trash2 } from 'lucide-react'
import type { Share } from '../../../shared/api/share.ts'
import { PointMenu, type Command } from '../../ui/menu.tsx'
import { copyLinks } from '../actions/links.ts'
import { deleteShares } from '../actions/shares.ts'
import { keys } from '../bridge.ts'
import { only } from '../grid/selection.ts'
import { HOME } from '../place.ts'
import { copyLabel } from '../share-text.ts'
import { useLibrary } from '../state/library.ts'
import { goTo, openDialog, searchFor, select } from '../state/ui.ts'
import { countOf } from '../text.ts'

type ShareMenuProps = { shares: readonly Share[]; at: { x: number; y: number }; onClose: () => void }

/** The context menu of one or several shares. */
export function ShareMenu({ shares, at, onClose }: ShareMenuProps) {
  const [first] = shares
  const one = shares.length === 1 ? first : undefined
  // Nobody can sign in, or unlock it, inside a frame.
  const isEmbeddable = one?.visibility === 'public' && !one.password_protected
  const commands: (Command | null | false | undefined)[] = [
    {
      id: 'copy',
      label: copyLabel(shares),
      icon: Copy,
      keys: keys('C'),
      run: () => void copyLinks(shares),
    },
    one?.visibility === 'public' && {
      id: 'open',
      label: 'Open share page',
      icon: ExternalLink,
      run: () => void window.open(one.share_url, '_blank', 'noreferrer'),
    },
    one && {
      id: 'embed',
      label: isEmbeddable ? 'Link and embed code…' : 'Links…',
      icon: isEmbeddable ? Code : Link,
      keys: 'Enter',
      run: () => openDialog({ kind: 'share-link', shareId: one.id, why: 'shown' }),
    },
    one && {
      id: 'edit',
      label: 'Edit…',
      icon: Pencil,
      run: () => openDialog({ kind: 'share-edit', shareId: one.id }),
    },
    one && {
      id: 'check',
      label: 'Check this share…',
      icon: ShieldCheck,
      run: () => openDialog({ kind: 'share-check', shareId: one.id }),
    },
    one && { id: 'file', label: 'Show file', icon: Film, run: () => showFile(one.file_id) },
    null,
    {
      id: 'delete',
      label: one ? 'Delete' : `Delete ${countOf(shares.length, 'share')}`,
      icon: Trash2,
      keys: 'Del',
      danger: true,
      run: () => void deleteShares(shares.map((share) => share.id)),
    },
  ]
  return (
    <PointMenu
      label={one ? 'Share' : countOf(shares.length, 'share')}
      at={at}
      onClose={onClose}
      commands={commands.filter((it): it is Command | null => it !== false && it !== undefined)}
    />
  )
}

/** Shows a file in the library, by its name: the grid may be long. */
function showFile(id: string): void {
  const file = useLibrary.getState().files.get(id)
  goTo(HOME)
  if (file) searchFor(file.filename)
  select(() => only(id))
}
