import { Copy, ExternalLink } from 'lucide-react'
import { Link as AriaLink } from 'react-aria-components'
import { CopyButton } from './copy-button.tsx'

/** A link to be handed out: its address, copied or opened by a press. */
export function LinkBox({ url }: { url: string }) {
  const { protocol, host } = new URL(url)
  return (
    <div className="linkbox">
      <span className="linkbox__url cut grow" title={url}>
        {/* The protocol is part of what is copied by hand, and of nothing that is read. */}
        <span className="linkbox__scheme">{protocol}//</span>
        <span className="linkbox__host">{host}</span>
        <span className="linkbox__rest">{url.slice(`${protocol}//${host}`.length)}</span>
      </span>
      <CopyButton text={url} label="Copy" icon={Copy} look="primary" autoFocus />
      <AriaLink className="btn" href={url} target="_blank" rel="noreferrer">
        <ExternalLink className="icon" aria-hidden />
        Open
      </AriaLink>
    </div>
  )
}
