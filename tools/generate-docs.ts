/**
 * Writes the documents that are printed from tables of the code, so that no fact is kept in two places.
 *
 * `pnpm run docs` writes them; check-docs refuses a tree in which one of them is out of date. To add one, give its file
 * and a `render` that depends on nothing but the sources.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { renderAlgorithms } from './docs/algorithms.ts'
import { renderCoverage } from './docs/coverage.ts'
import { renderInspect } from './docs/inspect.ts'
import { renderKeyStates } from './docs/key-states.ts'
import { renderOperations } from './docs/operations.ts'
import { renderServices } from './docs/services.ts'
import { ROOT } from './tree.ts'

export interface GeneratedDocument {
  /** Relative to the root of the repository. */
  readonly file: string
  readonly render: () => string | Promise<string>
}

export const GENERATED_DOCUMENTS: readonly GeneratedDocument[] = [
  { file: 'docs/algorithms.md', render: renderAlgorithms },
  { file: 'docs/coverage.md', render: renderCoverage },
  { file: 'docs/inspect.md', render: renderInspect },
  { file: 'docs/key-states.md', render: renderKeyStates },
  { file: 'docs/operations.md', render: renderOperations },
  { file: 'docs/services.md', render: renderServices },
]

async function main(): Promise<void> {
  for (const { file, render } of GENERATED_DOCUMENTS) {
    const path = join(ROOT, file)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, await render())
    console.log(`wrote ${file}`)
  }
}

if (import.meta.main) await main()
