import { PACKET_BYTES, SYNC_BYTE, type PacketGrid } from './transport-grid.ts'

/**
 * An elementary stream of a program: its packets' PID, its stream_type (ISO 13818-1 table 2-34), and the languages that
 * its descriptors name, if any, with commas between them.
 */
export type ElementaryStream = { pid: number; type: number; language?: string }

/** The streams of the only program of a transport stream, in the order of its Program Map Table. */
export type TransportProgram = { mapPid: number; streams: ElementaryStream[] }

/** stream_type of H.264 video, and of AAC with ADTS headers. */
export const H264_STREAM = 0x1b
export const ADTS_STREAM = 0x0f

const PAT_PID = 0
const PAT_TABLE = 0
const PMT_TABLE = 2

/** descriptor_tag of languages (ISO 13818-1 table 2-45). */
const LANGUAGE_DESCRIPTOR = 0x0a

/** Bytes of a section's longest form (ISO 13818-1 section 2.4.4.11: section_length is at most 1021). */
const MAX_SECTION_BYTES = 1024

/**
 * Reads what a transport stream's tables say (ISO 13818-1 sections 2.4.4.3 and 2.4.4.8) from packets at its start.
 * Null when there is no Program Map Table in them, or when there are several programs to choose from.
 */
export function readTransportProgram(head: Buffer, grid: PacketGrid): TransportProgram | null {
  const programs = firstSection(head, grid, PAT_PID, (section) => programsIn(section))
  if (programs?.length !== 1) return null
  const [mapPid] = programs
  if (mapPid === undefined) return null
  const streams = firstSection(head, grid, mapPid, (section) => streamsIn(section))
  return streams && { mapPid, streams }
}

/** Tells whether a packet's Program Map Table, if it begins in it and is whole, names other streams than `program`. */
export function namesOtherStreams(packet: Buffer, { streams }: TransportProgram): boolean {
  const start = payloadStart(packet, 0)
  const isStart = ((packet[1] ?? 0) & 0x40) !== 0
  if (!isStart || start >= packet.length) return false
  const found = streamsIn(packet.subarray(start + 1 + (packet[start] ?? 0)))
  if (!found) return false
  return (
    found.length !== streams.length ||
    found.some(({ pid, type }, at) => pid !== streams[at]?.pid || type !== streams[at].type)
  )
}

/** Where a packet's payload begins; `at` plus the packet's length when it has none. */
export function payloadStart(bytes: Buffer, at: number): number {
  const control = ((bytes[at + 3] ?? 0) >> 4) & 3
  if ((control & 1) === 0) return at + PACKET_BYTES
  return control === 3 ? at + 5 + (bytes[at + 4] ?? 0) : at + 4
}

/** The first section on a PID for which `read` has an answer; sections may be longer than a packet. */
function firstSection<T>(
  head: Buffer,
  { firstAt, strideBytes }: PacketGrid,
  pid: number,
  read: (section: Buffer) => T | null,
): T | null {
  let section = Buffer.alloc(0)
  for (let at = firstAt; at + PACKET_BYTES <= head.length; at += strideBytes) {
    if (head[at] !== SYNC_BYTE || (head.readUInt16BE(at + 1) & 0x1fff) !== pid) continue
    const isStart = ((head[at + 1] ?? 0) & 0x40) !== 0
    const start = payloadStart(head, at)
    if (start >= at + PACKET_BYTES) continue
    // pointer_field tells how many bytes of the section before come first.
    const from = isStart ? start + 1 + (head[start] ?? 0) : start
    if (!isStart && section.length === 0) continue
    const part = head.subarray(from, at + PACKET_BYTES)
    section = isStart ? Buffer.from(part) : Buffer.concat([section, part])
    const found = read(section)
    if (found !== null) return found
    if (section.length > MAX_SECTION_BYTES) section = Buffer.alloc(0)
  }
  return null
}

/** The PIDs of the Program Map Tables; the network information (program 0) is none. */
function programsIn(section: Buffer): number[] | null {
  const end = sectionEnd(section, PAT_TABLE)
  if (end === null) return null
  const pids: number[] = []
  for (let at = 8; at + 4 <= end; at += 4) {
    if (section.readUInt16BE(at) !== 0) pids.push(section.readUInt16BE(at + 2) & 0x1fff)
  }
  return pids
}

function streamsIn(section: Buffer): ElementaryStream[] | null {
  const end = sectionEnd(section, PMT_TABLE)
  if (end === null || end < 12) return null
  const streams: ElementaryStream[] = []
  for (let at = 12 + (section.readUInt16BE(10) & 0xfff); at + 5 <= end;) {
    const next = at + 5 + (section.readUInt16BE(at + 3) & 0xfff)
    const language = languageIn(section.subarray(at + 5, Math.min(next, end)))
    streams.push({
      type: section[at] ?? 0,
      pid: section.readUInt16BE(at + 1) & 0x1fff,
      ...(language === '' ? {} : { language }),
    })
    at = next
  }
  return streams
}

/** The languages of an ISO_639_language_descriptor: three letters and a kind each (ISO 13818-1 section 2.6.18). */
function languageIn(descriptors: Buffer): string {
  for (let at = 0; at + 2 <= descriptors.length; at += 2 + (descriptors[at + 1] ?? 0)) {
    if (descriptors[at] !== LANGUAGE_DESCRIPTOR) continue
    const entries = descriptors.toString('latin1', at + 2, at + 2 + (descriptors[at + 1] ?? 0))
    return (entries.match(/[a-z]{3}[^]/gi) ?? []).map((it) => it.slice(0, 3)).join(',')
  }
  return ''
}

/** Where a section's entries end, before its checksum; null when it is another table, not whole, or not valid yet. */
function sectionEnd(section: Buffer, table: number): number | null {
  if (section.length < 8 || section[0] !== table) return null
  const end = 3 + (section.readUInt16BE(1) & 0xfff)
  // current_next_indicator 0: it speaks of what comes later.
  const isCurrent = ((section[5] ?? 0) & 1) === 1
  return isCurrent && end <= section.length && end >= 12 ? end - 4 : null
}
