/**
 * What every check looks at: a tree of files, real or made up by a test, and what a check has to say about it.
 *
 * A check is a pure function of a tree, so that a test can hand it a tree that breaks the rule.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'

/** Paths are relative to the root and have forward slashes. */
export interface TreeFile {
  readonly path: string
  readonly text: string
}

export type Tree = readonly TreeFile[]

/** One violation. `line` counts from 1. */
export interface Problem {
  readonly path: string
  readonly line?: number
  readonly message: string
}

/** The repository that this file is part of. */
export const ROOT: string = resolve(import.meta.dirname, '..')

/** Never part of the sources: dependencies, output, scratch space. Hidden folders other than `.ci` are left out too. */
const SKIPPED_FOLDERS: ReadonlySet<string> = new Set(['node_modules', 'dist', 'softkms-data'])

/** Reads the tree under `root`. Texts are read when first asked for, so that a check pays for what it looks at. */
export function readTree(root: string = ROOT): Tree {
  return listFiles(root).map((file) => {
    let text: string | undefined
    return {
      path: relative(root, file).split(sep).join('/'),
      get text(): string {
        return (text ??= readFileSync(file, 'utf8'))
      },
    }
  })
}

function listFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isFile()) return [path]
      if (!entry.isDirectory() || isSkipped(entry.name) || existsSync(join(path, 'pyvenv.cfg'))) return []
      return listFiles(path)
    })
}

function isSkipped(folder: string): boolean {
  return SKIPPED_FOLDERS.has(folder) || (folder.startsWith('.') && folder !== '.ci')
}

export function findFile(tree: Tree, path: string): TreeFile | undefined {
  return tree.find((file) => file.path === path)
}

/** @returns the line, counted from 1, that holds the character at `offset` */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}

export function formatProblem(problem: Problem): string {
  const place = problem.line === undefined ? problem.path : `${problem.path}:${problem.line}`
  return `${place}  ${problem.message}`
}

/** What a check does when it is run by hand: prints each problem, and exits with 1 when there is one. */
export function report(check: string, problems: readonly Problem[]): void {
  for (const problem of problems) console.log(formatProblem(problem))
  console.log(`${check}: ${problems.length === 0 ? 'in order' : `${problems.length} problem(s)`}`)
  if (problems.length > 0) process.exitCode = 1
}
