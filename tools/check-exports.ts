/**
 * Keeps the public face of each package deliberate: names listed one by one, few subpaths, each documented, and
 * nothing that is meant for tests, or that shows keys to learners, within reach of a main entry.
 *
 * `export *` makes a public name by accident; an undocumented subpath is one that nobody decided on; and a fixed
 * source of randomness that production code could import would undo the whole boundary.
 */
import { posix } from 'node:path'
import { readModule } from './module-syntax.ts'
import { type Problem, type Tree, type TreeFile, findFile, readTree, report } from './tree.ts'
import { type WorkspacePackage, packageNameOf, readPackages, sourceOf, subpathOf } from './workspace.ts'

export function checkExports(tree: Tree): Problem[] {
  const packages = readPackages(tree)
  return packages.flatMap((one) => [
    ...one.sources.flatMap(checkModule),
    ...checkMainIndex(tree, one),
    ...Object.keys(one.manifest.exports ?? {}).flatMap((subpath) => [
      ...checkSubpath(tree, one, subpath),
      ...(isForTests(subpath) ? [] : checkReach(tree, packages, one, subpath)),
    ]),
  ])
}

function checkModule(file: TreeFile): Problem[] {
  return readModule(file).starExports.map((line) => ({ path: file.path, line, message: 'list the names: no export *' }))
}

/** The main entry only passes names on. What it defined itself would have no file that owns it. */
function checkMainIndex(tree: Tree, one: WorkspacePackage): Problem[] {
  const index = findFile(tree, `packages/${one.folder}/src/index.ts`)
  if (index === undefined) return []
  return readModule(index).ownStatements.map((line) => ({
    path: index.path,
    line,
    message: 'index.ts only re-exports: `export { name } from`',
  }))
}

function checkSubpath(tree: Tree, one: WorkspacePackage, subpath: string): Problem[] {
  if (subpath === './package.json') return []
  const specifier = posix.join(one.manifest.name, subpath)
  const problems: Problem[] = []
  if (sourceOf(tree, one, subpath) === undefined) {
    problems.push({ path: one.manifestPath, message: `'${subpath}' has no \`source\` condition with an existing file` })
  }
  if (one.manifest.private === true) return problems
  const readme = findFile(tree, `packages/${one.folder}/README.md`)
  if (readme?.text.includes(specifier) !== true) {
    problems.push({ path: one.manifestPath, message: `'${specifier}' is not named in the package's README.md` })
  }
  return problems
}

/** Follows the imports of an entry, through other packages too, and finds what is meant for tests. */
function checkReach(
  tree: Tree,
  packages: readonly WorkspacePackage[],
  one: WorkspacePackage,
  subpath: string,
): Problem[] {
  const entry = sourceOf(tree, one, subpath)
  if (entry === undefined) return []
  const names = readModule(entry).exportedNames.filter((name) => /^testingOnly/i.test(name))
  const reached = reach(tree, packages, entry)
  const modules = reached.filter((file) => isForTests(file.path))
  const isTeacher = isForTeaching(subpath) || TEACHERS.has(one.folder)
  const teaching = isTeacher ? [] : reached.filter((file) => isForTeaching(file.path))
  return [
    ...names.map((name) => ({ path: entry.path, message: `exports '${name}', which is for tests` })),
    ...modules.map((file) => ({ path: entry.path, message: `reaches ${file.path}, which is for tests` })),
    ...teaching.map((file) => ({ path: entry.path, message: `reaches ${file.path}, which shows keys` })),
  ]
}

function reach(tree: Tree, packages: readonly WorkspacePackage[], entry: TreeFile): TreeFile[] {
  const reached = new Set<TreeFile>([entry])
  for (const file of reached) {
    for (const { specifier } of readModule(file).imports) {
      const target = specifier === undefined ? undefined : resolve(tree, packages, file, specifier)
      if (target !== undefined) reached.add(target)
    }
  }
  return [...reached]
}

function resolve(
  tree: Tree,
  packages: readonly WorkspacePackage[],
  from: TreeFile,
  specifier: string,
): TreeFile | undefined {
  if (specifier.startsWith('.')) return findFile(tree, posix.join(posix.dirname(from.path), specifier))
  const target = packages.find((one) => one.manifest.name === packageNameOf(specifier))
  return target === undefined ? undefined : sourceOf(tree, target, subpathOf(specifier))
}

/** True of `testing.ts`, of what lies in a `testing/` folder, and of a `./testing` subpath. */
function isForTests(path: string): boolean {
  return /(?:^|\/)testing(?:\.tsx?$|\/|$)/.test(path)
}

/** Programs that show keys when they are asked to, from an HSM of their own. */
const TEACHERS: ReadonlySet<string> = new Set(['cli', 'playground'])

/** True of `teaching.ts` and of a `./teaching` subpath. */
function isForTeaching(path: string): boolean {
  return /(?:^|\/)teaching(?:\.tsx?$|$)/.test(path)
}

if (import.meta.main) report('exports', checkExports(readTree()))
