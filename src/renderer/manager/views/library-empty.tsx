import { AudioLines, FileX, Film, FolderOpen, FolderPlus, Plus } from 'lucide-react'
import { Button } from '../../ui/button.tsx'
import { askForFiles, askForFolder } from '../actions/add.ts'
import { scanFolder } from '../actions/folders.ts'
import { bridge } from '../bridge.ts'
import { folderState, useFolders } from '../state/folders.ts'
import { useLibrary, type LibraryView } from '../state/library.ts'
import { goTo } from '../state/ui.ts'
import { HOME } from '../place.ts'
import { EmptyState, NothingFound } from './states.tsx'

/** What stands where a view of the library has no files. */
export function LibraryEmpty({ view }: { view: LibraryView }) {
  const everything = useLibrary((state) => state.counts?.all)
  if (view.search.trim() !== '') {
    const where = view.folderId === undefined && view.filter === 'all' ? 'in the library' : 'here'
    return (
      <NothingFound search={view.search}>
        Nothing {where} has this in its name, its folder or its tags.
      </NothingFound>
    )
  }
  if (view.folderId !== undefined) return <EmptyFolder folderId={view.folderId} />
  if (view.filter === 'missing') {
    return (
      <EmptyState icon={FileX} title="Nothing is missing" actions={<ShowAll />}>
        Every file of the library is where it was.
      </EmptyState>
    )
  }
  if (view.filter === 'all' || everything === 0) return <FirstStart />
  const isVideo = view.filter === 'video'
  return (
    <EmptyState
      icon={isVideo ? Film : AudioLines}
      title={isVideo ? 'No videos yet' : 'No audio yet'}
      actions={<ShowAll />}
    >
      {isVideo ? 'All files of the library are audio.' : 'All files of the library are videos.'}
    </EmptyState>
  )
}

const ShowAll = () => (
  <Button size="l" onPress={() => goTo(HOME)}>
    Show all files
  </Button>
)

function EmptyFolder({ folderId }: { folderId: string }) {
  const folder = useFolders((state) => state.folders?.find((it) => it.id === folderId))
  if (!folder) return null
  const { tone, sentence } = folderState(folder)
  if (tone === 'busy') {
    return (
      <EmptyState icon={FolderOpen} title="Looking for files">
        Videos and audio that lie in {folder.name} appear here one by one.
      </EmptyState>
    )
  }
  return (
    <EmptyState
      icon={FolderOpen}
      title={tone === 'fail' ? 'This folder cannot be read' : 'No video or audio in it'}
      actions={
        <Button size="l" onPress={() => void scanFolder(folder.id)}>
          Look again
        </Button>
      }
    >
      {tone === 'fail' ? sentence : 'Put some into the folder and look again.'}
    </EmptyState>
  )
}

function FirstStart() {
  return (
    <EmptyState
      picture={<Picture />}
      title="Start with a folder of recordings"
      actions={
        <>
          <Button look="primary" size="l" icon={FolderPlus} autoFocus onPress={() => void askForFolder()}>
            Add folder…
          </Button>
          <Button size="l" icon={Plus} onPress={() => void askForFiles()}>
            Add files…
          </Button>
        </>
      }
    >
      Matinee lists what is inside and makes links that play from this computer. Nothing is copied, moved or
      uploaded.
      <span className="empty__hint">
        {bridge()
          ? 'Or drop files and folders anywhere in this window.'
          : 'Or drop files anywhere in this window: those are copied into Matinee.'}
      </span>
    </EmptyState>
  )
}

function Picture() {
  return (
    <svg width="220" height="112" viewBox="0 0 220 112" fill="none" aria-hidden="true">
      <g stroke="var(--line-strong)" fill="var(--bg-raised)">
        <rect x="14.5" y="26.5" width="112" height="63" rx="8" transform="rotate(-9 70 58)" />
        <rect x="93.5" y="26.5" width="112" height="63" rx="8" transform="rotate(9 150 58)" />
      </g>
      <rect
        x="46.5"
        y="18.5"
        width="127"
        height="72"
        rx="8"
        fill="var(--bg-hover)"
        stroke="var(--line-control)"
      />
      <path
        d="M102 43.5v22a2 2 0 0 0 3 1.7l18.500-11a2 2 0 0 0 0-3.400l-18.500-11a2 2 0 0 0-3 1.700Z"
        fill="var(--accent)"
      />
      <path d="M58 80h104" stroke="var(--line-strong)" strokeWidth="3" strokeLinecap="round" />
      <path d="M58 80h30" stroke="var(--accent)" strokeWidth="3" strokeLinecap="round" />
    </svg>
  )
}
