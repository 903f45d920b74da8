import { ScanFault } from './scan-fault.ts'
import { PACKET_BYTES, SYNC_BYTE } from './transport-grid.ts'
import { payloadStart } from './transport-program.ts'

/** A PES packet: its elementary stream, its time in ticks of 90 kHz as written (33 bits), and where it lies. */
export type Pes = {
  pid: number
  /** Null when it has no time. */
  ptsTicks: number | null
  /** Place in the file of its first packet, and of the first byte behind its last one. */
  at: number
  endAt: number
  /** Lent until the next packet is taken. */
  payload: Buffer
  /** The random_access_indicator of its first packet. */
  isRandomAccess: boolean
}

/** Puts PES packets together from transport packets that follow one another. */
export interface PesReader {
  /** Takes whole packets; `at` is the place of the first sync byte in the file. Throws `ScanFault`. */
  take(packets: Buffer, at: number): void
  /** Hands over what is not finished by a following packet: nothing follows. */
  end(): void
  /** Where the unfinished PES packet of a stream begins; null when there is none. */
  openAt(pid: number): number | null
}

/** Longest PES packet: a picture of a film is never as large. */
const MAX_PES_BYTES = 32 * 1024 * 1024

const FIRST_CAPACITY = 64 * 1024
const PIDS = 8192

type Slot = {
  pid: number
  buffer: Buffer
  length: number
  /** PES_packet_length's payload; Infinity when the video does not tell. */
  declared: number
  at: number
  endAt: number
  ptsTicks: number | null
  isRandomAccess: boolean
  isOpen: boolean
  /** continuity_counter of the last packet; -1 before the first. */
  counter: number
}

/**
 * Makes the reader of the PES packets of some streams (ISO 13818-1 sections 2.4.3.2 to 2.4.3.7). It does not mend: a
 * lost, scrambled or damaged packet throws `ScanFault`, because a copy would not be exact there.
 */
export function createPesReader(
  strideBytes: number,
  pids: readonly number[],
  onPes: (pes: Pes) => void,
  onOther?: { pid: number; take: (packet: Buffer) => void },
): PesReader {
  const slots = new Array<Slot | undefined>(PIDS)
  for (const pid of pids) {
    slots[pid] = {
      ...{
        pid,
        buffer: Buffer.allocUnsafeSlow(FIRST_CAPACITY),
        length: 0,
        declared: Infinity,
        at: 0,
        endAt: 0,
      },
      ...{ ptsTicks: null, isRandomAccess: false, isOpen: false, counter: -1 },
    }
  }

  const finish = (slot: Slot): void => {
    if (!slot.isOpen) return
    slot.isOpen = false
    if (slot.declared !== Infinity && slot.length < slot.declared)
      throw new ScanFault('a PES packet is cut off')
    const { pid, ptsTicks, at, endAt, isRandomAccess } = slot
    onPes({ pid, ptsTicks, at, endAt, isRandomAccess, payload: slot.buffer.subarray(0, slot.length) })
  }

  const begin = (slot: Slot, packets: Buffer, start: number, end: number, at: number): number => {
    finish(slot)
    const isPes = packets[start] === 0 && packets[start + 1] === 0 && packets[start + 2] === 1
    const headerEnd = start + 9 + (packets[start + 8] ?? 0)
    if (!isPes || headerEnd > end) throw new ScanFault('a PES packet has no header')
    const length = packets.readUInt16BE(start + 4)
    const hasPts = ((packets[start + 7] ?? 0) & 0x80) !== 0
    slot.isOpen = true
    slot.length = 0
    slot.declared = length === 0 ? Infinity : Math.max(0, length - (headerEnd - start - 6))
    slot.at = at
    slot.ptsTicks = hasPts ? timeStampAt(packets, start + 9) : null
    return headerEnd
  }

  const append = (slot: Slot, packets: Buffer, from: number, to: number, endAt: number): void => {
    const end = Math.min(to, from + slot.declared - slot.length)
    const length = slot.length + end - from
    if (length > slot.buffer.length) {
      if (length > MAX_PES_BYTES) throw new ScanFault('a PES packet has no end')
      const larger = Buffer.allocUnsafeSlow(Math.max(length, slot.buffer.length * 2))
      slot.buffer.copy(larger, 0, 0, slot.length)
      slot.buffer = larger
    }
    packets.copy(slot.buffer, slot.length, from, end)
    slot.length = length
    slot.endAt = endAt
    if (length >= slot.declared) finish(slot)
  }

  return {
    take(packets, at) {
      for (let from = 0; from + PACKET_BYTES <= packets.length; from += strideBytes) {
        if (packets[from] !== SYNC_BYTE) throw new ScanFault('a packet does not begin where it should')
        const first = packets[from + 1] ?? 0
        const pid = ((first & 0x1f) << 8) | (packets[from + 2] ?? 0)
        const slot = slots[pid]
        if (!slot) {
          if (pid === onOther?.pid) onOther.take(packets.subarray(from, from + PACKET_BYTES))
          continue
        }
        const flags = packets[from + 3] ?? 0
        if ((first & 0x80) !== 0 || (flags & 0xc0) !== 0)
          throw new ScanFault('a packet is damaged or scrambled')
        if ((flags & 0x10) === 0) continue
        const counter = flags & 0x0f
        // A packet may be sent twice in a row (section 2.4.3.3); it is taken once.
        if (counter === slot.counter) continue
        if (slot.counter >= 0 && counter !== ((slot.counter + 1) & 0x0f))
          throw new ScanFault('a packet is lost')
        slot.counter = counter
        const end = from + PACKET_BYTES
        let start = payloadStart(packets, from)
        if (start > end) throw new ScanFault('a packet is longer than it is')
        if ((first & 0x40) !== 0) {
          start = begin(slot, packets, start, end, at + from)
          slot.isRandomAccess =
            (flags & 0x20) !== 0 && ((packets[from + 5] ?? 0) & 0x40) !== 0 && (packets[from + 4] ?? 0) > 0
        }
        if (slot.isOpen) append(slot, packets, start, end, at + from + strideBytes)
      }
    },
    end() {
      for (const pid of pids) {
        const slot = slots[pid]
        // A recording that was stopped: what is left of a last frame is none.
        if (slot && (slot.declared === Infinity || slot.length === slot.declared)) finish(slot)
      }
    },
    openAt(pid) {
      const slot = slots[pid]
      return slot?.isOpen ? slot.at : null
    },
  }
}

/** Reads a time of 33 bits in five bytes (ISO 13818-1 table 2-21). Throws `RangeError` when it is cut off. */
export function timeStampAt(bytes: Buffer, at: number): number {
  const high = ((bytes[at] ?? 0) >> 1) & 7
  const middle = bytes.readUInt16BE(at + 1) >> 1
  const low = bytes.readUInt16BE(at + 3) >> 1
  return high * 2 ** 30 + middle * 2 ** 15 + low
}
