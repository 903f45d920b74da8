import { Check, Copy, type LucideIcon } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { copyText } from '../../ui/copy-text.ts'
import { sentenceOf } from '../api.ts'
import { toast } from '../state/toasts.ts'

/** How long a button says that it has done it, in ms. */
const DONE_MS = 1_500

type CopyButtonProps = {
  /** A text, or how to get it once it is wanted; undefined when there is none. */
  text: string | (() => Promise<string | undefined>)
  label: string
  icon?: LucideIcon
  look: 'primary' | 'quiet' | 'plain'
  size?: 's'
  autoFocus?: boolean
}

/** A button that copies a text, and says so for a moment. */
export function CopyButton({ text, label, icon = Copy, look, size, autoFocus }: CopyButtonProps) {
  const [isDone, setDone] = useState(false)
  useEffect(() => {
    if (!isDone) return undefined
    const timer = setTimeout(() => setDone(false), DONE_MS)
    return () => clearTimeout(timer)
  }, [isDone])
  const copy = async (): Promise<void> => {
    try {
      const copied = typeof text === 'string' ? text : await text()
      if (copied === undefined) toast('There is no such link yet.', { tone: 'fail' })
      else if (await copyText(copied)) setDone(true)
      else toast('The browser does not let Matinee use the clipboard.', { tone: 'fail' })
    } catch (error) {
      toast(sentenceOf(error), { tone: 'fail' })
    }
  }
  return (
    <Button
      look={look}
      size={size ?? 'm'}
      icon={isDone ? Check : icon}
      autoFocus={autoFocus === true}
      onPress={() => void copy()}
    >
      <span className="swap" data-done={isDone}>
        <span aria-hidden={isDone}>{label}</span>
        <span aria-hidden={!isDone}>Copied</span>
      </span>
    </Button>
  )
}
