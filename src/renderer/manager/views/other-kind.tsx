import { Globe, Lock } from 'lucide-react'
import type { Share } from '../../../shared/api/share.ts'
import { Button } from '../../ui/button.tsx'
import { isShareable } from '../file-state.ts'
import { otherVisibility } from '../share-text.ts'
import { useLibrary } from '../state/library.ts'
import { shareOf, useShares } from '../state/shares.ts'
import { openDialog } from '../state/ui.ts'

/** The way from a share of a file to the one of the other kind, or to making it. */
export function OtherKind({ share }: { share: Share }) {
  const visibility = otherVisibility(share.visibility)
  const other = useShares((state) => shareOf(state, share.file_id, visibility))
  const file = useLibrary((state) => state.files.get(share.file_id))
  if (!other && !(file && isShareable(file))) return null
  const Icon = visibility === 'public' ? Globe : Lock
  const how = visibility === 'public' ? 'publicly' : 'privately'
  return (
    <div className="other">
      <Icon className="icon" aria-hidden />
      <span className="grow">{other ? `Also shared ${how}` : `Not shared ${how}`}</span>
      <Button
        look="quiet"
        size="s"
        onPress={() =>
          openDialog(
            other
              ? { kind: 'share-link', shareId: other.id, why: 'shown' }
              : { kind: 'share', fileId: share.file_id, visibility },
          )
        }
      >
        {other ? `Show the ${visibility} share` : `Share ${how}…`}
      </Button>
    </div>
  )
}
