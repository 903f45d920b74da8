import { describe, expect, it, test } from 'vitest'
import { clock, cuesIn, cuesOf, readSubStation, readTimedLines, writeWebVtt } from './cues.ts'

const texts = (source: string): string[] => readTimedLines(source).map((it) => it.text)
const cue = (text: string): string => texts(`00:01.000 --> 00:02.000\n${text}\n`).join('|')

describe('lines with times', () => {
  it('are read from SubRip and WebVTT, whatever their line ends', () => {
    for (const end of ['\n', '\r\n', '\r']) {
      const lines = [
        '1',
        '00:00:01,5 --> 00:00:02,750',
        'one',
        'two',
        '',
        'id',
        '01:00:00.000-->100:00:00.000 line:0',
        'x',
      ]
      expect(readTimedLines(lines.join(end))).toEqual([
        { startS: 1.5, endS: 2.75, text: 'one\ntwo' },
        { startS: 3600, endS: 360_000, text: 'x' },
      ])
    }
  })

  it('come in the order of time; those that end before they begin are none', () => {
    const source =
      '00:05.000 --> 00:06.000\nlater\n\n00:01.000 --> 00:02.000\nfirst\n\n00:09.000 --> 00:09.000\nnever\n'
    expect(texts(source)).toEqual(['first', 'later'])
  })

  it('leave out notes, styles, and what is no cue', () => {
    expect(texts('WEBVTT\n\nNOTE not this\n\nSTYLE\n::cue{}\n\n00:01.000 --> 00:02.000\nthis\n')).toEqual([
      'this',
    ])
    expect(texts('{\\rtf1 nothing} \0 \n-->\n00:01 --> 2\n')).toEqual([])
  })

  it('are bounded: so many, each so long', () => {
    const long = readTimedLines('00:01.000 --> 00:02.000\nx\n\n'.repeat(60_000))
    expect(long).toHaveLength(50_000)
    expect(cue('<'.repeat(100_000)).length).toBeLessThanOrEqual(2_000)
  })
})

describe('the text of a cue', () => {
  it('keeps bold, italics and what is underlined', () => {
    expect(cue('<b>a</b> <I>b</I> <u>c</u>')).toBe('<b>a</b> <i>b</i> <u>c</u>')
  })
  it('drops fonts, classes, voices, times and positions', () => {
    expect(cue('<font color="red">a</font> <c.big>b</c> <v Ann>c</v> <00:01.500>d {\\an8}e')).toBe(
      'a b c d e',
    )
  })
  it.each([
    ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
    ['<img src=x onerror=alert(1)>', '&lt;img src=x onerror=alert(1)&gt;'],
    ['<b onclick=x>y', '&lt;b onclick=x&gt;y'],
    ['a < b > c & d &amp; &#60; &lt;', 'a &lt; b &gt; c &amp; d &amp; &amp;#60; &lt;'],
    ['x --> y', 'x --&gt; y'],
    ['<<b>script>', '&lt;<b>script&gt;'],
  ])('S20: shows %s as text', (source, shown) => {
    expect(cue(source)).toBe(shown)
  })
})

test('SubStation Alpha is read by the fields that it names', () => {
  const source = `[Events]
Format: Start, End, Style, Text
Dialogue: 0:00:03.00,0:00:04.50,Top,{\\b1}Yes{\\b0}, it is\\Nso\\htoo
Dialogue: 0:00:01.00,0:00:02.00,Top,{\\p1}m 0 0{\\p0}
Comment: 0:00:01.00,0:00:02.00,Top,not this
Dialogue: nonsense,0:00:02.00,Top,nor this
Dialogue: 0:00:01.00,0:00:02.00,Top,first
`
  expect(readSubStation(source)).toEqual([
    { startS: 1, endS: 2, text: 'first' },
    { startS: 3, endS: 4.5, text: 'Yes, it is\nso too' },
  ])
  expect(readSubStation('Dialogue: a,b,c')).toEqual([])
})

test('a window has the cues that are seen in it, cut at its ends', () => {
  const cues = cuesOf([
    { startS: 0, endS: 2, text: 'before' },
    { startS: 1, endS: 3, text: 'in' },
    { startS: 3, endS: 9, text: 'over' },
    { startS: 4, endS: 5, text: 'behind' },
  ])
  expect(cuesIn(cues, { startS: 2, endS: 4 })).toEqual([
    { startS: 0, endS: 1, text: 'in' },
    { startS: 1, endS: 2, text: 'over' },
  ])
})

test('WebVTT is written with a map of the stream’s time, and reads back as it was', () => {
  const cues = [
    { startS: 0, endS: 1.5, text: 'a\nb' },
    { startS: 3661.25, endS: 3662, text: '<i>c</i> &lt;' },
  ]
  const text = writeWebVtt(cues)
  expect(text).toMatch(
    /^WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n\n00:00:00.000 --> 00:00:01.500\na\nb\n\n/,
  )
  expect(readTimedLines(text)).toEqual(cues)
  expect(clock(359_999.9996)).toBe('100:00:00.000')
})
