import type { CreateExport } from '../../../shared/api/export.ts'
import type { Job } from '../../../shared/api/job.ts'
import type { MatineeBridge } from '../../../shared/bridge.ts'
import { api, exportResultUrl, sentenceOf } from '../api.ts'
import { bridge } from '../bridge.ts'
import { noteExport, forgetExport, useExports } from '../state/exports.ts'
import { useJobs } from '../state/jobs.ts'
import { toast } from '../state/toasts.ts'

/** Begins to export a file or a part of it; the tray shows how it goes. Throws `ApiError`. */
export async function startExport(fileId: string, body: CreateExport): Promise<void> {
  const job = await api.files.export(fileId, body)
  noteExport(job, { fileId, body })
}

/**
 * Saves the result of an export: where the system's dialog says in the desktop app, else as a download of the browser,
 * which never writes over a file that is there.
 */
export function saveExport({ id, result }: Job): void {
  if (!result) return
  const shell = bridge()
  if (shell) {
    asking = asking.then(() => saveWhereAsked(shell, id))
    return
  }
  const link = document.createElement('a')
  link.href = exportResultUrl(id)
  link.download = result.filename
  link.click()
}

/** Two exports may be ready at once; one dialog at a time. */
let asking: Promise<void> = Promise.resolve()

async function saveWhereAsked(shell: MatineeBridge, jobId: string): Promise<void> {
  try {
    const saved = await shell.saveExport(jobId)
    if (saved.state === 'saved') toast(`Saved as ${saved.filename}`, { tone: 'ok' })
    if (saved.state === 'failed') toast(`Not saved: ${saved.reason}`, { tone: 'fail' })
  } catch {
    toast('It could not be saved.', { tone: 'fail' })
  }
}

/** Ends an export that waits or runs; nothing of it stays. */
export async function cancelExport({ id }: Job): Promise<void> {
  try {
    await api.jobs.cancel(id)
    forgetExport(id)
  } catch (error) {
    toast(sentenceOf(error), { tone: 'fail' })
  }
}

/** Does again what has failed. */
export async function retryExport({ id }: Job): Promise<void> {
  const asked = useExports.getState().asked.get(id)
  if (!asked) return
  try {
    await startExport(asked.fileId, asked.body)
    forgetExport(id)
  } catch (error) {
    toast(sentenceOf(error), { tone: 'fail' })
  }
}

/** Saves each export of this window once, as soon as it is made. Returns what ends that. */
export function saveWhenMade(): () => void {
  const saved = new Set<string>()
  return useJobs.subscribe(({ exports }) => {
    for (const job of exports.values()) {
      if (job.status !== 'completed' || saved.has(job.id) || !useExports.getState().asked.has(job.id))
        continue
      saved.add(job.id)
      saveExport(job)
    }
  })
}
