import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { hasTestMedia, testMedia } from '../../../scripts/test-media.ts'
import { adtsChannels, adtsRate, audioSpecificConfig, readAdtsHeader } from './adts.ts'
import { beginsPicture, lengthPrefixed, nalUnits, withoutEmulation } from './annex-b.ts'
import { id3Length } from './audio-frames.ts'
import { isWholeFlacFrame, readFlacHeader } from './flac-frames.ts'
import { isMp3Facts, readMp3Header } from './mp3-frames.ts'
import { readJpegHeader, readMpeg4Layer } from './picture-headers.ts'
import { readAc3Header, readMp2Header } from './sound-headers.ts'

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

test('MP2 and AC-3: length, samples, rate and channels', () => {
  const mp2 = (hex: string) => readMp2Header(Buffer.from(hex, 'hex'), 0)
  expect(mp2('fffda404')).toEqual({ frameBytes: 576, samples: 1152, sampleRate: 48_000, channels: 2 })
  expect(mp2('fff584c4')).toMatchObject({ sampleRate: 24_000, channels: 1 })
  // Layer III, a free bit rate, a reserved rate, too short.
  for (const hex of ['fffba404', 'fffd0404', 'fffdac04', 'fffda4']) expect(mp2(hex), hex).toBeNull()
  const ac3 = (hex: string) => readAc3Header(Buffer.from(hex, 'hex'), 0)
  expect(ac3('0b770000' + '1e40e100')).toEqual({
    ...{ frameBytes: 1792, samples: 1536, sampleRate: 48_000, channels: 6 },
  })
  // Stereo with its dsurmod, mono, and 44.1 kHz whose frames are of two lengths.
  expect(ac3('0b770000' + '144043f0')).toMatchObject({ channels: 2 })
  expect(ac3('0b770000' + '14402ff0')).toMatchObject({ channels: 1 })
  expect(ac3('0b770000' + '554043f0')).toMatchObject({ frameBytes: 836, sampleRate: 44_100 })
  // E-AC-3, rates that are reserved, too short.
  for (const hex of ['0b770000148043f0', '0b770000d44043f0', '0b7700002640e100', '0b77000014']) {
    expect(ac3(hex), hex).toBeNull()
  }
})

test('MPEG-4 and JPEG: size, shape and chroma, and what is none of a film', () => {
  const layer = '000001b001000001b58913000001000000012000c48d8800f50a04169443'
  const facts = { width: 320, height: 180, bitDepth: 8, chroma: '4:2:0' }
  expect(readMpeg4Layer(Buffer.from(layer, 'hex'))).toEqual({ ...facts, sampleAspect: [1, 1] })
  for (const length of [0, 3, 18, 22])
    expect(readMpeg4Layer(Buffer.from(layer, 'hex').subarray(0, length))).toBeNull()
  const frame = (hex: string) => readJpegHeader(Buffer.from(hex, 'hex'))
  const header = 'ffd8' + 'ffe0000400' + '00'
  const components = '00b4' + '0140' + '03' + '012200' + '021200' + '031200'
  expect(frame(`${header}ffc0001108${components}`)).toEqual({ ...facts, sampleAspect: null, chroma: '4:2:2' })
  // 12 bit, progressive, the scan before any frame, another word.
  for (const rest of [`ffc000110c${components}`, `ffc2001108${components}`, `ffda001108${components}`]) {
    expect(frame(header + rest), rest).toBeNull()
  }
  expect(frame(`ffd9${components}${components}`)).toBeNull()
})
