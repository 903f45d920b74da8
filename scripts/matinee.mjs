#!/usr/bin/env node
// The matinee command. Plain JavaScript that Node 20 reads: it is what finds a newer one.
import { buildIfStale } from './build.mjs'
import { runHeadless } from './launcher/headless.mjs'
import { needNode } from './launcher/node.mjs'
import { endWithNpm } from './launcher/parent.mjs'

endWithNpm()
const node = needNode()
await buildIfStale(node)
await runHeadless(node, process.argv.slice(2))
