import type { File } from '../../shared/api/file.ts'
import type { Job } from '../../shared/api/job.ts'
import type { Share } from '../../shared/api/share.ts'
import { bytesText } from '../../shared/media-text.ts'
import { leftText, percentText } from './text.ts'

/** What is going on with a file, for the line below its name. */
export type FileLine =
  | { kind: 'facts'; parts: string[] }
  | { kind: 'reading'; text: string; progress: number | undefined }
  | { kind: 'preparing'; text: string; progress: number }
  | { kind: 'missing' }
  | { kind: 'failed'; text: string }

/** Chooses the one thing to say of a file: what is wrong first, then what goes on, then what it is. */
export function lineOf(file: File, share: Share | undefined, job: Job | undefined): FileLine {
  if (file.missing) return { kind: 'missing' }
  if (file.status === 'failed') {
    return { kind: 'failed', text: file.failure?.message ?? 'This file could not be read.' }
  }
  if (file.status !== 'completed') {
    const text =
      file.status === 'pending' ? 'Waits to be read' : progressText('Being read', job?.progress, undefined)
    return { kind: 'reading', text, progress: job?.progress }
  }
  const isPreparing = job?.status === 'running' || share?.status === 'processing'
  if (isPreparing) {
    const progress = job?.progress ?? share?.progress ?? 0
    return { kind: 'preparing', progress, text: progressText(workText(job, file), progress, job) }
  }
  const codec = file.video_codec ?? file.audio_codec
  const parts = [codec, bytesText(file.bytes), deliveryWord(file)]
  return { kind: 'facts', parts: parts.filter((it) => it !== undefined) }
}

/** How a file gets to a browser, in one word or two; undefined for one that cannot. */
export function deliveryWord({ playable, delivery }: File): string | undefined {
  if (!playable) return undefined
  if (delivery === 'transcode') return 'converts'
  return delivery === 'audio' ? 'converts audio' : 'plays everywhere'
}

/** What is being done so that a file plays, by the job that does it, or by what the file needs. */
export function workText(job: Job | undefined, file: File | undefined): string {
  if (job?.kind === 'keep') return 'Keeping a copy'
  const isConverting = job ? job.kind === 'transcode' : (file?.delivery ?? 'remux') !== 'remux'
  return isConverting ? 'Converting' : 'Preparing'
}

/** `Preparing, 64 %, 12 s left`: as much of it as is known. */
export function progressText(what: string, progress: number | undefined, job: Job | undefined): string {
  if (job?.status === 'queued') return `${what}: waits for its turn`
  const parts = [what, progress === undefined ? '' : percentText(progress), leftText(job?.seconds_left)]
  return parts.filter((it) => it !== '').join(', ')
}

/** Whether and how a file plays for others, in a few words and a sentence. */
export type Verdict = { tone: 'ok' | 'busy' | 'fail' | 'plain'; title: string; text: string }

/** What the inspector says of a file's way to a browser. */
export function verdictOf(file: File): Verdict {
  if (file.missing) {
    return {
      tone: 'plain',
      title: 'Not where it was',
      text: 'Plug in its drive or move it back. Its links work again by themselves.',
    }
  }
  if (file.status === 'failed') {
    return { tone: 'fail', title: 'Cannot be played', text: file.failure?.message ?? 'It could not be read.' }
  }
  if (file.status !== 'completed') {
    return {
      tone: 'busy',
      title: 'Being read',
      text: 'You can share it already: the link starts to work once it has been read.',
    }
  }
  if (!file.playable) {
    return {
      tone: 'plain',
      title: 'Cannot be shared',
      text: file.delivery_reason ?? 'Nothing in it can be played.',
    }
  }
  if (file.delivery === 'audio' || file.delivery === 'transcode') {
    return {
      tone: 'ok',
      title: file.delivery === 'audio' ? 'Converts audio' : 'Converts',
      text: `${file.delivery_reason ?? 'Browsers do not play it as it is.'} It plays while it is converted.`,
    }
  }
  if (file.delivery_reason !== undefined) {
    return { tone: 'ok', title: 'Plays after preparing', text: file.delivery_reason }
  }
  const codecs = [file.video_codec, file.audio_codec].filter((it) => it !== undefined).join(' and ')
  const leftOut = file.media_info.audio_tracks.filter((it) => !it.streamed)
  const exception =
    leftOut.length === 0
      ? ''
      : ` Left out: ${leftOut.map((it) => `${it.name} (${it.codec})`).join(', ')}, which browsers cannot play.`
  return {
    tone: 'ok',
    title: 'Plays everywhere',
    text: `${codecs}. Sent as it is, nothing to convert.${exception}`,
  }
}

/** True when a share of the file can be asked for: it plays, or nobody knows yet that it does not. */
export const isShareable = (file: File): boolean =>
  !file.missing && (file.status === 'completed' ? file.playable : file.status !== 'failed')
