/** Trees made up for the tests of checks. */
import type { Tree } from '../../tools/tree.ts'

export function treeOf(files: { readonly [path: string]: string }): Tree {
  return Object.entries(files).map(([path, text]) => ({ path, text }))
}

/** A `package.json` as the packages here have it. */
export function manifestOf(name: string, more: object = {}): string {
  const entry = { source: './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' }
  return JSON.stringify({ name, exports: { '.': entry }, ...more })
}
