/**
 * Runs every check of the repository in order: `pnpm check`.
 *
 * One line per check with how long it took; the output of a check only when it fails, and then all of it.
 */
import { checkDocs } from './check-docs.ts'
import { checkExamples } from './check-examples.ts'
import { checkExports } from './check-exports.ts'
import { checkImports } from './check-imports.ts'
import { checkPackages } from './check-packages.ts'
import { checkSize } from './check-size.ts'
import { checkWords } from './check-words.ts'
import { run } from './run.ts'
import { type Problem, type Tree, formatProblem, readTree } from './tree.ts'

export interface Check {
  readonly name: string
  readonly perform: (tree: Tree) => Promise<Verdict>
}

export interface Verdict {
  readonly isPassed: boolean
  readonly output: string
}

/** Types come before packages and examples, because the compiler writes the `dist` that those look at. */
const CHECKS: readonly Check[] = [
  program('format', 'oxfmt', '--check'),
  program('lint', 'oxlint', '--type-aware', '--deny-warnings'),
  program('types', 'tsc', '-b', '--pretty', 'false'),
  own('imports', checkImports),
  own('exports', checkExports),
  own('sizes', checkSize),
  own('words', checkWords),
  program('generated code', process.execPath, '--conditions=source', 'tools/generate-api.ts', '--check'),
  own('docs', checkDocs),
  own('examples', checkExamples),
  program('dead code', 'knip'),
  own('packages', checkPackages),
]

/** Runs the checks one after the other, each whatever the ones before it said, and prints as it goes. */
export async function runChecks(
  tree: Tree,
  checks: readonly Check[] = CHECKS,
): Promise<{ passed: number; failed: number }> {
  let failed = 0
  for (const { name, perform } of checks) {
    const start = performance.now()
    const { isPassed, output } = await perform(tree).catch(failWith)
    const seconds = ((performance.now() - start) / 1000).toFixed(1)
    console.log(`${isPassed ? 'ok    ' : 'FAILED'}  ${name.padEnd(16)}${seconds.padStart(6)} s`)
    if (!isPassed) {
      console.log(output.trimEnd())
      failed++
    }
  }
  return { passed: checks.length - failed, failed }
}

function program(name: string, command: string, ...args: readonly string[]): Check {
  return {
    name,
    async perform() {
      const { isSuccess, output } = await run(command, args)
      return { isPassed: isSuccess, output }
    },
  }
}

function own(name: string, find: (tree: Tree) => readonly Problem[] | Promise<readonly Problem[]>): Check {
  return {
    name,
    async perform(tree) {
      const problems = await find(tree)
      return { isPassed: problems.length === 0, output: problems.map(formatProblem).join('\n') }
    },
  }
}

function failWith(error: unknown): Verdict {
  return { isPassed: false, output: error instanceof Error ? (error.stack ?? error.message) : String(error) }
}

if (import.meta.main) {
  const { failed } = await runChecks(readTree())
  if (failed > 0) process.exitCode = 1
}
