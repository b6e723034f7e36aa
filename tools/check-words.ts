/**
 * Refuses words that do not belong in the tree: an unfinished thought without an issue number, a path of somebody's
 * machine, and a claim that softkms is certified. It is *modelled on* FIPS 140-3, never *validated*.
 */
import { homedir } from 'node:os'
import { type Problem, ROOT, type Tree, readTree, report } from './tree.ts'

interface Rule {
  readonly isBroken: (line: string) => boolean
  readonly message: string
}

const CHECKED = /\.(?:ts|tsx|js|mjs|json|md|sh|sql|html|css|yaml|yml)$|^\.ci\//

/** Files that hold the words they refuse, and files that are not ours. */
const EXEMPT: readonly string[] = [
  'tools/check-words.ts',
  'test/tools/check-words.test.ts',
  'test/vectors/',
  'pnpm-lock.yaml',
]

const RULES: readonly Rule[] = [
  refusePattern(/\b(?:TODO|FIXME|XXX|HACK)\b(?!\s*\(?#\d+)/, 'an unfinished thought needs an issue number'),
  refusePattern(/(?:\/home\/|\/Users\/|[A-Z]:\\Users\\)\w+/, "a path of somebody's machine"),
  refusePattern(
    /\bFIPS(?![^.]*\b(?:not|never|no|nothing)\b)[^.]*\b(?:validated|certified|compliant)\b/i,
    'softkms is modelled on standards; it is validated against none',
  ),
]

/** @param machinePaths folders of the machine that runs the check; none of them may be written down */
export function checkWords(tree: Tree, machinePaths: readonly string[] = [ROOT, homedir()]): Problem[] {
  const rules: Rule[] = [...RULES, ...machinePaths.filter(isTelling).map(refuseMachinePath)]
  return tree
    .filter((file) => CHECKED.test(file.path) && !EXEMPT.some((prefix) => file.path.startsWith(prefix)))
    .flatMap((file) => file.text.split('\n').flatMap((text, index) => findIn(rules, file.path, text, index + 1)))
}

function findIn(rules: readonly Rule[], path: string, text: string, line: number): Problem[] {
  return rules.filter(({ isBroken }) => isBroken(text)).map(({ message }) => ({ path, line, message }))
}

function refusePattern(pattern: RegExp, message: string): Rule {
  return { isBroken: (line) => pattern.test(line), message }
}

function refuseMachinePath(path: string): Rule {
  return { isBroken: (line) => line.includes(path), message: 'a path of this machine' }
}

/** A folder right under the root, such as `/app`, is also the end of many an innocent URL. */
function isTelling(machinePath: string): boolean {
  return machinePath.split('/').length > 2
}

if (import.meta.main) report('words', checkWords(readTree()))
