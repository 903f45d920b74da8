import { Copy, Globe, Monitor } from 'lucide-react'
import { IconButton } from '../../ui/button.tsx'
import { copyText } from '../../ui/copy-text.ts'
import { shareAddress, useEngine } from '../state/engine.ts'
import { toast } from '../state/toasts.ts'

async function copyAddress(url: string): Promise<void> {
  if (await copyText(url)) toast('Address copied', { tone: 'ok' })
  else toast(url)
}

/** Where links to shares work now: the card at the foot of the rail. */
export function ShareAddress() {
  const health = useEngine((state) => state.health)
  const connection = useEngine((state) => state.connection)
  if (!health) return null
  const { reach, sentence, url, host } = shareAddress(health)
  const Icon = health.public_url === undefined ? Monitor : Globe
  const isDown = connection === 'lost'
  return (
    <section className="reach" aria-label="Address of the shares">
      <div className="reach__head">
        <Icon className="icon" aria-hidden />
        <span className="grow cut">{isDown ? 'Links do not open now' : reach}</span>
      </div>
      <div className="reach__addr">
        <span className="cut grow num" title={url}>
          {host}
        </span>
        <IconButton label="Copy address" icon={Copy} size="s" onPress={() => void copyAddress(url)} />
      </div>
      <p className="reach__text">{isDown ? 'They open again once Matinee runs.' : sentence}</p>
    </section>
  )
}
