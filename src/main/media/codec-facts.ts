/**
 * Bits per sample from an RFC 6381 codec string; null where it does not tell. H.264: the profiles above High are for
 * more bits or chroma (ISO 14496-10 A.2). HEVC: general_profile_idc 1 is Main, 2 is Main 10 (ISO 23008-2 A.3). VP9 and
 * AV1 write it out (`vp09.PP.LL.DD`, `av01.P.LLT.DD`).
 */
export function bitDepthOf(codecString: string | null): number | null {
  const [name = '', ...parts] = (codecString ?? '').split('.')
  switch (name) {
    case 'avc1':
    case 'avc3':
      // High 4:4:4 Predictive is for anything from 8 to 14 bits.
      if (profileOf(parts) === 'f4') return null
      return ['6e', '7a'].includes(profileOf(parts)) ? 10 : 8
    case 'hvc1':
    case 'hev1':
      return { '1': 8, '2': 10 }[parts[0] ?? ''] ?? null
    case 'vp09':
      return numberOr(parts[2], 8)
    case 'av01':
      return numberOr(parts[2], 8)
    default:
      return null
  }
}

/** Chroma sampling from an RFC 6381 codec string; null where it does not tell. */
export function chromaOf(codecString: string | null): string | null {
  const [name = '', ...parts] = (codecString ?? '').split('.')
  switch (name) {
    case 'avc1':
    case 'avc3':
      return { '7a': '4:2:2', f4: '4:4:4', '2c': '4:4:4' }[profileOf(parts)] ?? '4:2:0'
    case 'hvc1':
    case 'hev1':
      return ['1', '2'].includes(parts[0] ?? '') ? '4:2:0' : null
    // Profiles 1 and 3 of VP9, 1 and 2 of AV1, are for other samplings.
    case 'vp09':
      return ['00', '02'].includes(parts[0] ?? '') ? '4:2:0' : '4:4:4'
    case 'av01':
      return parts[0] === '0' ? '4:2:0' : '4:4:4'
    default:
      return null
  }
}

/** profile_idc of `avc1.PPCCLL`, two hex digits. */
const profileOf = (parts: readonly string[]): string => (parts[0] ?? '').slice(0, 2).toLowerCase()

const numberOr = (text: string | undefined, fallback: number): number => (text ? Number(text) : fallback)
