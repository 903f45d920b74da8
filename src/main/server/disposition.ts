/**
 * The value of `Content-Disposition` for a file of this name (RFC 6266): a plain name for old clients, the true one in
 * UTF-8 beside it (RFC 8187). A file name is whatever somebody called a file: nothing of it may end the header.
 */
export function disposition(kind: 'attachment' | 'inline', filename: string): string {
  const name = filename.toWellFormed().replace(/[\u0000-\u001f\u007f-\u009f/\\]/g, '_')
  const plain = name.replace(/[^\x20-\x7e]/g, '_').replace(/["%]/g, '_')
  return `${kind}; filename="${plain}"; filename*=UTF-8''${encode(name)}`
}

/** Leaves only attr-char of RFC 8187 unescaped; encodeURIComponent leaves four more. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/['()*]/g, (it) => `%${it.charCodeAt(0).toString(16).toUpperCase()}`)
