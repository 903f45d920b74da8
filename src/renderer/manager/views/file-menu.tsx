import { PointMenu } from '../../ui/menu.tsx'
import { fileCommands } from './file-commands.ts'

type FileMenuProps = { fileIds: readonly string[]; at: { x: number; y: number }; onClose: () => void }

/** The context menu of one or several files. */
export function FileMenu({ fileIds, at, onClose }: FileMenuProps) {
  const label = fileIds.length === 1 ? 'File' : `${fileIds.length} files`
  return <PointMenu label={label} at={at} onClose={onClose} commands={fileCommands(fileIds)} />
}
