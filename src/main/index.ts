import { resolve } from 'node:path'
import { runDesktop } from './electron/desktop.ts'

// out/main/index.js: the build's other parts lie beside this folder.
runDesktop(resolve(import.meta.dirname, '..'))
