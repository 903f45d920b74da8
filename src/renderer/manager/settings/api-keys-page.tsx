import { KeyRound, Plus } from 'lucide-react'
import { useCallback, useEffect, useState } from 'react'
import { Label, RadioButton, RadioField, RadioGroup } from 'react-aria-components'
import type { ApiKey, KeyScope, NewApiKey } from '../../../shared/api/api-key.ts'
import { Button } from '../../ui/button.tsx'
import { api } from '../api.ts'
import { allOf } from '../state/sync.ts'
import { toast } from '../state/toasts.ts'
import { whenText } from '../text.ts'
import { useNow } from '../use-now.ts'
import { useTask } from '../use-task.ts'
import { Field } from '../views/text-fields.tsx'
import { ConfirmRow, Failure, Row, ShownOnce, SmallForm } from './parts.tsx'

const SCOPES: Readonly<Record<KeyScope, string>> = { read: 'May look', write: 'May do everything' }

type Open = { kind: 'add' } | { kind: 'made'; key: NewApiKey } | { kind: 'revoke'; id: string } | null

/** Keys for scripts; the one in the data folder is not among them. */
export function ApiKeysPage() {
  const [keys, setKeys] = useState<readonly ApiKey[] | null>(null)
  const [open, setOpen] = useState<Open>(null)
  const { failure, run } = useTask()
  const read = useCallback(async () => setKeys(await allOf(api.apiKeys.list)), [])
  useEffect(() => void run(read), [run, read])
  const close = (): void => setOpen(null)

  return (
    <>
      <p className="t2">
        Keys let scripts and other programs on this computer use Matinee. The key in the data folder works
        beside these.
      </p>
      {open?.kind === 'add' ? (
        <KeyForm
          onMade={(key) => {
            setOpen({ kind: 'made', key })
            void read()
          }}
          onCancel={close}
        />
      ) : open?.kind === 'made' ? (
        <ShownOnce title={`Key “${open.key.name}”`} secret={open.key.key} onDone={close}>
          It is shown this once: copy it now. A program sends it as <code>Authorization: Bearer …</code>
        </ShownOnce>
      ) : (
        <div className="set-acts">
          <Button look="primary" icon={Plus} onPress={() => setOpen({ kind: 'add' })}>
            New key
          </Button>
        </div>
      )}
      <Failure text={failure} />
      <ul className="set-list" aria-label="API keys" aria-busy={keys === null && failure === null}>
        {keys?.length === 0 && <li className="set-none">No keys yet.</li>}
        {keys?.map((key) =>
          open?.kind === 'revoke' && open.id === key.id ? (
            <RevokeRow key={key.id} apiKey={key} onCancel={close} onDone={() => void read().then(close)} />
          ) : (
            <KeyRow key={key.id} apiKey={key} onRevoke={() => setOpen({ kind: 'revoke', id: key.id })} />
          ),
        )}
      </ul>
    </>
  )
}

function KeyRow({ apiKey, onRevoke }: { apiKey: ApiKey; onRevoke: () => void }) {
  const now = useNow()
  const used =
    apiKey.last_used_at === undefined ? 'Not used yet' : `Last used ${whenText(apiKey.last_used_at, now)}`
  return (
    <Row icon={KeyRound} name={apiKey.name} line={`${apiKey.prefix}… · ${SCOPES[apiKey.scope]} · ${used}`}>
      <Button size="s" look="danger" aria-label={`Revoke ${apiKey.name}`} onPress={onRevoke}>
        Revoke
      </Button>
    </Row>
  )
}

type RevokeProps = { apiKey: ApiKey; onCancel: () => void; onDone: () => void }

function RevokeRow({ apiKey, onCancel, onDone }: RevokeProps) {
  const { isBusy, failure, run } = useTask()
  return (
    <ConfirmRow
      question={failure ?? `Revoke “${apiKey.name}”? What uses it stops working at once, for good.`}
      label="Revoke"
      isBusy={isBusy}
      onCancel={onCancel}
      onConfirm={() =>
        void run(async () => {
          await api.apiKeys.remove(apiKey.id)
          toast('Revoked. The key does not work any more.', { tone: 'ok' })
          onDone()
        })
      }
    />
  )
}

function KeyForm({ onMade, onCancel }: { onMade: (key: NewApiKey) => void; onCancel: () => void }) {
  const [name, setName] = useState('')
  const [scope, setScope] = useState<KeyScope>('read')
  const { isBusy, failure, run } = useTask()
  return (
    <SmallForm
      title="New API key"
      submit="Make the key"
      isBusy={isBusy}
      isDisabled={name.trim() === ''}
      failure={failure}
      onSubmit={() => void run(async () => onMade(await api.apiKeys.create({ name: name.trim(), scope })))}
      onCancel={onCancel}
    >
      <Field
        label="Name"
        value={name}
        onChange={setName}
        autoFocus
        maxLength={100}
        hint="What uses it, so that you know it again."
      />
      <RadioGroup
        className="segmented-field"
        orientation="horizontal"
        value={scope}
        onChange={(value) => setScope(value === 'write' ? 'write' : 'read')}
      >
        <Label className="label">What it may do</Label>
        <div className="segmented">
          <RadioField value="read" className="segmented__field">
            <RadioButton className="segmented__item">Look only</RadioButton>
          </RadioField>
          <RadioField value="write" className="segmented__field">
            <RadioButton className="segmented__item">Everything</RadioButton>
          </RadioField>
        </div>
      </RadioGroup>
    </SmallForm>
  )
}
