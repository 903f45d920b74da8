import { describe, expect, test } from 'vitest'
import type { Playback, Share } from '../../shared/api/share.ts'
import { shareCard } from './share-card.ts'
import { unescapeHtml } from './testing-texts.ts'

const share: Share = {
  id: '1',
  object: 'share',
  file_id: '2',
  asset_type: 'file',
  title: 'Ridge "walk" & <more>',
  description: 'All of it',
  visibility: 'public',
  link_preview: 'none',
  status: 'completed',
  preview_url: 'https://me.test/poster/1.jpg',
  share_url: 'https://me.test/share/1',
  links: [],
  stream_url: 'https://me.test/stream/1/main.m3u8',
  media_download_url: 'https://me.test/download/1/ridge.mp4',
  media_download_expires_at: null,
  view_count: 0,
  password_protected: false,
  keep_copy: false,
  created_at: 0,
}
const playback: Playback = {
  status: 'completed',
  media_type: 'video',
  width: 1920,
  height: 1080,
  download_bytes: 4_000_000,
}

/** The tags of a card by name. */
function tagsOf(share: Share, playback: Playback): Record<string, string> {
  const tags = shareCard(share, playback).html.matchAll(
    /<meta (?:property|name)="([^"]*)" content="([^"]*)">/g,
  )
  return Object.fromEntries([...tags].map(([, name = '', content = '']) => [name, unescapeHtml(content)]))
}

describe('the card of a public share', () => {
  test('names the page, its picture in card size and the player', () => {
    expect(tagsOf(share, playback)).toMatchObject({
      'og:site_name': 'Matinee',
      'og:type': 'video.other',
      'og:title': 'Ridge "walk" & <more>',
      'og:description': 'All of it',
      'og:url': 'https://me.test/share/1',
      'og:image': 'https://me.test/poster/1.jpg?size=card',
      'og:image:width': '1200',
      'og:image:height': '630',
      'twitter:card': 'player',
      'twitter:player': 'https://me.test/share/1?layout=minimal',
      'twitter:player:width': '1920',
    })
  })

  test('leads to its oEmbed answer', () => {
    expect(shareCard(share, playback).html).toContain(
      '<link rel="alternate" type="application/json+oembed" href="https://me.test/oembed?format=json&amp;url=https%3A%2F%2Fme.test%2Fshare%2F1"',
    )
  })

  test('offers the file itself only where a chat can play it: a small MP4', () => {
    const video = { 'og:video': 'https://me.test/download/1/ridge.mp4', 'og:video:type': 'video/mp4' }
    expect(tagsOf(share, playback)).toMatchObject(video)
    expect(tagsOf(share, { ...playback, download_bytes: 40_000_000 })).not.toHaveProperty('og:video')
    const mkv = { ...share, media_download_url: 'https://me.test/download/1/ridge.mkv' }
    expect(tagsOf(mkv, playback)).not.toHaveProperty('og:video')
  })

  test('has no player where browsers would not frame it, and no picture where there is none', () => {
    const local = { ...share, share_url: 'http://192.168.1.7:4401/share/1' }
    expect(tagsOf(local, playback)).toMatchObject({ 'twitter:card': 'summary_large_image' })
    const plain = { ...local }
    delete plain.preview_url
    expect(tagsOf(plain, playback)).toMatchObject({ 'twitter:card': 'summary' })
    expect(tagsOf(plain, playback)).not.toHaveProperty('og:image')
    expect(tagsOf({ ...share, status: 'processing' }, playback)).not.toHaveProperty('twitter:player')
  })

  test('of audio is no video', () => {
    const tags = tagsOf(share, { status: 'completed', media_type: 'audio', download_bytes: 1 })
    expect(tags['og:type']).toBe('music.song')
    expect(tags).not.toHaveProperty('og:video')
  })
})
