import { Check, CircleAlert, Undo2, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button, IconButton } from '../../ui/button.tsx'
import { dismiss, useToasts, type Toast } from '../state/toasts.ts'

/** Short messages at the foot of the window. */
export function Toasts() {
  const toasts = useToasts((state) => state.toasts)
  return (
    // On top of dialogs, and pressed without closing them.
    <div className="toasts" role="region" aria-label="Messages" data-react-aria-top-layer="true">
      <div role="status" aria-live="polite">
        {toasts.map((it) => (
          <Message key={it.id} toast={it} />
        ))}
      </div>
    </div>
  )
}

function Message({ toast }: { toast: Toast }) {
  const { id, lifeMs, action, text, tone } = toast
  const [isHeld, setHeld] = useState(false)
  useEffect(() => {
    if (isHeld) return undefined
    const timer = setTimeout(() => dismiss(id), lifeMs)
    return () => clearTimeout(timer)
  }, [id, lifeMs, isHeld])
  const hold = { onPointerEnter: () => setHeld(true), onPointerLeave: () => setHeld(false) }
  return (
    <div className="toast" {...hold} onFocus={() => setHeld(true)} onBlur={() => setHeld(false)}>
      {tone === 'ok' && <Check className="icon ok" aria-hidden />}
      {tone === 'fail' && <CircleAlert className="icon fail" aria-hidden />}
      <span className="toast__text">{text}</span>
      {action && (
        <Button
          size="s"
          {...(action.label === 'Undo' ? { icon: Undo2 } : {})}
          onPress={() => {
            dismiss(id)
            action.run()
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton label="Close message" icon={X} size="s" onPress={() => dismiss(id)} />
      {action?.label === 'Undo' && (
        <i className="toast__left" style={{ animationDuration: `${lifeMs}ms` }} data-held={isHeld} />
      )}
    </div>
  )
}
