/** The other emulators of KMS, where they are installed: moto's server and local-kms, each with a fresh store. */

import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { answers, findFreePort, start } from '../server/processes.ts'
import { findServers } from './versions.ts'

/** Python takes its time. */
const START_MS = 30_000

/**
 * @param servers takes in what was started, for whoever ends it
 * @param note is told what is left out, and why
 * @returns endpoints by name
 */
export async function startRivals(
  limitMs: number,
  servers: ChildProcess[],
  note: (text: string) => void,
): Promise<Partial<Record<'moto' | 'local-kms', string>>> {
  const { moto, 'local-kms': localKms } = findServers()
  const endpoints: Partial<Record<'moto' | 'local-kms', string>> = {}
  if (localKms === undefined || moto === undefined) note('local-kms or moto is not there: `--rivals` installs them')
  if (localKms !== undefined) {
    const port = await findFreePort()
    const folder = mkdtempSync(join(tmpdir(), 'softkms-bench-local-kms-'))
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
    servers.push(start(limitMs, localKms, [], { PORT: String(port), KMS_DATA_PATH: folder }))
    endpoints['local-kms'] = `http://127.0.0.1:${port}`
  }
  if (moto !== undefined) {
    const port = await findFreePort()
    servers.push(start(limitMs, moto, ['-H', '127.0.0.1', '-p', String(port)]))
    endpoints.moto = `http://127.0.0.1:${port}`
  }
  for (const [name, endpoint] of Object.entries(endpoints)) {
    if (await answers(endpoint, START_MS)) continue
    note(`${name} is left out: it does not answer`)
    delete endpoints[name as 'moto' | 'local-kms']
  }
  return endpoints
}
