/**
 * The address of a part of a stream after the stream has moved: `from` and `to` are its playlists, before and now. An
 * address that does not lie beside or below `from` stays.
 */
export function movedUrl(url: string, from: string, to: string): string {
  const { href } = new URL(url, location.href)
  const before = folderOf(from)
  return href.startsWith(before) ? folderOf(to) + href.slice(before.length) : url
}

const folderOf = (url: string): string => new URL('.', new URL(url, location.href)).href
