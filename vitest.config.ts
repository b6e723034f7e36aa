/** How the tests run: sources, not builds, and every failing property prints its seed. */
import { defineConfig } from 'vitest/config'

export default defineConfig({
  // `module-sync` and `node` are Vite's own for server code; `source` makes the workspace resolve to TypeScript.
  ssr: {
    resolve: { conditions: ['source', 'module-sync', 'node', 'import', 'default'], externalConditions: ['source'] },
  },
  resolve: { conditions: ['source', 'module-sync', 'node', 'import', 'default'] },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
