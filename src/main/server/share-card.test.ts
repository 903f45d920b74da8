import { describe, expect, test } from 'vitest'
import type { LinkTimes } from '../../shared/link-times.ts'
import type { ShareCard } from '../shares/share-card.ts'
import { shareCard } from './share-card.ts'
import { unescapeHtml } from './testing-texts.ts'

const bare: ShareCard = {
  title: 'Ridge "walk" & <more>',
  description: 'All of it',
  pageUrl: 'https://me.test/share/1',
  mediaType: 'video',
  width: 1920,
  height: 1080,
  isFramable: true,
}
const pictureUrl = 'https://me.test/poster/1.jpg?size=card'
const film = { key: '1', url: 'https://me.test/card-film/1.mp4' }
const card: ShareCard = { ...bare, pictureUrl, film, fileUrl: 'https://me.test/download/1/ridge.mp4' }

type Shown = { times?: LinkTimes; hasFilm?: boolean }
const write = (of: ShareCard, { times = {}, hasFilm = false }: Shown = {}): string =>
  shareCard(of, { times, hasFilm }).html

/** The tags of a card by name. */
function tagsOf(of: ShareCard, shown?: Shown): Record<string, string> {
  const tags = write(of, shown).matchAll(/<meta (?:property|name)="([^"]*)" content="([^"]*)">/g)
  return Object.fromEntries([...tags].map(([, name = '', content = '']) => [name, unescapeHtml(content)]))
}
const OEMBED = /<link rel="alternate" type="application\/json\+oembed" href="([^"]*)"/

describe('the card of a public share', () => {
  test('names the page, its picture in card size and the player', () => {
    expect(tagsOf(card)).toMatchObject({
      'og:site_name': 'Matinee',
      'og:type': 'video.other',
      'og:title': 'Ridge "walk" & <more>',
      'og:description': 'All of it',
      'og:url': 'https://me.test/share/1',
      'og:image': 'https://me.test/poster/1.jpg?size=card',
      'og:image:secure_url': 'https://me.test/poster/1.jpg?size=card',
      'og:image:type': 'image/jpeg',
      'og:image:width': '1200',
      'og:image:height': '630',
      'twitter:card': 'player',
      'twitter:player': 'https://me.test/share/1?layout=minimal',
      'twitter:player:width': '1920',
    })
  })

  test('leads to its oEmbed answer', () => {
    expect(OEMBED.exec(write(card))?.[1]).toBe(
      'https://me.test/oembed?format=json&amp;url=https%3A%2F%2Fme.test%2Fshare%2F1',
    )
  })

  test('of a link to a moment stays that, at every address', () => {
    const times = { s: '1:30', e: '95', clip: 'hard' }
    const query = 's=1%3A30&e=95&clip=hard'
    expect(tagsOf(card, { times })).toMatchObject({
      'og:url': `https://me.test/share/1?${query}`,
      'twitter:player': `https://me.test/share/1?layout=minimal&${query}`,
    })
    expect(unescapeHtml(OEMBED.exec(write(card, { times }))?.[1] ?? '')).toBe(
      `https://me.test/oembed?format=json&url=${encodeURIComponent(`https://me.test/share/1?${query}`)}`,
    )
    expect(tagsOf(card, { times: { s: 'nonsense' } })['og:url']).toBe('https://me.test/share/1')
  })

  test('has its small film once that is made, else the file itself where a chat can play it', () => {
    const shape = { 'og:video:type': 'video/mp4', 'og:video:width': '1920', 'og:video:height': '1080' }
    expect(tagsOf(card, { hasFilm: true })).toMatchObject({
      ...{ 'og:video': film.url, 'og:video:secure_url': film.url, ...shape },
      ...{ 'twitter:player:stream': film.url, 'twitter:player:stream:content_type': 'video/mp4' },
    })
    expect(tagsOf(card)).toMatchObject({ 'og:video': 'https://me.test/download/1/ridge.mp4', ...shape })
    expect(tagsOf({ ...bare, pictureUrl, film })).not.toHaveProperty('og:video')
  })

  test('has no player where browsers would not frame it, and no picture where there is none', () => {
    const local: ShareCard = { ...card, pageUrl: 'http://192.168.1.7:4401/share/1' }
    expect(tagsOf(local)).toMatchObject({ 'twitter:card': 'summary_large_image' })
    const plain = { ...bare, pageUrl: local.pageUrl }
    expect(tagsOf(plain)).toMatchObject({ 'twitter:card': 'summary' })
    expect(tagsOf(plain)).not.toHaveProperty('og:image')
    expect(tagsOf({ ...card, isFramable: false })).not.toHaveProperty('twitter:player')
  })

  test('names no secure address where there is none', () => {
    const local = { key: '1', url: 'http://127.0.0.1/card-film/1.mp4' }
    const tags = tagsOf(
      { ...bare, film: local, pictureUrl: 'http://127.0.0.1/poster/1.jpg' },
      { hasFilm: true },
    )
    expect(tags['og:video']).toBe(local.url)
    expect(Object.keys(tags).filter((it) => /secure_url|stream/.test(it))).toEqual([])
  })

  test('of audio is no video', () => {
    const tags = tagsOf({ ...bare, pictureUrl, mediaType: 'audio' })
    expect(tags['og:type']).toBe('music.song')
    expect(tags).not.toHaveProperty('og:video')
  })
})

test('the card of a private share has no player and no oEmbed answer, but its film', () => {
  const shown = { ...bare, pictureUrl, film, isFramable: false }
  expect(tagsOf(shown, { hasFilm: true })).toMatchObject({
    'og:video': 'https://me.test/card-film/1.mp4',
    'twitter:card': 'summary_large_image',
  })
  expect(write(shown, { hasFilm: true })).not.toMatch(/oembed|twitter:player"/)
})
