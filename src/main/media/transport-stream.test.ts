import { describe, expect, test } from 'vitest'
import { createPesReader, type Pes } from './transport-pes.ts'
import { findPacketGrid } from './transport-grid.ts'
import { namesOtherStreams, readTransportProgram } from './transport-program.ts'
import { unwrapTicks } from './unwrap.ts'

const [PAT, MAP, VIDEO, SOUND] = [0, 0x100, 0x101, 0x102] as const

/** A transport packet (ISO 13818-1 section 2.4.3.2); stuffing makes up for what the payload lacks. */
function packet(pid: number, payload: Buffer, { starts = false, counter = 0, flags = 0 } = {}): Buffer {
  const stuffing = 184 - payload.length
  const header = Buffer.from([0x47, (starts ? 0x40 : 0) | (pid >> 8), pid & 255, flags | 0x10 | counter])
  if (stuffing === 0) return Buffer.concat([header, payload])
  header[3] = flags | 0x30 | counter
  const field = Buffer.alloc(stuffing, 0xff)
  field[0] = stuffing - 1
  if (stuffing > 1) field[1] = 0
  return Buffer.concat([header, field, payload])
}

/** A section with a table in it, of current use unless told otherwise. */
function section(table: number, content: Buffer, current = 1): Buffer {
  const length = 5 + content.length + 4
  const head = [table, 0xb0 | (length >> 8), length & 255, 0, 1, 0xc0 | current, 0, 0]
  return Buffer.concat([Buffer.from(head), content, Buffer.alloc(4)])
}
const pointed = (bytes: Buffer): Buffer => Buffer.concat([Buffer.from([0]), bytes])
const programs = (...pids: number[]): Buffer =>
  section(0, Buffer.from(pids.flatMap((pid, at) => [0, at + 1, 0xe0 | (pid >> 8), pid & 255])))
const map = (streams: [type: number, pid: number][], descriptorBytes = 0): Buffer => {
  const entries = streams.flatMap(([type, pid]) => [
    ...[type, 0xe0 | (pid >> 8), pid & 255, 0xf0, descriptorBytes],
    ...Array.from({ length: descriptorBytes }, () => 0x0a),
  ])
  return section(2, Buffer.from([0xe1, 0x01, 0xf0, 0, ...entries]))
}

/** The bytes of a PES packet with a time; `declared` is what it says of its length. */
function pes(payload: Buffer, ticks: number | null, declared = true): Buffer {
  const time = ticks === null ? [] : timeStamp(ticks)
  const length = declared ? 3 + time.length + payload.length : 0
  const head = [0, 0, 1, 0xe0, length >> 8, length & 255, 0x80, ticks === null ? 0 : 0x80, time.length]
  return Buffer.concat([Buffer.from([...head, ...time]), payload])
}
function timeStamp(ticks: number): number[] {
  const high = Math.floor(ticks / 2 ** 30)
  const low = ticks % 2 ** 30
  return [
    0x21 | (high << 1),
    (low >> 22) & 255,
    ((low >> 14) & 255) | 1,
    (low >> 7) & 255,
    ((low << 1) & 255) | 1,
  ]
}

const grid = { firstAt: 0, strideBytes: 188 } as const

describe('the tables', () => {
  test('name the streams of the one program, also when they take several packets', () => {
    const streams: [number, number][] = Array.from({ length: 20 }, (_, at) => [
      at === 0 ? 0x1b : 0x0f,
      VIDEO + at,
    ])
    const table = pointed(map(streams, 8))
    const head = Buffer.concat([
      packet(PAT, pointed(programs(MAP)), { starts: true }),
      packet(MAP, table.subarray(0, 184), { starts: true }),
      packet(VIDEO, Buffer.alloc(184)),
      packet(MAP, table.subarray(184), { counter: 1 }),
    ])
    expect(table.length).toBeGreaterThan(184)
    expect(readTransportProgram(head, grid)).toEqual({
      mapPid: MAP,
      streams: streams.map(([type, pid]) => ({ type, pid })),
    })
  })

  test('of several programs, or that speak of later, say nothing', () => {
    const two = packet(PAT, pointed(programs(MAP, MAP + 1)), { starts: true })
    expect(readTransportProgram(two, grid)).toBeNull()
    const later = section(2, Buffer.from([0xe1, 0x01, 0xf0, 0]), 0)
    const head = Buffer.concat([
      packet(PAT, pointed(programs(MAP)), { starts: true }),
      packet(MAP, pointed(later), { starts: true }),
    ])
    expect(readTransportProgram(head, grid)).toBeNull()
    expect(readTransportProgram(Buffer.alloc(1000), grid)).toBeNull()
  })

  test('that change are noticed', () => {
    const program = { mapPid: MAP, streams: [{ type: 0x1b, pid: VIDEO }] }
    const tableOf = (streams: [number, number][]) => packet(MAP, pointed(map(streams)), { starts: true })
    expect(namesOtherStreams(tableOf([[0x1b, VIDEO]]), program)).toBe(false)
    expect(namesOtherStreams(tableOf([[0x1b, SOUND]]), program)).toBe(true)
    expect(namesOtherStreams(tableOf([[0x24, VIDEO]]), program)).toBe(true)
    expect(
      namesOtherStreams(
        tableOf([
          [0x1b, VIDEO],
          [0x0f, SOUND],
        ]),
        program,
      ),
    ).toBe(true)
    expect(namesOtherStreams(packet(MAP, Buffer.alloc(184)), program)).toBe(false)
  })
})

describe('PES packets', () => {
  function read(packets: Buffer[], strideBytes = 188) {
    const found: (Omit<Pes, 'payload'> & { payload: string })[] = []
    const reader = createPesReader(strideBytes, [VIDEO, SOUND], (it) =>
      found.push({ ...it, payload: it.payload.toString('latin1') }),
    )
    reader.take(Buffer.concat(packets), 1000)
    return { found, reader }
  }
  const text = (letter: string, length: number): Buffer => Buffer.from(letter.repeat(length))

  test('are put together from packets of several streams, with their places and times of 33 bits', () => {
    const long = pes(text('v', 300), 2 ** 33 - 1, false)
    const { found, reader } = read([
      packet(VIDEO, long.subarray(0, 184), { starts: true, counter: 15 }),
      packet(SOUND, pes(text('s', 20), 5_000_000_000), { starts: true }),
      packet(VIDEO, long.subarray(184)),
      packet(VIDEO, pes(text('w', 3), null, false), { starts: true, counter: 1 }),
    ])
    expect(found.map((it) => [it.pid, it.ptsTicks, it.at, it.endAt, it.payload])).toEqual([
      [SOUND, 5_000_000_000, 1188, 1376, 's'.repeat(20)],
      [VIDEO, 2 ** 33 - 1, 1000, 1564, 'v'.repeat(300)],
    ])
    expect(reader.openAt(VIDEO)).toBe(1564)
    expect(reader.openAt(SOUND)).toBeNull()
    reader.end()
    expect(found.at(-1)).toMatchObject({ ptsTicks: null, at: 1564, payload: 'www' })
  })

  test('a packet that is sent twice is taken once, and what is behind the declared end is none', () => {
    const one = packet(SOUND, Buffer.concat([pes(text('s', 9), 7), text('x', 5)]), { starts: true })
    expect(read([one, one]).found.map((it) => it.payload)).toEqual(['s'.repeat(9)])
  })

  test('that lack their start, or their end when nothing follows, are none', () => {
    const { found, reader } = read([
      packet(VIDEO, text('v', 184)),
      packet(SOUND, pes(text('s', 400), 7).subarray(0, 184), { starts: true }),
    ])
    reader.end()
    expect(found).toEqual([])
  })

  const start = (counter = 0) =>
    packet(SOUND, pes(text('s', 400), 7).subarray(0, 184), { starts: true, counter })
  test.each<[string, Buffer[]]>([
    ['a lost packet', [start(), packet(SOUND, text('s', 184), { counter: 2 })]],
    ['a scrambled packet', [packet(SOUND, text('s', 184), { flags: 0x80 })]],
    ['a start that is none', [packet(SOUND, text('s', 184), { starts: true })]],
    ['a PES packet that the next one cuts off', [start(), start(1)]],
    ['bytes between packets', [start(), Buffer.alloc(188)]],
  ])('%s is not mended', (_, packets) => {
    expect(() => read(packets)).toThrow(expect.objectContaining({ name: 'ScanFault' }))
  })

  test('lie behind a time stamp of four bytes each in recordings of cameras', () => {
    const packets = [0, 1, 2, 3].map((counter) =>
      Buffer.concat([Buffer.alloc(4), packet(SOUND, pes(text('s', 9), counter), { starts: true, counter })]),
    )
    const head = Buffer.concat(packets)
    expect(findPacketGrid(head)).toEqual({ firstAt: 4, strideBytes: 192 })
    expect(read([head.subarray(4)], 192).found.map((it) => it.at)).toEqual([1000, 1192, 1384, 1576])
  })
})

test('a clock that begins anew goes on, forwards and backwards', () => {
  const wrap = 2 ** 33
  expect(unwrapTicks(5, wrap - 10)).toBe(wrap + 5)
  expect(unwrapTicks(wrap - 10, wrap + 5)).toBe(wrap - 10)
  expect(unwrapTicks(wrap - 10, 5)).toBe(-10)
  expect(unwrapTicks(90_000, 3 * wrap + 1)).toBe(3 * wrap + 90_000)
})
