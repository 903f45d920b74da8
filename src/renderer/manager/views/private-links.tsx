import { Download, Lock, Radio } from 'lucide-react'
import type { Share } from '../../../shared/api/share.ts'
import { freshDownloadLink, freshStreamLink } from '../actions/links.ts'
import { CopyButton } from './copy-button.tsx'

/**
 * What opens a private share today: addresses that end, made anew each time they are copied. Its page is told of, not
 * handed out: nobody can sign in to it yet.
 */
export function PrivateLinks({ share }: { share: Share }) {
  return (
    <>
      {share.status === 'completed' && (
        <ul className="keys" aria-label="Links that end">
          <li>
            <Radio className="icon" aria-hidden />
            <span className="grow">
              <b>Stream link</b>
              <span className="small t2">For players such as VLC. Works for 12 hours.</span>
            </span>
            <CopyButton
              text={() => freshStreamLink(share.id)}
              label="Copy stream link"
              look="primary"
              autoFocus
            />
          </li>
          <li>
            <Download className="icon" aria-hidden />
            <span className="grow">
              <b>Download link</b>
              <span className="small t2">The file as it is. Works for 5 minutes.</span>
            </span>
            <CopyButton text={() => freshDownloadLink(share.id)} label="Copy download link" look="plain" />
          </li>
        </ul>
      )}
      <p className="note">
        <Lock className="icon" aria-hidden />
        <span>
          Whoever has one of these links can use it until it ends; deleting the share ends it at once. The
          page of the share is for members who sign in. Members come in a later version, and until then it
          stays closed.
        </span>
      </p>
    </>
  )
}
