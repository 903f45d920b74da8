import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import ts from 'typescript'

/** The exports of `folder` below `root` that no docblock explains, one line each. */
export function checkDocblocks(root: string, folder: string): string[] {
  return globSync(`${folder}/**/*.ts`, { cwd: root })
    .filter((file) => !file.endsWith('.test.ts'))
    .sort()
    .flatMap((file) => undocumented(file, readFileSync(join(root, file), 'utf8')))
}

function undocumented(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  return source.statements.filter(isExported).flatMap((statement) => {
    if (hasDocblock(statement)) return []
    const line = source.getLineAndCharacterOfPosition(statement.getStart()).line + 1
    return [`${file}:${line}: ${nameOf(statement)} has no docblock`]
  })
}

const isExported = (node: ts.Statement): boolean =>
  ts.canHaveModifiers(node) &&
  (ts.getModifiers(node)?.some((it) => it.kind === ts.SyntaxKind.ExportKeyword) ?? false)

/** A docblock of nothing but tags explains nothing. */
const hasDocblock = (node: ts.Node): boolean =>
  ts.getJSDocCommentsAndTags(node).some((it) => ts.isJSDoc(it) && it.comment !== undefined)

function nameOf(node: ts.Statement): string {
  if (ts.isVariableStatement(node))
    return node.declarationList.declarations.map((it) => it.name.getText()).join(', ')
  const { name } = node as ts.Statement & { name?: ts.Node }
  return name?.getText() ?? 'an export'
}

if (import.meta.main) {
  const problems = checkDocblocks(resolve(import.meta.dirname, '..'), 'src/shared')
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) process.exitCode = 1
}
