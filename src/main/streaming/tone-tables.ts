import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as others } from 'node:timers/promises'
import { writeFileAtomic } from '../base/atomic-file.ts'
import { toneTable, type HdrTransfer } from './tone-curve.ts'
import { toneTableName } from './transcode-filters.ts'

/** Keeps the table of a transfer as a file of `dir`, where ffmpeg reads it. Throws the system error. */
export async function keepToneTable(dir: string, transfer: HdrTransfer): Promise<void> {
  const path = join(dir, toneTableName(transfer))
  const isThere = await stat(path).then(
    (it) => it.isFile(),
    () => false,
  )
  if (isThere) return
  const planes: string[] = []
  for (const plane of toneTable(transfer)) {
    planes.push(plane)
    await others()
  }
  await writeFileAtomic(path, planes.join(''))
}
