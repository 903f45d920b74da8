import { Clock, KeyRound, Link, LogOut, Trash2, UserPlus } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Invite, Member, NewInvite } from '../../../shared/api/member.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { readMembers } from '../actions/members.ts'
import { api, sentenceOf } from '../api.ts'
import { useMembers } from '../state/members.ts'
import { toast } from '../state/toasts.ts'
import { countOf, whenText } from '../text.ts'
import { useNow } from '../use-now.ts'
import { useTask } from '../use-task.ts'
import { InviteForm, MemberForm } from './member-forms.tsx'
import { ConfirmRow, Failure, Row, ShownOnce } from './parts.tsx'

/** What is open between the lists; one thing at a time. */
type Open =
  | { kind: 'add' | 'owner' | 'invite' }
  | { kind: 'link'; invite: NewInvite; of: string | null }
  | { kind: 'remove'; id: string }
  | null

/** Who can sign in on the pages of private shares. */
export function MembersPage() {
  const { members, invites } = useMembers()
  const [open, setOpen] = useState<Open>(null)
  const [unread, setUnread] = useState<string | null>(null)
  useEffect(() => {
    readMembers().catch((error: unknown) => setUnread(sentenceOf(error)))
  }, [])
  const close = (): void => setOpen(null)

  return (
    <>
      <p className="t2">
        Members watch private shares after they sign in on their pages. They see nothing else of this
        computer.
      </p>
      {open?.kind === 'link' ? (
        <ShownOnce
          title={open.of === null ? 'Invite link' : `Link for a new password of ${open.of}`}
          secret={open.invite.url}
          onDone={close}
        >
          For one person and one use, until {dateText(open.invite.expires_at)}. It is shown this once: copy it
          now.
        </ShownOnce>
      ) : open?.kind === 'invite' ? (
        <InviteForm onMade={(invite) => setOpen({ kind: 'link', invite, of: null })} onCancel={close} />
      ) : open?.kind === 'add' || open?.kind === 'owner' ? (
        <MemberForm key={open.kind} role={open.kind === 'owner' ? 'owner' : 'member'} onDone={close} />
      ) : (
        <div className="set-acts">
          <Button look="primary" icon={Link} onPress={() => setOpen({ kind: 'invite' })}>
            Invite by link
          </Button>
          <Button icon={UserPlus} onPress={() => setOpen({ kind: 'add' })}>
            Add with a password
          </Button>
        </div>
      )}
      <Failure text={unread} />
      {!members && unread === null && <ul className="set-list" aria-busy aria-label="Members" />}
      {members && (
        <ul className="set-list" aria-label="Members">
          {!members.some((it) => it.role === 'owner') && (
            <Row name="You" line="No sign-in of your own on share pages yet" badge="Owner">
              <Button size="s" onPress={() => setOpen({ kind: 'owner' })}>
                Set a password
              </Button>
            </Row>
          )}
          {members.map((member) => (
            <MemberRow key={member.id} member={member} open={open} onOpen={setOpen} />
          ))}
          {members.every((it) => it.role === 'owner') && (
            <li className="set-none">Nobody is invited yet. Private shares open for you alone.</li>
          )}
        </ul>
      )}
      {invites !== null && invites.length > 0 && (
        <ul className="set-list" aria-label="Open invites">
          {invites.map((invite) => (
            <InviteRow key={invite.id} invite={invite} members={members ?? []} />
          ))}
        </ul>
      )}
    </>
  )
}

type MemberRowProps = { member: Member; open: Open; onOpen: (open: Open) => void }

function MemberRow({ member, open, onOpen }: MemberRowProps) {
  const { id, name, role, sessions } = member
  const now = useNow()
  const { isBusy, run } = useTaskWithToast()
  const seen =
    member.last_seen_at === undefined
      ? 'Has not signed in yet'
      : `Last seen ${whenText(member.last_seen_at, now)}`
  const line = sessions > 0 ? `${seen} · ${countOf(sessions, 'browser')} signed in` : seen
  if (open?.kind === 'remove' && open.id === id) {
    return (
      <ConfirmRow
        question={
          role === 'owner'
            ? 'Remove your sign-in? It ends everywhere at once. This window is not touched.'
            : `Remove ${name}? They are signed out everywhere at once, and what they watch stops.`
        }
        label="Remove"
        isBusy={isBusy}
        onCancel={() => onOpen(null)}
        onConfirm={() =>
          void run(async () => {
            await api.members.remove(id)
            toast(`${name} is removed and signed out everywhere.`, { tone: 'ok' })
            onOpen(null)
          })
        }
      />
    )
  }
  return (
    <Row name={name} line={line} {...(role === 'owner' ? { badge: 'Owner' } : {})}>
      <span className="set-row__acts">
        {sessions > 0 && (
          <IconButton
            label={`Sign ${name} out everywhere`}
            icon={LogOut}
            isDisabled={isBusy}
            onPress={() =>
              void run(async () => {
                await api.members.signOut(id)
                toast(`${name} is signed out everywhere.`, { tone: 'ok' })
              })
            }
          />
        )}
        <IconButton
          label={`New password for ${name}, by link`}
          icon={KeyRound}
          isDisabled={isBusy}
          onPress={() =>
            void run(async () => {
              onOpen({ kind: 'link', invite: await api.invites.create({ member_id: id }), of: name })
            })
          }
        />
        <IconButton label={`Remove ${name}`} icon={Trash2} onPress={() => onOpen({ kind: 'remove', id })} />
      </span>
    </Row>
  )
}

function InviteRow({ invite, members }: { invite: Invite; members: readonly Member[] }) {
  const { isBusy, run } = useTaskWithToast()
  const member = members.find((it) => it.id === invite.member_id)
  const name = member?.name ?? invite.name ?? 'Somebody'
  const what = member ? 'Link for a new password' : 'Invited'
  return (
    <Row icon={Clock} name={name} line={`${what}, not used yet, until ${dateText(invite.expires_at)}`}>
      <Button
        size="s"
        look="danger"
        aria-label={`Withdraw the link for ${name}`}
        isBusy={isBusy}
        onPress={() =>
          void run(async () => {
            await api.invites.remove(invite.id)
            toast('Withdrawn. The link does not work any more.', { tone: 'ok' })
          })
        }
      >
        Withdraw
      </Button>
    </Row>
  )
}

/** A task of a row, which has no room for a sentence. */
function useTaskWithToast() {
  const { isBusy, run } = useTask()
  return {
    isBusy,
    run: (work: () => Promise<void>) =>
      run(() => work().catch((error: unknown) => void toast(sentenceOf(error), { tone: 'fail' }))),
  }
}

const DATE = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
})
const dateText = (timeMs: number): string => DATE.format(timeMs)
