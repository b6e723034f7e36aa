/**
 * Runs tests against a module as it is not: the text is swapped while vitest loads it, and no file is touched.
 *
 * One vitest serves all the mutants, and loads again only what is mutated.
 */
import { join } from 'node:path'
import { type TestSpecification, createVitest } from 'vitest/node'
import { ROOT } from '../tree.ts'

export interface MutatedTests {
  /**
   * Runs the test files under these filters.
   *
   * @param path of the module, from the root; its text is `text` for this run
   * @param isBrief whether the run may stop at the first test that fails
   * @returns the full names of the tests that failed and passed; a file that does not load is one that failed
   */
  run(filters: readonly string[], path: string, text: string): Promise<TestTally>
  close(): Promise<void>
}

export interface TestTally {
  readonly failed: readonly string[]
  readonly passed: readonly string[]
}

export async function startMutatedTests(bail: number): Promise<MutatedTests> {
  let mutated: { readonly file: string; readonly text: string } | undefined
  const vitest = await createVitest(
    'test',
    {
      root: ROOT,
      watch: false,
      bail,
      // Nothing is printed but what the tool prints, and no transformed module is kept for others to find.
      reporters: [{}],
      fsModuleCache: false,
      isolate: false,
      fileParallelism: false,
      // A mutant may loop for ever.
      testTimeout: 10_000,
    },
    {
      plugins: [
        {
          name: 'mutate',
          enforce: 'pre',
          transform: (_code, id) => (id === mutated?.file ? { code: mutated.text, map: null } : undefined),
        },
      ],
    },
  )
  const specifications = new Map<string, TestSpecification[]>()
  const known = new Set<unknown>()

  return {
    async run(filters, path, text) {
      const key = filters.join(' ')
      const found = specifications.get(key) ?? (await vitest.globTestSpecifications([...filters]))
      specifications.set(key, found)
      const file = join(ROOT, path)
      mutated = { file, text }
      vitest.invalidateFile(file)
      const { exitCode } = process
      const { testModules, unhandledErrors } = await vitest.runTestSpecifications(found)
      // Vitest makes a test that fails the failure of the whole process; here it is what was asked for.
      process.exitCode = exitCode
      vitest.invalidateFile(file)
      mutated = undefined
      // Vitest remembers what earlier runs came to, of other files and of errors that nobody caught.
      const failed = unhandledErrors.filter((error) => !known.has(error)).map(String)
      for (const error of unhandledErrors) known.add(error)
      const passed: string[] = []
      const asked = new Set(found.map(({ moduleId }) => moduleId))
      for (const module of testModules.filter(({ moduleId }) => asked.has(moduleId))) {
        if (module.errors().length > 0) failed.push(module.relativeModuleId)
        for (const test of module.children.allTests()) {
          const { state } = test.result()
          if (state === 'failed') failed.push(test.fullName)
          if (state === 'passed') passed.push(test.fullName)
        }
      }
      return { failed, passed }
    },
    async close() {
      await vitest.close()
    },
  }
}
