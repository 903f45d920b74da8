import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { testMedia } from '../../../scripts/test-media.ts'
import { composeFfmpeg, ffprobe, runFfmpeg } from './ffmpeg.ts'
import { calm, temporaryDir } from './testing.ts'
import { resolveTools } from './tools.ts'

const tools = await resolveTools(process.env)

describe('composing', () => {
  test('the source is a file: URL, read by the one demuxer that was sniffed, with nothing else allowed', () => {
    const args = composeFfmpeg(
      { path: '/films/a b.mp4', demuxer: 'mov' },
      { options: ['-map', '0', '-c', 'copy', '-f', 'matroska'], target: '-' },
      ['-ss', '12.5'],
    )
    expect(args).toEqual([
      ...['-nostdin', '-hide_banner', '-ss', '12.5'],
      ...['-max_alloc', '536870912', '-max_pixels', '67108864'],
      ...['-protocol_whitelist', 'file,pipe', '-format_whitelist', 'mov', '-f', 'mov'],
      ...['-i', 'file:/films/a b.mp4'],
      ...['-y', '-map', '0', '-c', 'copy', '-f', 'matroska', '-'],
    ])
  })

  test('an option with a space in it stays one argument, before the source and after it', () => {
    const args = composeFfmpeg(
      { path: '/a.mp4', demuxer: 'mov' },
      {
        options: ['-metadata', 'title=two words', '-hls_segment_filename', '/data dir/%d.m4s'],
        target: '/o.mkv',
      },
      ['-user_agent', 'two words'],
    )
    expect(args).toContain('title=two words')
    expect(args).toContain('/data dir/%d.m4s')
    expect(args.slice(2, 4)).toEqual(['-user_agent', 'two words'])
  })

  test.each(['hls', 'concat', 'dash', 'sdp', 'image2', 'lavfi', 'mov,hls', ''])(
    'S46: the demuxer "%s" is never composed, whoever asks for it',
    (demuxer) => {
      const compose = () =>
        composeFfmpeg({ path: '/a.mp4', demuxer }, { options: ['-c', 'copy'], target: '-' })
      expect(compose).toThrow('is no demuxer')
    },
  )
})

describe('running', () => {
  const copyOf = (path: string, target = '-') =>
    composeFfmpeg({ path, demuxer: 'mov' }, { options: ['-c', 'copy', '-f', 'matroska'], target })

  test('the output comes by stdout', async () => {
    const out = await runFfmpeg(tools, copyOf(testMedia('h264-aac-gop2.mp4')), { timeoutMs: 60_000 })
    expect(out.readUInt32BE(0)).toBe(0x1a45dfa3)
    expect(out.length).toBeGreaterThan(readFileSync(testMedia('h264-aac-gop2.mp4')).length / 2)
  })

  const endless = (target: string): string[] => {
    const options = ['-map', '0:v:0', '-f', 'matroska', ...(target === '-' ? [] : ['-c', 'copy'])]
    const film = testMedia('h264-aac-gop2.mp4')
    return composeFfmpeg({ path: film, demuxer: 'mov' }, { options, target }, ['-stream_loop', '-1'])
  }

  test.skipIf(process.platform === 'win32')(
    'S54: work without an end is ended when its processor time is used up, however much wall time there is',
    async () => {
      const drop = (): Promise<void> => Promise.resolve()
      const limits = { timeoutMs: 600_000, cpuS: 1, onBytes: drop }
      await expect(runFfmpeg(tools, endless('-'), limits)).rejects.toMatchObject({
        code: 'unsupported_media',
        // SIGXCPU is 24 on Linux and macOS; ffmpeg ends by it as by SIGTERM, or is killed a second later.
        cause: { stderr: expect.stringMatching(/received signal 24/) as string },
      })
    },
    60_000,
  )

  test('S54: output without an end is ended at its limit, on stdout that is heard and in a folder', async () => {
    const cwd = temporaryDir()
    const tooMuch = {
      code: 'unsupported_media',
      cause: { message: expect.stringMatching(/too much$/) as string },
    }
    const onBytes = (): Promise<void> => Promise.resolve()
    const heard = runFfmpeg(tools, endless('-'), { timeoutMs: 600_000, maxOutputBytes: 100_000, onBytes })
    await expect(heard).rejects.toMatchObject(tooMuch)
    const written = runFfmpeg(tools, endless(`file:${cwd}/it.mkv`), {
      ...{ timeoutMs: 600_000, cwd, maxFolderBytes: 100_000 },
    })
    await expect(written).rejects.toMatchObject(tooMuch)
  }, 60_000)

  test('a file that ffmpeg refuses is the file’s fault, an aborted run nobody’s', async () => {
    const bad = runFfmpeg(tools, copyOf(testMedia('truncated.mp4')), { timeoutMs: 60_000 })
    await expect(bad).rejects.toMatchObject({ code: 'unsupported_media' })
    const abort = new AbortController()
    const long = runFfmpeg(tools, copyOf(testMedia('h264-aac-gop10.mp4')), {
      timeoutMs: 60_000,
      signal: abort.signal,
    })
    abort.abort(new Error('left'))
    await expect(long).rejects.toThrow('left')
  })

  test.skipIf(!existsSync('/dev/full'))('a full disk is told as that', async () => {
    const out = copyOf(testMedia('h264-aac-gop2.mp4'), '/dev/full')
    await expect(runFfmpeg(tools, out, { timeoutMs: 60_000 })).rejects.toMatchObject({ code: 'disk_full' })
  })

  test('ffprobe tells streams and format, refuses noise, and is stopped by its signal', async () => {
    const { streams, format } = await ffprobe(
      tools,
      { path: testMedia('h264-aac.flv'), demuxer: 'flv' },
      calm,
    )
    expect(streams?.map((it) => it.codec_name)).toEqual(['h264', 'aac'])
    expect(Number(format?.duration)).toBeCloseTo(10, 0)
    const noise = ffprobe(tools, { path: testMedia('random.mp4'), demuxer: 'mov' }, calm)
    await expect(noise).rejects.toMatchObject({ code: 'unsupported_media' })
    const left = ffprobe(
      tools,
      { path: testMedia('h264-aac.flv'), demuxer: 'flv' },
      AbortSignal.abort(new Error('left')),
    )
    await expect(left).rejects.toThrow('left')
  })

  test('a source that is not there is refused', async () => {
    const gone = runFfmpeg(tools, copyOf(`${temporaryDir()}/gone.mp4`), { timeoutMs: 60_000 })
    await expect(gone).rejects.toMatchObject({ code: 'unsupported_media' })
  })
})
