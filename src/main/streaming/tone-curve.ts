/** How bright code values are meant: SMPTE ST 2084 (HDR10) or ARIB STD-B67 (HLG). */
export type HdrTransfer = 'pq' | 'hlg'

/** Red, green and blue, 0 to 1. */
export type Rgb = readonly [red: number, green: number, blue: number]

/** The brightness of white paper in HDR (ITU-R BT.2408 section 3.1), which is the brightest of SDR, in cd/m². */
const WHITE_NITS = 203

/** The brightest that is told from others, in cd/m²: what HDR is mastered for, and a display of HLG by definition. */
const PEAK_NITS = 1000

/** ST 2084 section 5. */
const M1 = 2610 / 16_384
const M2 = (2523 / 4096) * 128
const C1 = 3424 / 4096
const C2 = (2413 / 4096) * 32
const C3 = (2392 / 4096) * 32
const PQ_NITS = 10_000

/** Light in cd/m² of a PQ code value (ST 2084 section 5, EOTF). */
export function pqToNits(value: number): number {
  const root = value ** (1 / M2)
  return PQ_NITS * (Math.max(root - C1, 0) / (C2 - C3 * root)) ** (1 / M1)
}

/** PQ code value of light in cd/m², the inverse of `pqToNits`. */
export function nitsToPq(nits: number): number {
  const power = (Math.max(nits, 0) / PQ_NITS) ** M1
  return ((C1 + C2 * power) / (1 + C3 * power)) ** M2
}

/** ITU-R BT.2100 table 5: scene light, 0 to 1, of an HLG code value. */
const HLG_A = 0.178_832_77
const HLG_B = 1 - 4 * HLG_A
const HLG_C = 0.5 - HLG_A * Math.log(4 * HLG_A)
const hlgToScene = (value: number): number =>
  value <= 0.5 ? value ** 2 / 3 : (Math.exp((value - HLG_C) / HLG_A) + HLG_B) / 12

/** BT.2100 table 5: system gamma of a display of 1000 cd/m². */
const HLG_GAMMA = 1.2

/** Shares of luminance in BT.2020 and in BT.709. */
const LUMA_2020: Rgb = [0.2627, 0.678, 0.0593]
const LUMA_709: Rgb = [0.2126, 0.7152, 0.0722]

const luma = ([red, green, blue]: Rgb, [r, g, b]: Rgb): number => r * red + g * green + b * blue

const each = ([red, green, blue]: Rgb, change: (value: number) => number): Rgb => [
  change(red),
  change(green),
  change(blue),
]

function toNits(coded: Rgb, transfer: HdrTransfer): Rgb {
  if (transfer === 'pq') return each(coded, pqToNits)
  const scene = each(coded, hlgToScene)
  const bright = luma(scene, LUMA_2020) ** (HLG_GAMMA - 1)
  return each(scene, (it) => PEAK_NITS * bright * it)
}

/** Where in PQ the highlights begin to be drawn together (ITU-R BT.2390 section 5.4.1, "knee start"). */
const TARGET = nitsToPq(WHITE_NITS) / nitsToPq(PEAK_NITS)
const KNEE = 1.5 * TARGET - 0.5

/** BT.2390 section 5.4.1: all that a display of `PEAK_NITS` shows, on one of `WHITE_NITS`. */
function toneMapped(nits: number): number {
  const one = Math.min(1, nitsToPq(nits) / nitsToPq(PEAK_NITS))
  if (one <= KNEE) return nits
  const t = (one - KNEE) / (1 - KNEE)
  const spline =
    (2 * t ** 3 - 3 * t ** 2 + 1) * KNEE +
    (t ** 3 - 2 * t ** 2 + t) * (1 - KNEE) +
    (-2 * t ** 3 + 3 * t ** 2) * TARGET
  return pqToNits(spline * nitsToPq(PEAK_NITS))
}

/** Linear BT.2020 to linear BT.709 (ITU-R BT.2087 section 4). */
const TO_709: readonly [Rgb, Rgb, Rgb] = [
  [1.6605, -0.5876, -0.0728],
  [-0.1246, 1.1329, -0.0083],
  [-0.0182, -0.1006, 1.1187],
]

/** Gamma of a display of SDR (ITU-R BT.1886). */
const SDR_GAMMA = 2.4

/**
 * What a picture in HDR looks like without it: BT.2020 in PQ or HLG to BT.709, code values both. Of a colour the
 * brightest part decides how much darker it becomes, so hues stay; one outside of BT.709 is made paler until it is inside.
 */
export function toStandardRange(coded: Rgb, transfer: HdrTransfer): Rgb {
  const nits = toNits(coded, transfer)
  const brightest = Math.max(...nits)
  if (brightest <= 0) return [0, 0, 0]
  const share = toneMapped(brightest) / brightest / WHITE_NITS
  const light = each(nits, (it) => it * share)
  const [red, green, blue] = TO_709
  const wide: Rgb = [luma(light, red), luma(light, green), luma(light, blue)]
  const grey = Math.min(1, luma(wide, LUMA_709))
  const least = Math.min(...wide)
  const most = Math.max(...wide)
  const pale = Math.max(
    least < 0 ? -least / Math.max(grey - least, Number.EPSILON) : 0,
    most > 1 ? (most - 1) / Math.max(most - grey, Number.EPSILON) : 0,
  )
  return each(wide, (it) => Math.min(1, Math.max(0, it + (grey - it) * pale)) ** (1 / SDR_GAMMA))
}

/** Points of the table along each colour: between them ffmpeg interpolates. */
const TABLE_POINTS = 33

/** `toStandardRange` as a table for ffmpeg's `lut3d` (Adobe Cube LUT 1.0: red goes up fastest), a plane of it at a time. */
export function* toneTable(transfer: HdrTransfer): Generator<string> {
  const points = Array.from({ length: TABLE_POINTS }, (_, at) => at / (TABLE_POINTS - 1))
  yield `LUT_3D_SIZE ${TABLE_POINTS}\n`
  for (const blue of points) {
    const colours = points.flatMap((green) => points.map((red): Rgb => [red, green, blue]))
    yield colours.map((it) => `${each(toStandardRange(it, transfer), rounded).join(' ')}\n`).join('')
  }
}

const rounded = (value: number): number => Math.round(value * 1e6) / 1e6
