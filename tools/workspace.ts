/** The packages of the workspace as the checks see them: manifest, sources, subpaths. */
import { type Tree, type TreeFile, findFile } from './tree.ts'

export interface WorkspacePackage {
  /** The folder's name under `packages/`. */
  readonly folder: string
  readonly manifestPath: string
  readonly manifest: Manifest
  /** Every TypeScript file of the package. */
  readonly sources: readonly TreeFile[]
}

export interface Manifest {
  readonly name: string
  readonly private?: boolean
  readonly dependencies?: { readonly [name: string]: string }
  readonly peerDependencies?: { readonly [name: string]: string }
  readonly exports?: { readonly [subpath: string]: unknown }
}

/** @throws SyntaxError for a package.json that is not JSON */
export function readPackages(tree: Tree): WorkspacePackage[] {
  return tree.flatMap((file) => {
    const folder = /^packages\/([^/]+)\/package\.json$/.exec(file.path)?.[1]
    if (folder === undefined) return []
    const sources = tree.filter((one) => one.path.startsWith(`packages/${folder}/`) && isTypeScript(one.path))
    return [{ folder, manifestPath: file.path, manifest: JSON.parse(file.text) as Manifest, sources }]
  })
}

export function isTypeScript(path: string): boolean {
  return /\.tsx?$/.test(path)
}

/** The part of a specifier that npm knows: `@noble/hashes` of `@noble/hashes/sha2.js`. */
export function packageNameOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

/** The subpath as `exports` spells it: `.` for the main entry, `./testing` for `@softkms/hsm/testing`. */
export function subpathOf(specifier: string): string {
  return `.${specifier.slice(packageNameOf(specifier).length)}`
}

/** @returns the file behind the `source` condition of a subpath, when it is declared and exists */
export function sourceOf(tree: Tree, one: WorkspacePackage, subpath: string): TreeFile | undefined {
  const target = one.manifest.exports?.[subpath]
  if (typeof target !== 'object' || target === null || !('source' in target)) return undefined
  if (typeof target.source !== 'string') return undefined
  return findFile(tree, `packages/${one.folder}/${target.source.replace(/^\.\//, '')}`)
}
