import type { ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { closeDialog } from '../state/ui.ts'

/** The foot of a dialog that tells something: what else can be done, and the way out, which Enter takes. */
export function DoneFoot({ children }: { children?: ReactNode }) {
  return (
    <>
      {children}
      <span className="grow" />
      <Button autoFocus onPress={closeDialog}>
        Done
      </Button>
    </>
  )
}
