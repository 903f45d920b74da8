import type { Playback, Share } from '../../shared/api/share.ts'
import { shownChapters } from '../../shared/chapters.ts'
import type { Moment } from '../../shared/link-times.ts'
import { bytesText, clockText, durationText } from '../../shared/media-text.ts'
import { FACTS_ELEMENT_ID, type ShareFacts } from '../../shared/share-facts.ts'
import { jsonBlock, markup, type Markup } from './markup.ts'
import { iconOf } from './page-icon.ts'
import { writePage, type PageTags } from './page-shell.ts'

/** What a share page is made of. Only what `access` let through may come here. */
export type SharePageFacts = {
  share: Share
  playback: Playback
  /** For chats, of a share that is for everyone. */
  card: Markup | null
  minimal: boolean
  clip: Moment | null
  /** Origins that may frame the minimal layout; any when empty. */
  sites: readonly string[]
  /** Who is signed in, where that is why they see it. */
  memberName?: string
}

/** Says dates as people do; the month is a word, so that no country reads it the wrong way round. */
const DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long' })

/**
 * Writes the page of a share. All of it that does not play is here, so it stands before any script has run; the
 * element `#player` is where the player goes, and has its final size from the start.
 */
export function renderSharePage(
  { share, playback, card, minimal, clip, sites, memberName }: SharePageFacts,
  tags: PageTags,
): string {
  const facts: ShareFacts = {
    id: share.id,
    title: share.title ?? '',
    shareUrl: share.share_url,
    minimal,
    playback,
    ...(clip ? { clip } : {}),
    ...(minimal && sites.length > 0 ? { embedOrigins: sites } : {}),
  }
  const isAudio = playback.media_type === 'audio'
  const layout = minimal ? minimalBody : isAudio ? audioBody : videoBody
  // A link to a time cannot lead into a clip.
  const chapters = clip ? null : chapterList(playback)
  return writePage(
    {
      title: facts.title,
      head: markup`${card}
${playback.stream_url !== undefined && tags.preload(playback.renditions !== undefined)}
${isUnderWay(playback) && markup`<noscript><meta http-equiv="refresh" content="5"></noscript>`}`,
      className: minimal ? `minimal minimal--${isAudio ? 'audio' : 'video'}` : 'sp',
      body: markup`${layout(share, playback, chapters)}
${!minimal && foot(memberName)}
${jsonBlock(FACTS_ELEMENT_ID, facts)}`,
      script: true,
    },
    tags,
  )
}

/** A page that nothing plays on yet is to be looked at again. */
const isUnderWay = ({ status, stream_url: stream }: Playback): boolean =>
  stream === undefined && (status === 'pending' || status === 'processing')

function videoBody(share: Share, playback: Playback, chapters: Markup | null): Markup {
  const { width = 16, height = 9 } = playback
  return markup`<main class="sp__in${height > width ? ' sp__in--tall' : ''}">
${stage(share, playback, 1280)}
<div class="sp__side">
<div class="sp__head">
<div class="sp__names"><h1>${share.title}</h1>${line(share, playback)}</div>
${actions(share, playback)}
</div>
${below(share, chapters)}
</div>
</main>`
}

function audioBody(share: Share, playback: Playback, chapters: Markup | null): Markup {
  return markup`<main class="sp__in sp__in--audio">
<div class="ap">
<div class="ap__cover">${poster(playback) ?? iconOf('audio-lines')}</div>
<div class="ap__side">
<h1>${share.title}</h1>${line(share, playback)}
<div class="ap__player" id="player">${waiting(playback)}${withoutScript(playback)}</div>
</div>
</div>
${actions(share, playback)}
${below(share, chapters)}
</main>`
}

/** The player alone. A video keeps its shape inside the frame, so that nothing is painted beside it. */
function minimalBody(share: Share, playback: Playback): Markup {
  const heading = markup`<h1 class="vh">${share.title}</h1>`
  if (playback.media_type !== 'audio') return markup`<main>${heading}${stage(share, playback, 12_800)}</main>`
  return markup`<main>${heading}
<div class="sp__stage">
<div class="sp__player" id="player">${poster(playback)}${waiting(playback)}</div>
${withoutScript(playback)}
</div>
</main>`
}

/**
 * The box of a video. An empty picture of its shape holds it open: the page may have no style attributes, and a CSS
 * aspect-ratio could not come from anywhere else before the script runs. The largest width is in CSS pixels.
 */
function stage(share: Share, playback: Playback, maxWidth: number): Markup {
  const { width = 16, height = 9 } = playback
  const shape = { width: maxWidth, height: Math.round((maxWidth * height) / width) }
  return markup`<div class="sp__stage">
<svg class="sp__sizer" width="${shape.width}" height="${shape.height}" viewBox="0 0 ${shape.width} ${shape.height}" aria-hidden="true"></svg>
<div class="sp__player" id="player">${poster(playback)}${waiting(playback)}</div>
${withoutScript(playback)}
</div>`
}

const poster = ({ poster_url: url }: Playback): Markup | null =>
  url ? markup`<img src="${url}" alt="" fetchpriority="high">` : null

/** What stands in the player's place while there is nothing to play. The script keeps it up to date. */
function waiting(playback: Playback): Markup | null {
  if (playback.stream_url !== undefined) return null
  if (playback.status === 'failed') {
    return markup`<div class="sp__wait"><div role="status">
${iconOf('circle-alert')}<h2>It can’t be played</h2><p>${playback.failure?.message}</p>
</div></div>`
  }
  return markup`<div class="sp__wait"><div role="status">
<h2>Getting ready</h2><progress max="1" aria-label="Getting ready"></progress><p>It plays here by itself.</p>
</div></div>`
}

/** What plays without our script: the browser's own HLS, or the file as it is. */
function withoutScript({
  media_type: kind,
  stream_url: stream,
  download_url: file,
  poster_url: still,
}: Playback) {
  if (!stream) return null
  const sources = markup`<source src="${stream}" type="application/vnd.apple.mpegurl">${
    file && markup`<source src="${file}">`
  }`
  return kind === 'audio'
    ? markup`<noscript><audio controls preload="none">${sources}</audio></noscript>`
    : markup`<noscript><video controls playsinline preload="none"${
        still && markup` poster="${still}"`
      }>${sources}</video></noscript>`
}

function line(share: Share, playback: Playback): Markup {
  const seconds = playback.duration_seconds
  const date = new Date(share.created_at)
  return markup`<p class="sp__line">${
    seconds !== undefined && markup`${durationText(seconds)} · `
  }<time datetime="${date.toISOString()}">${DATE.format(date)}</time></p>`
}

/** What is there to read: the description, beside it the chapters. */
function below({ description: text }: Share, chapters: Markup | null): Markup | null {
  if (!text && !chapters) return null
  return markup`<div class="sp__below">${text && markup`<p class="sp__text">${text}</p>`}${chapters}</div>`
}

/** The chapters as links to their times, which the script turns into jumps of the player. */
function chapterList({ chapters: found = [], duration_seconds: durationS = 0 }: Playback): Markup | null {
  const chapters = shownChapters(
    found.map((it) => ({ startS: it.start_time, endS: it.end_time, title: it.title })),
    durationS,
  )
  if (chapters.length === 0) return null
  return markup`<nav class="chapters" id="chapters" aria-labelledby="chapters-title"><h2 id="chapters-title">Chapters</h2><ol>${chapters.map(
    ({ startS, title }) =>
      markup`<li><a href="?s=${startS}"><span class="chapters__time">${clockText(startS)}</span><span>${title}</span></a></li>`,
  )}</ol></nav>`
}

/**
 * Only what plays can be copied, fetched and embedded; in a frame nobody can sign in. The buttons need the script and
 * appear with it.
 */
function actions(share: Share, { status, download_url: url, download_bytes: bytes }: Playback): Markup {
  return markup`<div class="sp__acts" id="actions"${status !== 'completed' && markup` hidden`}>
<button type="button" class="btn" id="copy" hidden>${iconOf('link')}<span id="copy-label">Copy link</span></button>
<a class="btn" id="download" download${url && markup` href="${url}"`}>${iconOf('download')}<span>Download</span><span class="btn__more" id="download-size">${
    bytes !== undefined && bytesText(bytes)
  }</span></a>
${isForEveryone(share) && markup`<button type="button" class="btn" id="embed" aria-label="Embed" hidden>${iconOf('code-xml')}<span>Embed</span></button>`}
</div>`
}

const isForEveryone = ({ visibility, password_protected: isLocked }: Share): boolean =>
  visibility === 'public' && !isLocked

const foot = (memberName: string | undefined): Markup =>
  markup`<footer class="sp__foot">Plays straight from its owner’s computer${
    memberName !== undefined && markup` · Signed in as ${memberName} · <a href="/sign-in">Sign out…</a>`
  }</footer>`
