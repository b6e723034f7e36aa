/**
 * Holds the arrows: which package may import which, and what each may take from npm and from Node.
 *
 * The shape of softkms is that key material stays in `hsm` and that the cores run anywhere. Both are lost one
 * convenient import at a time, so the table below is the only place where an arrow can be added.
 */
import { builtinModules } from 'node:module'
import { posix } from 'node:path'
import { type ImportReference, readModule } from './module-syntax.ts'
import { type Problem, type Tree, type TreeFile, readTree, report } from './tree.ts'
import { type WorkspacePackage, packageNameOf, readPackages, subpathOf } from './workspace.ts'

interface Arrows {
  /** Folders of the workspace packages that this one may import. */
  readonly workspace: readonly string[]
  /** npm packages; a trailing slash admits a whole scope. */
  readonly npm: readonly string[]
  /** Paths inside the package, by prefix, that may import `node:*`. */
  readonly node: readonly string[]
}

const ARROWS: { readonly [folder: string]: Arrows } = {
  kernels: { workspace: [], npm: [], node: [] },
  hsm: { workspace: ['kernels'], npm: ['@noble/'], node: ['src/fleet/', 'src/provider/native/'] },
  lifecycle: { workspace: [], npm: [], node: [] },
  envelope: { workspace: ['hsm'], npm: [], node: [] },
  kms: { workspace: ['hsm', 'lifecycle', 'envelope'], npm: [], node: [] },
  'store-sqlite': { workspace: ['kms'], npm: [], node: ['src/'] },
  'store-postgres': { workspace: ['kms'], npm: ['postgres'], node: [] },
  // Hashes and MACs for signatures, and nothing else of the boundary (docs/adr/0003).
  server: { workspace: ['hsm', 'kms'], npm: [], node: ['src/adapter/node'] },
  // The front door: one install gives the engine and its handlers (docs/adr/0001).
  softkms: { workspace: ['hsm', 'kms', 'server'], npm: [], node: [] },
  playground: { workspace: ['hsm', 'lifecycle', 'envelope', 'kms'], npm: ['preact', 'uplot'], node: [] },
  cli: {
    workspace: ['hsm', 'lifecycle', 'envelope', 'kms', 'store-sqlite', 'store-postgres', 'server', 'softkms'],
    npm: ['commander'],
    node: ['src/'],
  },
}

const BUILTINS: ReadonlySet<string> = new Set(builtinModules)

export function checkImports(tree: Tree): Problem[] {
  const packages = readPackages(tree)
  return packages.flatMap((one) => {
    const arrows = ARROWS[one.folder]
    if (arrows === undefined) {
      return [{ path: one.manifestPath, message: 'has no row in the table of tools/check-imports.ts' }]
    }
    const used = new Set<string>()
    const problems = one.sources.flatMap((file) =>
      readModule(file).imports.flatMap((reference) => {
        const message = refuse({ packages, one, arrows, file, used }, reference)
        return message === undefined ? [] : [{ path: file.path, line: reference.line, message }]
      }),
    )
    return [...problems, ...findUnused(one, used)]
  })
}

interface Place {
  readonly packages: readonly WorkspacePackage[]
  readonly one: WorkspacePackage
  readonly arrows: Arrows
  readonly file: TreeFile
  /** Collects the dependencies that the package makes use of. */
  readonly used: Set<string>
}

/** @returns why this import may not be, or `undefined` when it may */
function refuse(place: Place, { specifier, isBare }: ImportReference): string | undefined {
  if (specifier === undefined) return 'imports a computed name, which no check can follow'
  if (isBare) return `imports '${specifier}' for its side effect; no import may have one`
  if (specifier.startsWith('.')) return refuseRelative(place, specifier)
  if (specifier.startsWith('node:')) return refuseNode(place, specifier)
  if (BUILTINS.has(packageNameOf(specifier))) return `imports '${specifier}': write 'node:${specifier}'`

  const name = packageNameOf(specifier)
  if (name === place.one.manifest.name) return `imports its own package by name ('${specifier}'): use a relative path`
  const target = place.packages.find((other) => other.manifest.name === name)
  const message = target === undefined ? refuseNpm(place, name) : refuseWorkspace(place, target, specifier)
  if (message !== undefined) return message
  place.used.add(name)
  return isDeclared(place.one, name) ? undefined : `imports '${name}', which its package.json does not declare`
}

function refuseRelative({ one, file }: Place, specifier: string): string | undefined {
  const target = posix.join(posix.dirname(file.path), specifier)
  return target.startsWith(`packages/${one.folder}/`) ? undefined : `leaves its package by '${specifier}'`
}

function refuseNode({ one, arrows, file }: Place, specifier: string): string | undefined {
  const inside = file.path.slice(`packages/${one.folder}/`.length)
  return arrows.node.some((prefix) => inside.startsWith(prefix)) ? undefined : `may not touch Node ('${specifier}')`
}

function refuseNpm({ one, arrows }: Place, name: string): string | undefined {
  const isAllowed = arrows.npm.some((allowed) => (allowed.endsWith('/') ? name.startsWith(allowed) : name === allowed))
  return isAllowed ? undefined : `'${name}' is not on the list of what ${one.manifest.name} may take from npm`
}

function refuseWorkspace({ one, arrows }: Place, target: WorkspacePackage, specifier: string): string | undefined {
  if (!arrows.workspace.includes(target.folder)) return `no arrow runs from ${one.folder} to ${target.folder}`
  if (target.manifest.exports?.[subpathOf(specifier)] !== undefined) return undefined
  return `'${specifier}' is not among the exports of ${target.manifest.name}`
}

function isDeclared({ manifest }: WorkspacePackage, name: string): boolean {
  return manifest.dependencies?.[name] !== undefined || manifest.peerDependencies?.[name] !== undefined
}

function findUnused(one: WorkspacePackage, used: ReadonlySet<string>): Problem[] {
  return Object.keys(one.manifest.dependencies ?? {})
    .filter((name) => !used.has(name))
    .map((name) => ({ path: one.manifestPath, message: `declares '${name}', which nothing in it imports` }))
}

if (import.meta.main) report('imports', checkImports(readTree()))
