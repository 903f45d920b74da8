import { call, type Answer, type TestMatinee } from './testing.ts'

/** A browser without a screen: keeps cookies by name, and sends forms as a page of this listener does. */
export type TestBrowser = {
  cookies: Map<string, string>
  get: (path: string) => Promise<Answer>
  /** `headers` over those of a form of our own. */
  submit: (path: string, fields: Record<string, string>, headers?: Record<string, string>) => Promise<Answer>
}

/** Opens one at the share listener. */
export function openTestBrowser(matinee: TestMatinee): TestBrowser {
  const cookies = new Map<string, string>()
  const kept = (answer: Answer): Answer => {
    for (const line of answer.headers.getSetCookie()) {
      const [pair = ''] = line.split(';', 1)
      const [name = '', value = ''] = pair.split('=')
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    return answer
  }
  const cookie = (): string => [...cookies].map((it) => it.join('=')).join('; ')
  return {
    cookies,
    get: async (path) => kept(await call('GET', matinee.at(path), { headers: { cookie: cookie() } })),
    submit: async (path, fields, headers = { origin: matinee.shareBase }) =>
      kept(
        await call('POST', matinee.at(path), {
          body: new URLSearchParams(fields).toString(),
          headers: { 'content-type': 'application/x-www-form-urlencoded', cookie: cookie(), ...headers },
        }),
      ),
  }
}
