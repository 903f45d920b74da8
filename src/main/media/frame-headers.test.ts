import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { hasTestMedia, testMedia } from '../../../scripts/test-media.ts'
import { adtsChannels, adtsRate, audioSpecificConfig, readAdtsHeader } from './adts.ts'
import { beginsPicture, lengthPrefixed, nalUnits, withoutEmulation } from './annex-b.ts'
import { id3Length } from './audio-frames.ts'
import { isWholeFlacFrame, readFlacHeader } from './flac-frames.ts'
import { isMp3Facts, readMp3Header } from './mp3-frames.ts'

test('ADTS: length, rate and channels; what a decoder is told instead of it', () => {
  const header = readAdtsHeader(Buffer.from('fff150800abffc', 'hex'), 0)
  expect(header).toEqual({ headerBytes: 7, frameBytes: 85, objectType: 2, rateIndex: 4, channels: 2 })
  if (!header) return
  expect(adtsRate(header)).toBe(44_100)
  expect(adtsChannels({ ...header, channels: 7 })).toBe(8)
  expect(audioSpecificConfig(header).toString('hex')).toBe('1210')
  // With a checksum; several blocks; a rate and a layer that do not exist; channels that are told elsewhere; too short.
  expect(readAdtsHeader(Buffer.from('fff050800abffc', 'hex'), 0)?.headerBytes).toBe(9)
  for (const hex of [
    'fff150800abffd',
    'fff17c800abffc',
    'fff350800abffc',
    'fff150000abffc',
    'fff150800abf',
  ]) {
    expect(readAdtsHeader(Buffer.from(hex, 'hex'), 0), hex).toBeNull()
  }
})

test('MP3: length, samples and channels of each version, and the frame that is no sound', () => {
  const of = (hex: string) => readMp3Header(Buffer.from(hex, 'hex'), 0)
  expect(of('fffb9064')).toMatchObject({ frameBytes: 417, samples: 1152, sampleRate: 44_100, channels: 2 })
  expect(of('fffb9264')).toMatchObject({ frameBytes: 418 })
  expect(of('fff384c4')).toMatchObject({ samples: 576, sampleRate: 24_000, channels: 1 })
  expect(of('ffe348c4')).toMatchObject({ samples: 576, sampleRate: 8000 })
  // A free bit rate, none, a reserved rate, version and layers I and II.
  for (const hex of ['fffb0064', 'fffbf064', 'fffb9c64', 'ffeb9064', 'ffff9064', 'fffd9064', 'fffb90']) {
    expect(of(hex), hex).toBeNull()
  }
  if (!hasTestMedia('mp3-vbr.mp3')) return
  const file = readFileSync(testMedia('mp3-vbr.mp3'))
  const firstAt = id3Length(file)
  const facts = readMp3Header(file, firstAt)
  if (!facts) throw new Error('no frame')
  expect(isMp3Facts(file, firstAt, facts)).toBe(true)
  const second = readMp3Header(file, firstAt + facts.frameBytes)
  expect(second && isMp3Facts(file, firstAt + facts.frameBytes, second)).toBe(false)
})

test('FLAC: a header with a right checksum, and a frame that is whole', () => {
  const file = readFileSync(testMedia('flac-24bit.flac'))
  const first = file.indexOf(Buffer.from([0xff, 0xf8]))
  const header = readFlacHeader(file, first)
  expect(header).toMatchObject({ samples: 4608, isVariable: false, coded: 0, sampleRate: 48_000 })
  let end = first
  do {
    end = file.indexOf(Buffer.from([0xff, 0xf8]), end + 1)
  } while (readFlacHeader(file, end)?.coded !== 1)
  expect(isWholeFlacFrame(file, first, end)).toBe(true)
  expect(isWholeFlacFrame(file, first, end - 1)).toBe(false)
  const damaged = Buffer.from(file)
  damaged[first + 4] = (damaged[first + 4] ?? 0) ^ 1
  expect(readFlacHeader(damaged, first)).toBeNull()
  expect(readFlacHeader(file, file.length - 3)).toBeNull()
})

test('H.264: units between start codes, without the zeros behind them, become units behind their lengths', () => {
  const stream = Buffer.from('000000010910' + '00000001671122000000' + '00000165888899' + '0000010c80', 'hex')
  const units = [...nalUnits(stream)]
  expect(units.map(({ type, start, end }) => [type, stream.toString('hex', start, end)])).toEqual([
    [9, '0910'],
    [7, '671122'],
    [5, '65888899'],
    [12, '0c80'],
  ])
  expect(lengthPrefixed(stream, units).toString('hex')).toBe('00000003671122' + '0000000465888899')
  expect(units.map((unit) => beginsPicture(stream, unit))).toEqual([false, false, true, true])
  expect([...nalUnits(Buffer.from('112233', 'hex'))]).toEqual([])
  expect(withoutEmulation(Buffer.from('0000030100000303', 'hex')).toString('hex')).toBe('000001000003')
})
