/**
 * Refuses files of more than 400 lines: a reader opens one file and learns one thing.
 *
 * Aim below 200. A file that cannot be cut is listed here with its reason.
 */
import { type Problem, type Tree, readTree, report } from './tree.ts'
import { isTypeScript } from './workspace.ts'

const MOST_LINES = 400

const CHECKED_FOLDERS: readonly string[] = ['packages/', 'tools/', 'bench/', 'test/']

/** Paths by prefix. */
const EXCEPTIONS: readonly { readonly prefix: string; readonly reason: string }[] = [
  { prefix: 'packages/kms/src/generated/', reason: 'written by tools/generate-api.ts from packages/kms/model/' },
]

export function checkSize(tree: Tree): Problem[] {
  return tree
    .filter((file) => isTypeScript(file.path) && CHECKED_FOLDERS.some((folder) => file.path.startsWith(folder)))
    .filter((file) => !EXCEPTIONS.some(({ prefix }) => file.path.startsWith(prefix)))
    .flatMap((file) => {
      const lines = countLines(file.text)
      return lines > MOST_LINES ? [{ path: file.path, message: `has ${lines} lines; ${MOST_LINES} is the most` }] : []
    })
}

function countLines(text: string): number {
  const breaks = text.split('\n').length - 1
  return text.endsWith('\n') || text === '' ? breaks : breaks + 1
}

if (import.meta.main) report('sizes', checkSize(readTree()))
