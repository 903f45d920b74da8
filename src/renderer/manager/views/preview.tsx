import { CircleAlert, Play } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Button as AriaButton } from 'react-aria-components'
import type { File } from '../../../shared/api/file.ts'
import { createPlayer, type PlayerOptions } from '../../player/player.ts'
import type { SoundChoice } from '../../player/settings.ts'
import { Button } from '../../ui/button.tsx'
import { ProgressBar } from '../../ui/progress.tsx'
import { followFrames } from '../clip/frames.ts'
import { playStretch } from '../clip/play-stretch.ts'
import { api, askPreview, posterUrl, previewUrl, sentenceOf, storyboardUrl, subtitleUrl } from '../api.ts'
import { progressText } from '../file-state.ts'
import { packagingOf, useJobs } from '../state/jobs.ts'
import { usePreview, type OpenPreview } from '../state/preview.ts'
import { playPreview, useUi } from '../state/ui.ts'
import { hasStoryboard } from '../storyboards.ts'
import { Poster } from './poster.tsx'

/**
 * The picture of a file, and its player once somebody wants to see it. Not before: to play some files they are
 * prepared first, and going through the list must not start that.
 */
export function Preview({ file }: { file: File }) {
  const isWanted = useUi((state) => state.playing === file.id)
  if (isWanted && file.playable) return <Playing key={file.id} file={file} />
  return (
    <div className="preview">
      <Poster file={file}>
        {file.playable && (
          <AriaButton
            className="preview__play"
            aria-label={`Play ${file.filename}`}
            onPress={() => playPreview(file.id)}
          >
            <Play className="icon" aria-hidden />
          </AriaButton>
        )}
      </Poster>
    </div>
  )
}

/** `failed` holds the reason. What is around the picture only the answer of one file says. */
type Phase = 'asking' | 'preparing' | { ready: Around } | { failed: string }

/** After the preparing has ended the stream is asked for again, in ms. */
const AGAIN_MS = 300

function Playing({ file }: { file: File }) {
  const [phase, setPhase] = useState<Phase>('asking')
  const [attempt, setAttempt] = useState(0)
  const job = useJobs((state) => packagingOf(state, file.id))
  const failure = useJobs((state) => state.failures.get(file.id))
  const isRunning = job !== undefined

  useEffect(() => {
    const abort = new AbortController()
    // Without captions and chapters it plays all the same.
    const around = aroundOf(file.id).catch(() => ({}))
    askPreview(file.id, abort.signal).then(
      async (answer) => {
        const ready = await around
        if (!abort.signal.aborted) setPhase(answer === 'ready' ? { ready } : answer)
      },
      (error: unknown) => {
        if (!abort.signal.aborted) setPhase({ failed: sentenceOf(error) })
      },
    )
    return () => abort.abort()
  }, [file.id, attempt])

  useEffect(() => {
    if (phase !== 'preparing' || isRunning || failure !== undefined) return undefined
    const timer = setTimeout(() => setAttempt((it) => it + 1), AGAIN_MS)
    return () => clearTimeout(timer)
  }, [phase, isRunning, failure, attempt])

  if (typeof phase === 'object' && 'ready' in phase) return <Player file={file} around={phase.ready} />
  const isFailed = typeof phase === 'object' || (phase === 'preparing' && !isRunning && failure !== undefined)
  return (
    <div className="preview">
      <Poster file={file}>
        {isFailed ? (
          <span className="preview__note" role="alert">
            <CircleAlert className="icon icon--l" aria-hidden />
            <span>{typeof phase === 'object' ? phase.failed : failure}</span>
            <Button
              size="s"
              onPress={() => {
                setPhase('asking')
                setAttempt((it) => it + 1)
              }}
            >
              Try again
            </Button>
          </span>
        ) : (
          phase === 'preparing' && (
            <span className="preview__note" role="status">
              <span className="num">{progressText('Preparing to play', job?.progress, job)}</span>
              <ProgressBar
                label="Preparing to play"
                {...(job?.progress === undefined ? {} : { value: job.progress })}
              />
            </span>
          )
        )}
      </Poster>
    </div>
  )
}

type Around = Pick<PlayerOptions, 'captions' | 'chapters'>

/** The captions and chapters of a file, as the player takes them. */
async function aroundOf(fileId: string): Promise<Around> {
  const { subtitles = [], chapters = [] } = await api.files.get(fileId)
  return {
    captions: subtitles
      .filter(({ kind }) => kind === 'text')
      .map(({ index, name, language, forced }) => ({
        ...{ name, forced, url: subtitleUrl(fileId, index) },
        ...(language === undefined ? {} : { language }),
      })),
    chapters: chapters.map((it) => ({ startS: it.start_time, endS: it.end_time, title: it.title })),
  }
}

function Player({ file, around }: { file: File; around: Around }) {
  const container = useRef<HTMLDivElement>(null)
  const { id, media_type: kind = 'video', frame_rate: frameRate } = file
  const durationS = file.media_info.duration_seconds
  // As they were when it was opened: a poster that is made meanwhile, or another name, must not begin it again.
  const [{ filename, poster }] = useState(() => ({ filename: file.filename, poster: posterUrl(file) }))
  // Text, so that a file that is told anew with the same tracks, in whatever order of words, does not begin again.
  const soundsText = JSON.stringify(
    file.media_info.audio_tracks
      .filter((it) => it.streamed)
      .map(({ name, language, default: isDefault }): SoundChoice => {
        return { name, ...(language === undefined ? {} : { language }), default: isDefault }
      }),
  )
  const hasPictures = hasStoryboard(file)
  useEffect(() => {
    if (!container.current) return undefined
    const player = createPlayer({
      container: container.current,
      streamUrl: previewUrl(id),
      kind,
      title: filename,
      compact: true,
      sounds: JSON.parse(soundsText) as SoundChoice[],
      ...around,
      ...(poster === undefined ? {} : { posterUrl: poster }),
      ...(durationS === null ? {} : { durationS }),
      ...(hasPictures ? { storyboardUrl: storyboardUrl(id) } : {}),
    })
    const frames = followFrames(player.media, frameRate)
    const preview: OpenPreview = {
      ...{ fileId: id, media: player.media, frames },
      seek: (seconds) => player.seek(seconds),
      show: (seconds) => player.seek(frames.aimAt(seconds)),
      play: () => player.play(),
    }
    const { wanted } = usePreview.getState()
    usePreview.setState({ preview, wanted: null })
    const begun = wanted?.fileId === id ? playStretch(preview, wanted.stretch) : player.play()
    let isThere = true
    begun
      .catch(() => undefined)
      .finally(() => {
        // Whoever asked for it, by key or by mouse, goes on in the player. Its controls show once it plays.
        const buttons = [...player.element.querySelectorAll<HTMLElement>('.player__row button, button')]
        if (isThere) buttons.find((it) => it.checkVisibility({ visibilityProperty: true }))?.focus()
      })
    return () => {
      isThere = false
      frames.stop()
      player.destroy()
      usePreview.setState((state) => (state.preview === preview ? { preview: null } : state))
    }
  }, [id, filename, kind, durationS, poster, soundsText, frameRate, hasPictures, around])
  return <div className="preview preview--playing" ref={container} />
}
