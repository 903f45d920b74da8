import {
  ChevronDown,
  ChevronUp,
  CircleAlert,
  CircleCheck,
  Clock,
  Download,
  LoaderCircle,
  RotateCw,
  X,
} from 'lucide-react'
import type { Job } from '../../../shared/api/job.ts'
import { bytesText } from '../../../shared/media-text.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { ProgressBar } from '../../ui/progress.tsx'
import { cancelExport, retryExport, saveExport } from '../actions/exports.ts'
import { bridge } from '../bridge.ts'
import { progressText } from '../file-state.ts'
import { exportsToShow, forgetExport, openExports, useExports } from '../state/exports.ts'
import { useJobs } from '../state/jobs.ts'
import { countOf, countText } from '../text.ts'

/** What is being exported, and what was by this window. Nothing while there is nothing. */
export function ExportTray() {
  const asked = useExports((state) => state.asked)
  const isOpen = useExports((state) => state.isOpen)
  const exports = useJobs((state) => state.exports)
  const jobs = exportsToShow(exports, asked)
  if (jobs.length === 0) return null
  const open = jobs.filter(isUnderWay)
  const failed = jobs.filter((job) => job.status === 'failed').length
  const [Sign, tone] =
    open.length > 0
      ? ([LoaderCircle, 'busy'] as const)
      : failed > 0
        ? ([CircleAlert, 'fail'] as const)
        : ([CircleCheck, 'ok'] as const)
  const title =
    open.length > 0
      ? `Exporting ${countOf(open.length, 'file')}`
      : `${countText(jobs.length - failed)} exported${failed > 0 ? `, ${countText(failed)} failed` : ''}`
  return (
    <section className="uploads" aria-label="Exports">
      <header className="uploads__head">
        <Sign className={`icon ${tone}`} aria-hidden />
        <div role="status" className="grow">
          <h2 className="uploads__title">{title}</h2>
        </div>
        <IconButton
          label={isOpen ? 'Hide the list of exports' : 'Show the list of exports'}
          icon={isOpen ? ChevronDown : ChevronUp}
          aria-expanded={isOpen}
          onPress={() => openExports(!isOpen)}
        />
        {open.length === 0 && (
          <IconButton
            label="Close exports"
            icon={X}
            onPress={() => {
              for (const job of jobs) forgetExport(job.id)
            }}
          />
        )}
      </header>
      {isOpen && (
        <ul className="uploads__list">
          {jobs.map((job) => (
            <ExportRow key={job.id} job={job} />
          ))}
        </ul>
      )}
    </section>
  )
}

const isUnderWay = ({ status }: Job): boolean => status === 'queued' || status === 'running'

const SIGNS = {
  queued: [Clock, 't3'],
  running: [LoaderCircle, 'busy'],
  completed: [CircleCheck, 'ok'],
  failed: [CircleAlert, 'fail'],
  cancelled: [X, 't3'],
} as const

function ExportRow({ job }: { job: Job }) {
  const [Sign, tone] = SIGNS[job.status]
  // Titles of jobs say what is done; here all of them are exports.
  const name = job.result?.filename ?? job.title.replace(/^Exporting /, '')
  const line = lineOf(job)
  return (
    <li className="upload">
      <Sign className={`icon ${tone}`} aria-hidden />
      <div className="upload__text">
        <b className="cut" title={name}>
          {name}
        </b>
        <span className={`small num ${job.status === 'failed' ? 'fail' : 'cut t3'}`} title={line}>
          {line}
        </span>
        {isUnderWay(job) && (
          <ProgressBar
            label={`Exporting ${name}`}
            text={line}
            {...(job.progress === undefined ? {} : { value: job.progress })}
          />
        )}
      </div>
      {job.status === 'completed' && job.result && (
        <Button look="quiet" size="s" icon={Download} onPress={() => saveExport(job)}>
          {bridge() ? 'Save as…' : 'Save again'}
        </Button>
      )}
      {job.status === 'failed' && (
        <Button look="quiet" size="s" icon={RotateCw} onPress={() => void retryExport(job)}>
          Try again
        </Button>
      )}
      <IconButton
        label={isUnderWay(job) ? `Cancel the export of ${name}` : `Take ${name} off the list`}
        icon={X}
        size="s"
        onPress={() => (isUnderWay(job) ? void cancelExport(job) : forgetExport(job.id))}
      />
    </li>
  )
}

/** What stands below the name of an export. */
function lineOf(job: Job): string {
  switch (job.status) {
    case 'queued':
    case 'running':
      return progressText('Exporting', job.progress, job)
    case 'completed':
      return job.result
        ? `${bytesText(job.result.bytes)}${job.result.converted ? '' : ', copied without loss'}`
        : 'Exported'
    case 'failed':
      return job.error ?? 'It could not be exported.'
    case 'cancelled':
      return 'Cancelled'
  }
}
