import { Code, Copy, Info } from 'lucide-react'
import type { Reach, Share } from '../../../shared/api/share.ts'
import { embedCode, embedSize, minimalUrl } from '../../../shared/embed-code.ts'
import { IconButton } from '../../ui/button.tsx'
import { copyAddress } from '../actions/links.ts'
import { useLibrary } from '../state/library.ts'
import { CopyButton } from './copy-button.tsx'
import { LinkBox } from './link-box.tsx'

const REACH: Readonly<Record<Reach, string>> = {
  loopback: 'This computer',
  lan: 'This network',
  tunnel: 'Anyone',
  domain: 'Own domain',
}

/** The page of a share and the other addresses it has. `hint` stands below the first. */
export function PageLinks({ share, hint }: { share: Share; hint: string | null }) {
  return (
    <>
      <LinkBox url={share.share_url} />
      {hint !== null && <p className="hint">{hint}</p>}
      {share.links.length > 1 && (
        <ul className="reachlist" aria-label="Where the link works">
          {share.links.map(({ reach, url }) => (
            <li key={reach}>
              <b>{REACH[reach]}</b>
              <span className="t2 cut num grow" title={url}>
                {new URL(url).host}
              </span>
              <IconButton
                label={`Copy the link for: ${REACH[reach]}`}
                icon={Copy}
                size="s"
                onPress={() => void copyAddress(url, 'Link copied')}
              />
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

/** From where the links of a share can be opened, and when. */
export function WhereNote({ links }: Pick<Share, 'links'>) {
  const isHereOnly = links.every(({ reach }) => reach === 'loopback')
  return (
    <p className="note">
      <Info className="icon" aria-hidden />
      {isHereOnly
        ? 'Opens on this computer only, while Matinee runs.'
        : 'Works while this computer is on and Matinee runs.'}
    </p>
  )
}

/** The code that puts a public share into another page. */
export function EmbedCode({ share }: { share: Share }) {
  const file = useLibrary((state) => state.files.get(share.file_id))
  const { width = null, height = null } = file?.media_info ?? {}
  const code = embedCode({
    src: minimalUrl(share.share_url, null),
    title: share.title ?? 'Untitled',
    kind: file?.media_type,
    size: embedSize({
      ...(file?.media_type === undefined ? {} : { media_type: file.media_type }),
      ...(width === null || height === null ? {} : { width, height }),
    }),
  })
  return (
    <section aria-label="Embed">
      <div className="code__head">
        <span className="label">Embed</span>
        <CopyButton text={code} label="Copy code" icon={Code} look="quiet" size="s" />
      </div>
      <code className="code">{code}</code>
    </section>
  )
}
