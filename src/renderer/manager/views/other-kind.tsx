import { Globe, Lock } from 'lucide-react'
import type { Share } from '../../../shared/api/share.ts'
import { Button } from '../../ui/button.tsx'
import { isShareable } from '../file-state.ts'
import { otherVisibility } from '../share-text.ts'
import { useLibrary } from '../state/library.ts'
import { shareOf, useShares } from '../state/shares.ts'
import { nameOf, useSegments } from '../state/segments.ts'
import { openDialog, type Part } from '../state/ui.ts'

/** The way from a share of a file to the one of the other kind, or to making it. */
export function OtherKind({ share }: { share: Share }) {
  const visibility = otherVisibility(share.visibility)
  const other = useShares((state) => shareOf(state, share.file_id, visibility, share.file_segment_id))
  const part = usePartOf(share)
  const file = useLibrary((state) => state.files.get(share.file_id))
  if (!other && !(file && isShareable(file))) return null
  // A segment of a file that the inspector does not show is not known here.
  if (!other && share.file_segment_id !== undefined && !part) return null
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
              : { kind: 'share', fileId: share.file_id, visibility, ...(part && { part }) },
          )
        }
      >
        {other ? `Show the ${visibility} share` : `Share ${how}…`}
      </Button>
    </div>
  )
}

/** The segment that a share is of, as far as it is known. */
function usePartOf({ file_segment_id: id }: Share): Part | undefined {
  const segment = useSegments((state) => state.segments?.find((it) => it.id === id))
  if (!segment) return undefined
  const name = nameOf(segment)
  return {
    ...{ segmentId: segment.id, startS: segment.start_time, endS: segment.end_time },
    ...(name === undefined ? {} : { name }),
  }
}
