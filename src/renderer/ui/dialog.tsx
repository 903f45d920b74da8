import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { IconButton } from './button.tsx'

type ShellProps = {
  children: ReactNode
  /** `alertdialog` for questions that take something away. */
  role?: 'dialog' | 'alertdialog'
  narrow?: boolean
  /** Called for Escape and a press outside. */
  onClose: () => void
}

/** A modal dialog that is open while it is rendered; a `DialogPage` goes inside. */
export function DialogShell({ children, role, narrow, onClose }: ShellProps) {
  return (
    <ModalOverlay
      className="scrim"
      isOpen
      isDismissable
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose()
      }}
    >
      <Modal className={narrow ? 'dialog dialog--narrow' : 'dialog'}>
        <AriaDialog className="dialog__in" role={role ?? 'dialog'}>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}

type PageProps = {
  title: ReactNode
  /** A second line below the title. */
  subtitle?: ReactNode
  /** A sign before the title. */
  sign?: ReactNode
  children: ReactNode
  footer?: ReactNode
  onClose: () => void
}

/** What stands in a dialog: head, body, foot. One may follow another in the same shell. */
export function DialogPage({ title, subtitle, sign, children, footer, onClose }: PageProps) {
  return (
    <>
      <header className="dialog__head">
        {sign}
        <div className="grow">
          <Heading slot="title" level={2}>
            {title}
          </Heading>
          {subtitle !== undefined && <p className="small t2 cut">{subtitle}</p>}
        </div>
        <IconButton label="Close" keys="Esc" icon={X} onPress={onClose} />
      </header>
      <div className="dialog__body">{children}</div>
      {footer !== undefined && <footer className="dialog__foot">{footer}</footer>}
    </>
  )
}

/** A dialog of one page. */
export function Dialog({ role, narrow, ...page }: Omit<ShellProps, 'children'> & PageProps) {
  return (
    <DialogShell
      onClose={page.onClose}
      {...(role === undefined ? {} : { role })}
      {...(narrow === undefined ? {} : { narrow })}
    >
      <DialogPage {...page} />
    </DialogShell>
  )
}
