import { AudioLines, FileWarning, Film } from 'lucide-react'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import type { File } from '../../../shared/api/file.ts'
import { posterUrl } from '../api.ts'

/** A picture that came sooner is shown at once; a later one fades in, in ms. */
const LATE_MS = 100

/** The 16:9 picture of a file; its place is held from the start. `children` lie over it. */
export function Poster({ file, children }: { file: File | undefined; children?: ReactNode }) {
  const url = file && posterUrl(file)
  const isPlain = url === undefined
  const Icon = file?.status === 'failed' ? FileWarning : file?.media_type === 'audio' ? AudioLines : Film
  const isRead = file?.status === 'completed' || file?.status === 'failed'
  return (
    <span
      className={`poster ${isPlain && isRead ? 'poster--plain' : ''} ${file?.missing ? 'poster--missing' : ''}`}
    >
      {isPlain ? isRead && <Icon className="poster__icon" aria-hidden /> : <Picture key={url} url={url} />}
      {children}
    </span>
  )
}

function Picture({ url }: { url: string }) {
  const [state, setState] = useState<'loading' | 'there' | 'late' | 'broken'>('loading')
  const startedMs = useRef(0)
  useEffect(() => {
    startedMs.current = performance.now()
  }, [])
  if (state === 'broken') return null
  return (
    <img
      src={url}
      alt=""
      decoding="async"
      draggable={false}
      data-state={state}
      onLoad={() => setState(performance.now() - startedMs.current > LATE_MS ? 'late' : 'there')}
      onError={() => setState('broken')}
    />
  )
}
