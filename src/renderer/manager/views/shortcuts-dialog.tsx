import { Dialog } from '../../ui/dialog.tsx'
import { keys } from '../bridge.ts'
import { closeDialog } from '../state/ui.ts'
import { DoneFoot } from './done-foot.tsx'

const SHORTCUTS: readonly (readonly [keys: string, does: string])[] = [
  [keys('F'), 'Search'],
  ['Arrows', 'Go to another file'],
  ['Shift Arrows', 'Select a range'],
  ['Space', 'Select one more, or one less'],
  [keys('A'), 'Select all'],
  ['Enter', 'Play the file, show the share'],
  ['I', 'Clip begins here'],
  ['O', 'Clip ends here'],
  ['← →', 'In the player: one picture'],
  ['Shift ← →', 'In the player: one second'],
  ['S', 'Share'],
  [keys('C'), 'Copy link'],
  [keys('Z'), 'Undo deleting a share'],
  ['Del', 'Forget the file, delete the share'],
  ['Esc', 'Clear search or selection, back to the list'],
  ['?', 'Show these keys'],
]

/** The keys that do something. */
export function ShortcutsDialog() {
  return (
    <Dialog title="Keyboard" narrow onClose={closeDialog} footer={<DoneFoot />}>
      <dl className="keys">
        {SHORTCUTS.map(([key, does]) => (
          <div key={key}>
            <dt>{does}</dt>
            <dd>
              <kbd className="kbd">{key}</kbd>
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
