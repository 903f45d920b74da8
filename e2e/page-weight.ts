import type { Page } from 'playwright/test'

/** Counts what `page` loads of code and style from now on: bytes as sent, headers included, by address. */
export async function collectWeight(page: Page): Promise<ReadonlyMap<string, number>> {
  const network = await page.context().newCDPSession(page)
  await network.send('Network.enable')
  const kinds = new Map<string, { type: string; url: string }>()
  const sent = new Map<string, number>()
  network.on('Network.responseReceived', ({ requestId, type, response }) => {
    kinds.set(requestId, { type, url: response.url })
  })
  network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const { type, url } = kinds.get(requestId) ?? { type: '', url: '' }
    if (type === 'Script' || type === 'Stylesheet') sent.set(url, encodedDataLength)
  })
  return sent
}

/** Bytes of all that was counted. */
export const totalOf = (sent: ReadonlyMap<string, number>): number =>
  [...sent.values()].reduce((sum, bytes) => sum + bytes, 0)
