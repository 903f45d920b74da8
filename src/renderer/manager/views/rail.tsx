import { Folder, Globe, HardDrive, LayoutGrid, Link, Monitor, Settings, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button, Dialog, DialogTrigger, Popover } from 'react-aria-components'
import { IconButton } from '../../ui/button.tsx'
import { Mark } from '../../ui/mark.tsx'
import { useEngine } from '../state/engine.ts'
import { folderState, useFolders } from '../state/folders.ts'
import { countShares, useShares } from '../state/shares.ts'
import { openDialog, useUi } from '../state/ui.ts'
import { useNarrow } from '../use-narrow.ts'
import { FolderRows, LibraryRows, ShareRows } from './rail-sections.tsx'
import { ShareAddress } from './share-address.tsx'

/** The left rail; on narrow windows it folds to icons that open the same rows. */
export function Rail() {
  const isNarrow = useNarrow()
  return (
    <nav className="rail" aria-label="Main">
      <div className="rail__brand">
        <Mark />
        <span className={isNarrow ? 'vh' : ''}>Matinee</span>
      </div>
      {isNarrow ? (
        <FoldedRail />
      ) : (
        <>
          <div className="rail__scroll">
            <LibraryRows />
            <FolderRows />
            <ShareRows />
            <MoreRows />
          </div>
          <ShareAddress />
        </>
      )}
    </nav>
  )
}

function FoldedRail() {
  const kind = useUi((state) => state.place.kind)
  const folders = useFolders((state) => state.folders)
  const shares = useShares((state) => state.byId)
  const health = useEngine((state) => state.health)
  const tones = (folders ?? []).map((folder) => folderState(folder).tone)
  const counts = countShares(shares.values())
  return (
    <div className="rail__mini">
      <Fold label="Library" icon={LayoutGrid} isCurrent={kind === 'library'}>
        <LibraryRows />
      </Fold>
      <Fold
        label="Folders"
        icon={Folder}
        isCurrent={kind === 'folder'}
        {...(tones.includes('fail')
          ? { dot: 'fail' as const, state: 'one cannot be read' }
          : tones.includes('busy')
            ? { dot: 'busy' as const, state: 'scanning' }
            : {})}
      >
        <FolderRows />
      </Fold>
      <Fold
        label="Shares"
        icon={Link}
        isCurrent={kind === 'shares'}
        {...(counts.failed > 0
          ? { dot: 'fail' as const, state: `${counts.failed} failed` }
          : counts.processing > 0
            ? { dot: 'busy' as const, state: `${counts.processing} processing` }
            : {})}
      >
        <ShareRows />
      </Fold>
      <span className="grow" />
      {MORE.map(({ label, icon, dialog }) => (
        <IconButton key={label} label={label} icon={icon} onPress={() => openDialog(dialog)} />
      ))}
      <Fold
        label="Address of the shares"
        icon={health?.public_url === undefined ? Monitor : Globe}
        isCurrent={false}
      >
        <ShareAddress />
      </Fold>
    </div>
  )
}

/** What opens over the lists instead of in their place. */
const MORE = [
  { label: 'Storage', icon: HardDrive, dialog: { kind: 'storage' } },
  { label: 'Settings', icon: Settings, dialog: { kind: 'settings', page: 'members' } },
] as const

function MoreRows() {
  return (
    <ul aria-label="More" className="rail__more">
      {MORE.map(({ label, icon: Icon, dialog }) => (
        <li key={label}>
          <Button className="nav" onPress={() => openDialog(dialog)}>
            <Icon className="icon" aria-hidden />
            <span className="cut grow">{label}</span>
          </Button>
        </li>
      ))}
    </ul>
  )
}

type FoldProps = {
  label: string
  icon: LucideIcon
  isCurrent: boolean
  dot?: 'busy' | 'fail'
  /** What the dot says, in words. */
  state?: string
  children: ReactNode
}

function Fold({ label, icon: Icon, isCurrent, dot, state, children }: FoldProps) {
  return (
    <DialogTrigger>
      <Button
        className={isCurrent ? 'icon-btn is-current' : 'icon-btn'}
        aria-label={state === undefined ? label : `${label}, ${state}`}
      >
        <Icon className="icon icon--l" aria-hidden />
        {dot && <i className={`dot dot--${dot}`} />}
      </Button>
      <Popover className="popover" placement="right top" offset={8}>
        <Dialog className="fold" aria-label={label}>
          {({ close }) => (
            // A row is a link; whatever it leads to, the way there is done.
            <div
              onClick={(event) => {
                if (event.target instanceof Element && event.target.closest('a')) close()
              }}
            >
              {children}
            </div>
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}
