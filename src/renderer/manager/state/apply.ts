import type { EngineEvent } from '../../../shared/events.ts'
import { withFolder, withoutFolder, useFolders } from './folders.ts'
import { useJobs, withJobs } from './jobs.ts'
import { movesInLists, useLibrary, withFiles, withoutFile } from './library.ts'
import { useMembers, withInvite, withMember, withoutInvite, withoutMember } from './members.ts'
import { useShares, withShares, withoutShares } from './shares.ts'

/** What a batch of events means beyond the objects that it names. */
export type Outcome = {
  /** Files have come, gone, or moved between lists: pages and counts have to be read again. */
  listsChanged: boolean
  /** Ids of files and shares that are gone. */
  gone: ReadonlySet<string>
  /** Ids of files whose segments are others now. */
  segmented: ReadonlySet<string>
}

/** Writes a batch of events into the stores, in their order. For `sync` alone. */
export function applyEvents(events: readonly EngineEvent[]): Outcome {
  const gone = new Set<string>()
  const segmented = new Set<string>()
  let listsChanged = false
  for (const run of runsOf(events)) {
    switch (run.type) {
      case 'file.updated': {
        const files = run.events.map((it) => it.file)
        const known = useLibrary.getState().files
        listsChanged ||= files.some((file) => movesInLists(known.get(file.id), file))
        for (const file of files) gone.delete(file.id)
        useLibrary.setState((state) => withFiles(state, files))
        break
      }
      case 'file.deleted':
        listsChanged = true
        for (const { id } of run.events) {
          gone.add(id)
          useLibrary.setState((state) => withoutFile(state, id))
        }
        break
      case 'share.updated':
        for (const { share } of run.events) gone.delete(share.id)
        useShares.setState((state) =>
          withShares(
            state,
            run.events.map((it) => it.share),
          ),
        )
        break
      case 'share.deleted': {
        const ids = new Set(run.events.map((it) => it.id))
        for (const id of ids) gone.add(id)
        useShares.setState((state) => withoutShares(state, ids))
        break
      }
      case 'folder.updated':
        for (const { folder } of run.events) useFolders.setState((state) => withFolder(state, folder))
        break
      case 'folder.deleted':
        for (const { id } of run.events) useFolders.setState((state) => withoutFolder(state, id))
        break
      case 'job.updated':
        useJobs.setState((state) =>
          withJobs(
            state,
            run.events.map((it) => it.job),
          ),
        )
        break
      case 'segment.updated':
        for (const { segment } of run.events) segmented.add(segment.file_id)
        break
      case 'segmentation.updated':
        for (const { segmentation } of run.events) segmented.add(segmentation.file_id)
        break
      case 'segment.deleted':
      case 'segmentation.deleted':
        for (const { file_id: fileId } of run.events) segmented.add(fileId)
        break
      case 'member.updated':
        for (const { member } of run.events) useMembers.setState((state) => withMember(state, member))
        break
      case 'member.deleted':
        for (const { id } of run.events) useMembers.setState((state) => withoutMember(state, id))
        break
      case 'invite.updated':
        for (const { invite } of run.events) useMembers.setState((state) => withInvite(state, invite))
        break
      case 'invite.deleted':
        for (const { id } of run.events) useMembers.setState((state) => withoutInvite(state, id))
        break
    }
  }
  return { listsChanged, gone, segmented }
}

type Run = {
  [Type in EngineEvent['type']]: { type: Type; events: Extract<EngineEvent, { type: Type }>[] }
}[EngineEvent['type']]

/** Neighbours of one type together, so that a burst costs one write. */
function runsOf(events: readonly EngineEvent[]): Run[] {
  const runs: { type: EngineEvent['type']; events: EngineEvent[] }[] = []
  for (const event of events) {
    const last = runs.at(-1)
    if (last?.type === event.type) last.events.push(event)
    else runs.push({ type: event.type, events: [event] })
  }
  return runs as Run[]
}
