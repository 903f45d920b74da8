import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import ts from 'typescript'

/** One import, re-export, `import()` or `require()` of a file. */
export type Import = {
  /** As it is written. */
  specifier: string
  line: number
  /** `export … from` and `export * from`. */
  isReExport: boolean
  /** Path below the root for a file of ours, undefined for a package. */
  target?: string
  /** The file that a relative specifier names is there. */
  isFound: boolean
}

/** Every module below a folder with what it imports; paths are relative to the root, with slashes. */
export type ModuleGraph = ReadonlyMap<string, readonly Import[]>

/** Reads the imports of all .ts, .tsx and .mts files below `folder` of `root`. */
export function readModuleGraph(root: string, folder: string): ModuleGraph {
  const files = globSync(`${folder}/**/*.{ts,tsx,mts}`, { cwd: root }).map(slashed).sort()
  return new Map(files.map((file) => [file, importsOf(root, file)]))
}

function importsOf(root: string, file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8')
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const imports: Import[] = []
  const add = (node: ts.Node, isReExport: boolean): void => {
    if (!ts.isStringLiteralLike(node)) return
    const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1
    imports.push({ specifier: node.text, line, isReExport, ...targetOf(root, file, node.text) })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, false)
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier) add(node.moduleSpecifier, true)
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      add(node.argument.literal, false)
    else if (ts.isCallExpression(node) && node.arguments[0] && isLoader(node.expression))
      add(node.arguments[0], false)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return imports
}

const isLoader = (callee: ts.Expression): boolean =>
  callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require')

function targetOf(root: string, file: string, specifier: string): Pick<Import, 'target' | 'isFound'> {
  if (!specifier.startsWith('.')) return { isFound: true }
  // vite's suffixes (`?url`, `?raw`) are no part of the path.
  const path = resolve(root, dirname(file), specifier.replace(/\?.*$/, ''))
  return { target: slashed(relative(root, path)), isFound: existsSync(path) }
}

const slashed = (path: string): string => path.replaceAll('\\', '/')

/** One circle of imports for each knot of files that reach each other, as the list of files along it. */
export function findCircles(graph: ModuleGraph): string[][] {
  const circles: string[][] = []
  const done = new Set<string>()
  const path: string[] = []
  const visit = (file: string): void => {
    const at = path.indexOf(file)
    if (at >= 0) circles.push(path.slice(at))
    if (at >= 0 || done.has(file)) return
    path.push(file)
    for (const { target } of graph.get(file) ?? []) if (target && graph.has(target)) visit(target)
    path.pop()
    done.add(file)
  }
  for (const file of graph.keys()) visit(file)
  return circles
}

/** The shortest way of imports from `file` to one that `matches`, or undefined. */
export function findWay(
  graph: ModuleGraph,
  file: string,
  matches: (it: Import) => boolean,
): string[] | undefined {
  const seen = new Set([file])
  const ways = [[file]]
  for (const way of ways) {
    for (const it of graph.get(way.at(-1) ?? '') ?? []) {
      if (matches(it)) return [...way, it.specifier]
      if (!it.target || !graph.has(it.target) || seen.has(it.target)) continue
      seen.add(it.target)
      ways.push([...way, it.target])
    }
  }
  return undefined
}
