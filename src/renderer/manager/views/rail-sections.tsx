import {
  AudioLines,
  CircleAlert,
  FileX,
  Film,
  Folder,
  Globe,
  LayoutGrid,
  Link,
  LoaderCircle,
  Lock,
  Plus,
  RefreshCw,
  Trash2,
  Unplug,
} from 'lucide-react'
import { useState } from 'react'
import type { Folder as FolderData } from '../../../shared/api/folder.ts'
import { IconButton } from '../../ui/button.tsx'
import { PointMenu } from '../../ui/menu.tsx'
import { askForFolder } from '../actions/add.ts'
import { scanFolder } from '../actions/folders.ts'
import { folderState, useFolders } from '../state/folders.ts'
import { useLibrary } from '../state/library.ts'
import { countShares, useShares } from '../state/shares.ts'
import { openDialog } from '../state/ui.ts'
import { countText } from '../text.ts'
import { NavRow } from './nav-row.tsx'

/** All files by kind. */
export function LibraryRows() {
  const counts = useLibrary((state) => state.counts)
  const note = (count: number | undefined) => (count === undefined ? {} : { note: countText(count) })
  return (
    <ul aria-label="Library">
      <NavRow
        place={{ kind: 'library', filter: 'all' }}
        icon={LayoutGrid}
        label="All"
        {...note(counts?.all)}
      />
      <NavRow
        place={{ kind: 'library', filter: 'video' }}
        icon={Film}
        label="Video"
        {...note(counts?.video)}
      />
      <NavRow
        place={{ kind: 'library', filter: 'audio' }}
        icon={AudioLines}
        label="Audio"
        {...note(counts?.audio)}
      />
      {counts !== null && counts.missing > 0 && (
        <NavRow
          place={{ kind: 'library', filter: 'missing' }}
          icon={FileX}
          label="Missing"
          {...note(counts.missing)}
        />
      )}
    </ul>
  )
}

/** The folders of the library, with what they are at. */
export function FolderRows() {
  const folders = useFolders((state) => state.folders)
  const [menu, setMenu] = useState<{ folder: FolderData; at: { x: number; y: number } } | null>(null)
  return (
    <>
      <h2>
        Folders
        <IconButton label="Add a folder" icon={Plus} size="s" onPress={() => void askForFolder()} />
      </h2>
      {folders?.length === 0 && <p className="rail__none">No folders yet</p>}
      <ul aria-label="Folders">
        {folders?.map((folder) => {
          const { tone, short, sentence } = folderState(folder)
          return (
            <NavRow
              key={folder.id}
              place={{ kind: 'folder', id: folder.id }}
              icon={folder.status === 'failed' ? Unplug : Folder}
              label={folder.name}
              note={tone === 'plain' ? countText(folder.file_count) : short}
              tone={tone}
              title={sentence === '' ? folder.path : `${folder.path}\n${sentence}`}
              onContextMenu={(at) => setMenu({ folder, at })}
            />
          )
        })}
      </ul>
      {menu && (
        <PointMenu
          label={`Folder ${menu.folder.name}`}
          at={menu.at}
          onClose={() => setMenu(null)}
          commands={[
            {
              id: 'scan',
              label: 'Look for changes',
              icon: RefreshCw,
              run: () => void scanFolder(menu.folder.id),
            },
            null,
            {
              id: 'forget',
              label: 'Forget folder…',
              icon: Trash2,
              danger: true,
              run: () => openDialog({ kind: 'forget-folder', folderId: menu.folder.id }),
            },
          ]}
        />
      )}
    </>
  )
}

/** The shares by state; rows of which there are none are left out. */
export function ShareRows() {
  const byId = useShares((state) => state.byId)
  const counts = countShares(byId.values())
  return (
    <>
      <h2>Shares</h2>
      <ul aria-label="Shares">
        <NavRow
          place={{ kind: 'shares', filter: 'all' }}
          icon={Link}
          label="All shares"
          note={countText(counts.all)}
        />
        {counts.public > 0 && (
          <NavRow
            place={{ kind: 'shares', filter: 'public' }}
            icon={Globe}
            label="Public"
            note={countText(counts.public)}
          />
        )}
        {counts.private > 0 && (
          <NavRow
            place={{ kind: 'shares', filter: 'private' }}
            icon={Lock}
            label="Private"
            note={countText(counts.private)}
          />
        )}
        {counts.processing > 0 && (
          <NavRow
            place={{ kind: 'shares', filter: 'processing' }}
            icon={LoaderCircle}
            label="Processing"
            note={countText(counts.processing)}
            tone="busy"
          />
        )}
        {counts.failed > 0 && (
          <NavRow
            place={{ kind: 'shares', filter: 'failed' }}
            icon={CircleAlert}
            label="Failed"
            note={countText(counts.failed)}
            tone="fail"
          />
        )}
      </ul>
    </>
  )
}
