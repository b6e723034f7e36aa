/**
 * Looks at each package as npm would publish it: every entry exists, is a module of the kind it says it is, and has
 * types. What is wrong there is seen by nobody who works from the sources.
 *
 * Needs the `dist` folders that `tsc -b` writes.
 */
import { join } from 'node:path'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { type Problem, ROOT, type Tree, readTree, report } from './tree.ts'
import { readPackages } from './workspace.ts'

export async function checkPackages(tree: Tree, root: string = ROOT): Promise<Problem[]> {
  const published = readPackages(tree).filter((one) => one.manifest.private !== true)
  const found = await Promise.all(
    published.map(async ({ folder, manifestPath }) => {
      const { messages, pkg } = await publint({ pkgDir: join(root, 'packages', folder), strict: true, pack: false })
      return messages
        .filter((message) => message.type !== 'suggestion')
        .map((message) => ({
          path: manifestPath,
          message: formatMessage(message, pkg, { color: false }) ?? message.code,
        }))
    }),
  )
  return found.flat()
}

if (import.meta.main) report('packages', await checkPackages(readTree()))
