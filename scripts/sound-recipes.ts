import { aac, sound, type Recipe } from './recipe-parts.ts'

/** Sound without a picture, in containers of its own. */
export const SOUND_RECIPES: readonly Recipe[] = [
  ...[
    { name: 'mp3.mp3', encoders: ['libmp3lame'], args: ['-c:a', 'libmp3lame', '-b:a', '96k'] },
    { name: 'opus.ogg', encoders: ['libopus'], args: ['-c:a', 'libopus', '-b:a', '48k'] },
    { name: 'flac.flac', args: ['-c:a', 'flac'] },
    { name: 'pcm.wav', args: ['-c:a', 'pcm_s16le'] },
    { name: 'pcm.aiff', args: ['-c:a', 'pcm_s16be'] },
    { name: 'aac.aac', args: aac },
    { name: 'alac.m4a', args: ['-c:a', 'alac'] },
  ].map((it) => ({ ...it, trait: 'sound in a container of its own', args: [...sound(3), ...it.args] })),
]
