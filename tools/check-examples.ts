/**
 * Runs and type-checks every example in the documents, so that none of them can go out of date unnoticed.
 *
 * A fenced block of TypeScript or JavaScript is an example unless it is marked `no-run` (```ts no-run); a block of
 * shell is one only when it is marked `run` (```sh run). Each runs by itself, from the root of the repository,
 * against the sources. It fails when it throws, when it exits with anything but 0, and when it does not end. A comment
 * behind a console.log says what the line prints; an example with such comments fails when it prints anything else.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readFences } from './markdown.ts'
import { run } from './run.ts'
import { type Problem, ROOT, type Tree, readTree, report } from './tree.ts'

export interface Example {
  readonly path: string
  readonly line: number
  readonly kind: 'module' | 'shell'
  readonly text: string
}

const LIMIT_MS = 60_000
const AT_ONCE = 2

const MODULES: ReadonlySet<string> = new Set(['ts', 'typescript', 'js', 'javascript', 'mjs', 'mts'])
const SHELLS: ReadonlySet<string> = new Set(['sh', 'bash', 'shell', 'console'])

/** Documents whose examples run. */
function isDocument(path: string): boolean {
  return /^(?:[^/]+|docs\/.+|packages\/[^/]+\/[^/]+)\.md$/.test(path)
}

export function findExamples(tree: Tree): { readonly examples: Example[]; readonly problems: Problem[] } {
  const examples: Example[] = []
  const problems: Problem[] = []
  for (const { path, text } of tree.filter((file) => isDocument(file.path))) {
    for (const fence of readFences(text)) {
      const isModule = MODULES.has(fence.language)
      if (!isModule && !SHELLS.has(fence.language)) continue
      const mark = isModule ? 'no-run' : 'run'
      const unknown = fence.marks.find((word) => word !== mark)
      if (unknown !== undefined) {
        problems.push({ path, line: fence.line, message: `'${unknown}' marks nothing; the mark here is '${mark}'` })
      } else if (isModule !== fence.marks.includes(mark)) {
        examples.push({ path, line: fence.line, kind: isModule ? 'module' : 'shell', text: fence.text })
      }
    }
  }
  return { examples, problems }
}

/** @param root where the examples run; packages are found from there */
export async function checkExamples(tree: Tree, root: string = ROOT): Promise<Problem[]> {
  const { examples, problems } = findExamples(tree)
  const folder = join(root, '.cache', `examples-${process.pid}`)
  mkdirSync(folder, { recursive: true })
  try {
    const jobs = examples.map((example, index) => () => runExample(example, root, folder, index))
    const ran = await runAtOnce(jobs, AT_ONCE)
    const modules = examples.some((example) => example.kind === 'module')
    return [...problems, ...ran.flat(), ...(modules ? await checkTypes(root, folder) : [])]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function runExample(example: Example, root: string, folder: string, index: number): Promise<Problem[]> {
  const options = { cwd: root, limitMs: LIMIT_MS, env: { NODE_OPTIONS: '' } }
  const file = join(folder, `${index}-${example.path.replaceAll('/', '-')}.ts`)
  // The blank lines make the line numbers of stack traces and of the compiler those of the document.
  if (example.kind === 'module') writeFileSync(file, '\n'.repeat(example.line - 1) + example.text)
  const { isSuccess, output, stdout } =
    example.kind === 'module'
      ? await run(process.execPath, ['--conditions=source', file], options)
      : await run('bash', ['-euo', 'pipefail', '-c', example.text], options)
  const { path, line } = example
  if (!isSuccess) return [{ path, line, message: `the example fails:\n${output}` }]
  const promised = promisedOutput(example)
  if (promised === undefined || promised === stdout) return []
  return [{ path, line, message: `the example prints\n${stdout}and not, as it says,\n${promised}` }]
}

/** @returns what the comments behind `console.log` say that is printed; `undefined` when there are none */
function promisedOutput({ kind, text }: Example): string | undefined {
  if (kind !== 'module') return undefined
  const lines = [...text.matchAll(/^\s*console\.log\(.*\) \/\/ (.+)$/gm)].map((match) => `${match[1]}\n`)
  return lines.length === 0 ? undefined : lines.join('')
}

async function checkTypes(root: string, folder: string): Promise<Problem[]> {
  const config = {
    extends: join(root, 'tsconfig.base.json'),
    compilerOptions: {
      lib: ['ES2023', 'DOM'],
      types: ['node'],
      typeRoots: [join(root, 'node_modules/@types')],
      composite: false,
      isolatedDeclarations: false,
      declaration: false,
      declarationMap: false,
      noEmit: true,
      noUnusedLocals: false,
    },
    include: [folder],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const { isSuccess, output } = await run('tsc', ['-p', folder, '--pretty', 'false'], { cwd: root })
  return isSuccess ? [] : [{ path: 'examples', message: `the examples do not type-check:\n${output}` }]
}

async function runAtOnce<Result>(jobs: readonly (() => Promise<Result>)[], width: number): Promise<Result[]> {
  const results: Result[] = []
  const queue = jobs.entries()
  const work = async (): Promise<void> => {
    for (const [index, job] of queue) results[index] = await job()
  }
  await Promise.all(Array.from({ length: width }, work))
  return results
}

if (import.meta.main) report('examples', await checkExamples(readTree()))
