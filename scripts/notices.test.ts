import { expect, test } from 'vitest'
import { noticesTable, productPackages, untold } from './notices.ts'

const packages = productPackages({
  packages: {
    '': { version: '1.0.0', license: 'MIT' },
    'node_modules/b': { version: '2.0.0', license: 'MIT' },
    'node_modules/a': { version: '1.0.0', license: 'MIT' },
    'node_modules/b/node_modules/a': { version: '1.0.0', license: 'MIT' },
    'node_modules/tool': { version: '1.0.0', license: 'MIT', dev: true },
    'node_modules/async': { version: '0.2.10' },
    'node_modules/@x/odd': { version: '1.0.0', license: 'MIT AND Apache-2.0' },
    'node_modules/strict': { version: '3.0.0', license: 'AGPL-3.0' },
    'node_modules/silent': { version: '3.0.0' },
  },
})

test('every package of the product is in the table once, those for building are not', () => {
  expect(noticesTable(packages)).toContain('| MIT | a 1.0.0, async 0.2.10, b 2.0.0 |')
  expect(noticesTable(packages)).not.toContain('tool')
})

test('a licence that nobody has looked at is named', () => {
  expect(untold(packages).map((it) => it.name)).toEqual(['silent', 'strict'])
})
