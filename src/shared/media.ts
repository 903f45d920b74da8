/** Facts of a video track as its container tells them; null where it does not tell. */
export type VideoTrackInfo = {
  /** Short codec name: `avc`, `hevc`, `vp8`, `vp9`, `av1`, else ffmpeg's name. */
  codec: string
  /** RFC 6381 string, e.g. `avc1.64001f`; matches the sample entry that remux writes. */
  codecString: string | null
  /** Pixels as displayed, after rotation and sample aspect ratio. */
  width: number
  height: number
  rotationDeg: 0 | 90 | 180 | 270
  frameRate: number | null
  /** Bits per sample and chroma sampling (`4:2:0`), from the codec configuration. */
  bitDepth: number | null
  chroma: string | null
  /** Profile of Dolby Vision. Absent: none, or read by an older version. */
  dolbyVision?: number
}

/** Facts of an audio track as its container tells them. */
export type AudioTrackInfo = {
  /** Short codec name: `aac`, `opus`, `mp3`, `flac`, `vorbis`, `ac3`, …, else ffmpeg's name. */
  codec: string
  codecString: string | null
  sampleRate: number
  channels: number
  /** BCP 47 or ISO 639-2 code; null when unknown. */
  language: string | null
  name: string | null
  /** The container says that it is to be played when nobody chose. Absent: no, or read by an older version. */
  isDefault?: boolean
  /** People speak about what is to be seen. Absent as above. */
  isCommentary?: boolean
}

/** A chapter that the file itself names; seconds from the presentation's start, in the order of the film. */
export type Chapter = { startS: number; endS: number; title: string | null }

/** A track of subtitles in a file. */
export type SubtitleTrackInfo = {
  /** Short name: `subrip`, `ass`, `webvtt`, `mov_text`, `pgs`, `vobsub`, …, else the container's own. */
  codec: string
  /** Its number in the file: a track_ID in MP4, else its place among the subtitles, as ffmpeg counts. */
  id: number
  /** False for pictures of text, which become no text here. */
  isText: boolean
  /** BCP 47 or ISO 639-2 code; null when unknown. */
  language: string | null
  name: string | null
  /** Only what is said in another language than the rest. */
  isForced?: boolean
}

/** What is known of a media file from its head: container, tracks, duration. */
export type MediaInfo = {
  /** Human name of the container: `MP4`, `QuickTime`, `Matroska`, `WebM`, `MPEG-TS`, `AVI`, … */
  container: string
  /** ffmpeg's demuxer for it, chosen by our own sniffing (never by ffmpeg's): `mov`, `matroska`, `mpegts`, … */
  demuxer: string
  /** Whose demuxer its packets come from: that of ffmpeg gives them just in time only by the places of a scan. */
  reader: 'mediabunny' | 'ffprobe'
  durationS: number
  /** Bits per second of the whole file. */
  bitrate: number | null
  video: VideoTrackInfo | null
  audio: AudioTrackInfo[]
  title: string | null
  /** Absent: none, or read by an older version. */
  chapters?: Chapter[]
  /** In the order of the container, those that are pictures too. Absent as above. */
  subtitles?: SubtitleTrackInfo[]
}

/** The key table of a file: all that planning segments needs, so that no viewer waits for a scan. Plain JSON. */
export type MediaIndex = {
  /** Presentation times, in seconds, of every IDR (closed-GOP key packet) of the primary video track; empty without video. */
  keyTimesS: number[]
  /** True when key packets exist that are no IDR (open GOP, recovery points). */
  openGop: boolean
  /** Start of the presentation: 0 when a track begins at or before 0, else the first packet of any track. */
  startS: number
  /** End of the last packet of any track. */
  endS: number
  /** Reorder delay D: how far decoding runs ahead of presentation, in seconds. */
  reorderS: number
  /** Ticks per second that hold every video time exactly; 0 without video. */
  videoTimescale: number
  /** Places in the file, for containers that have no index of their own; found by reading all of it. */
  scan?: ScanIndex
}

/** Where a file is cut whose container does not tell: bytes of the file for each place that a segment may begin at. */
export type ScanIndex = TransportIndex | FramesIndex | ClustersIndex

/** Places of an MPEG transport stream. Where there is no picture, every 4 s from the start stand for the key times. */
export type TransportIndex = {
  kind: 'transport'
  /** Bytes from packet to packet, the first one, and the end of the last whole one. */
  strideBytes: number
  firstAt: number
  endAt: number
  /** The PID of the picture, its decoder configuration (base64), and its size in samples; null for sound alone. */
  video: {
    pid: number
    configuration: string
    codecString: string
    width: number
    height: number
    sampleAspect: [number, number]
    /** Place of each key picture. */
    keyAt: number[]
  } | null
  /** For each audio track in order, null where it is not copied. */
  audio: (TransportSound | null)[]
}

/** Places of one sound track: its packets with frames at or after key k begin at `from[k]`, those before it end at `to[k]`. */
export type TransportSound = {
  pid: number
  objectType: number
  rateIndex: number
  channels: number
  from: number[]
  to: number[]
}

/** Places of a file that is nothing but frames of sound: every 4 s from its start. */
export type FramesIndex = {
  kind: 'frames'
  format: 'adts' | 'mp3' | 'flac'
  sampleRate: number
  channels: number
  /** What a decoder is told beforehand (base64): AudioSpecificConfig, or FLAC's STREAMINFO; empty for MP3. */
  configuration: string
  /** Place of the first frame that begins there or later, and the number of its first sample. */
  at: number[]
  firstSamples: number[]
  /** End of the last frame. */
  endAt: number
}

/** Places of a Matroska file that has no list of places (Cues) of its own. */
export type ClustersIndex = {
  kind: 'clusters'
  /** Where the content of the segment begins, and its first cluster. */
  segmentAt: number
  firstAt: number
  /** The number of the track that the places are of. */
  track: number
  /** Of each key frame, or of each second of sound: its time in units of the file, and the place of its cluster. */
  times: number[]
  at: number[]
}
