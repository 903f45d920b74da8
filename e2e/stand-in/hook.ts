import { registerHooks } from 'node:module'

// `node --import …/hook.ts out/main/index.js`: the bundle gets the stand-in where it asks for `electron`.
const standIn = new URL('electron.ts', import.meta.url).href
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: standIn, shortCircuit: true } : next(specifier, context),
})
