/** How the tests run: sources, not builds, and every failing property prints its seed. */
import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  // `module-sync` and `node` are Vite's own for server code; `source` makes the workspace resolve to TypeScript.
  ssr: {
    resolve: { conditions: ['source', 'module-sync', 'node', 'import', 'default'], externalConditions: ['source'] },
  },
  resolve: { conditions: ['source', 'module-sync', 'node', 'import', 'default'] },
  test: {
    include: ['test/**/*.test.ts'],
    // By default a core is left free, which of two is half.
    maxWorkers: availableParallelism(),
    // The large counts of `pnpm test:slow` take their time.
    testTimeout: process.env['SOFTKMS_SLOW'] === '1' ? 600_000 : 30_000,
    hookTimeout: 60_000,
  },
})
