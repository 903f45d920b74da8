import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, vi } from 'vitest'
import type { Job } from '../../shared/api/job.ts'
import type { TestMatinee } from './testing.ts'

/** What ffprobe tells of a file: one line of each track and the length of all. */
export type Probe = {
  tracks: {
    type: string
    codec: string
    width: number
    height: number
    channels: number
    durationS: number
  }[]
  durationS: number
}

const SIDE = { width: 96, height: 54 }

/** Exports of a test's Matinee, and what its files are laid beside. */
export function exportsOf(matinee: TestMatinee) {
  const jobOf = async (id: string): Promise<Job> =>
    (await matinee.v1('GET', `/jobs/${id}`)).json as unknown as Job

  /** Waits until a job has ended, however that is. */
  const ended = (id: string): Promise<Job> =>
    vi.waitUntil(
      async () => {
        const job = await jobOf(id)
        return ['completed', 'failed', 'cancelled'].includes(job.status) ? job : undefined
      },
      { timeout: 120_000, interval: 50 },
    )

  const begin = async (fileId: string, body: object): Promise<Job> => {
    const { status, text, json } = await matinee.v1('POST', `/files/${fileId}/export`, { body })
    expect(status, text).toBe(200)
    return json as unknown as Job
  }

  return {
    begin,
    ended,
    jobOf,
    /** Makes an export and fetches it into a file of its own. */
    async make(fileId: string, body: object): Promise<{ job: Job; path: string }> {
      const job = await ended((await begin(fileId, body)).id)
      expect(job, JSON.stringify(job)).toMatchObject({ status: 'completed' })
      const answer = await fetch(`${matinee.api}/v1/jobs/${job.id}/result`, {
        headers: { authorization: `Bearer ${matinee.key}` },
      })
      expect(answer.status).toBe(200)
      const bytes = Buffer.from(await answer.arrayBuffer())
      expect(bytes.length).toBe(job.result?.bytes)
      const path = join(matinee.folder, `${job.id}-${job.result?.filename ?? ''}`)
      writeFileSync(path, bytes)
      return { job, path }
    },
  }
}

/** Every picture of a file, small and grey, in order of presentation. */
export function picturesOf(path: string): Buffer[] {
  const { width, height } = SIDE
  const bytes = execFileSync(
    'ffmpeg',
    [
      ...['-nostdin', '-v', 'error', '-i', path, '-map', '0:v:0', '-vsync', 'passthrough'],
      ...['-vf', `scale=${width}:${height}:flags=area,format=gray`, '-f', 'rawvideo', '-'],
    ],
    { maxBuffer: 1 << 28 },
  )
  const size = width * height
  return Array.from({ length: bytes.length / size }, (_, at) => bytes.subarray(at * size, (at + 1) * size))
}

/** The place among `pictures` of the one that is most like `shown`. */
export function placeOf(shown: Buffer, pictures: readonly Buffer[]): number {
  const distances = pictures.map((it) =>
    it.reduce((sum, value, at) => sum + Math.abs(value - (shown[at] ?? 0)), 0),
  )
  return distances.indexOf(Math.min(...distances))
}

/** Asks ffprobe. */
export function probeOf(path: string): Probe {
  const entries = 'stream=codec_type,codec_name,width,height,channels,duration:format=duration'
  const args = ['-v', 'error', '-of', 'json', '-show_entries', entries, path]
  type Told = Record<string, string | number | undefined>
  const { streams, format } = JSON.parse(execFileSync('ffprobe', args, { encoding: 'utf8' })) as {
    streams: Told[]
    format: Told
  }
  return {
    durationS: Number(format['duration']),
    tracks: streams.map((it) => ({
      ...{ type: String(it['codec_type']), codec: String(it['codec_name']) },
      ...{ width: Number(it['width']), height: Number(it['height']) },
      ...{ channels: Number(it['channels']), durationS: Number(it['duration']) },
    })),
  }
}
