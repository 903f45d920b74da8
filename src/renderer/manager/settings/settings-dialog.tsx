import { Code, KeyRound, Users } from 'lucide-react'
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { closeDialog } from '../state/ui.ts'
import { ApiKeysPage } from './api-keys-page.tsx'
import { EmbeddingPage } from './embedding-page.tsx'
import { MembersPage } from './members-page.tsx'

/** A page of the settings. */
export type SettingsPage = 'members' | 'keys' | 'embedding'

const PAGES = [
  { id: 'members', label: 'Members', icon: Users, page: MembersPage },
  { id: 'keys', label: 'API keys', icon: KeyRound, page: ApiKeysPage },
  { id: 'embedding', label: 'Embedding', icon: Code, page: EmbeddingPage },
] as const

/** Who may watch, what scripts may do, which sites may embed. */
export function SettingsDialog({ first }: { first: SettingsPage }) {
  return (
    <Dialog
      title="Settings"
      onClose={closeDialog}
      footer={
        <>
          <span className="grow" />
          <Button onPress={closeDialog}>Done</Button>
        </>
      }
    >
      <Tabs defaultSelectedKey={first} className="settings">
        <TabList aria-label="Settings" className="segmented">
          {PAGES.map(({ id, label, icon: Icon }) => (
            <Tab key={id} id={id} className="segmented__item settings__tab">
              <Icon className="icon" aria-hidden />
              {label}
            </Tab>
          ))}
        </TabList>
        {PAGES.map(({ id, page: Page }) => (
          <TabPanel key={id} id={id} className="stack settings__page">
            <Page />
          </TabPanel>
        ))}
      </Tabs>
    </Dialog>
  )
}
