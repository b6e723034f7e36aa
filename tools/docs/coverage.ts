/** The page of which test covers what. */
import { join } from 'node:path'
import { ROOT } from '../tree.ts'

const PAGE = 'test/conformance/contract/coverage-page.ts'

/** The tests stand on the tools, so what the tools take of a test is not known to the compiler. */
export async function renderCoverage(): Promise<string> {
  const page = (await import(join(ROOT, PAGE))) as { readonly renderCoverage: () => string }
  return page.renderCoverage()
}
