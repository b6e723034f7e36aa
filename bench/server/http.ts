/**
 * The same operations over HTTP: each server in a process of its own, the client in another, keep-alive connections.
 *
 * This process only starts them and reads the client's rows, so that neither side pays for the other. Servers that are
 * not asked cost nothing meanwhile.
 */

import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { LevelBench, LevelTask } from '../level.ts'
import { startRivals } from '../rivals/servers.ts'
import type { Contender } from '../row.ts'
import type { ClientLine, ClientTask } from './http-client.ts'
import { exitOf, linesOf, readEndpoint, startScript } from './processes.ts'

const SERVER = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url))
const BARE_SERVER = fileURLToPath(new URL('bare-server.ts', import.meta.url))
const CLIENT = fileURLToPath(new URL('http-client.ts', import.meta.url))

/** Time for all processes to start, and more rows than there are: whatever takes longer has come to a halt. */
const START_MS = 120_000
const MOST_ROWS = 80

export const benchHttp: LevelBench = async (task) => {
  const { pace, providers, only, begin, note, progress } = task
  const limitMs = START_MS + MOST_ROWS * pace.rowMs
  const servers: ChildProcess[] = []
  const startOwn = (file: string, ...args: readonly string[]): Promise<string> => {
    const server = startScript(limitMs, file, ...args)
    servers.push(server)
    return readEndpoint(server)
  }
  progress('http: starting the servers')
  try {
    const rivals = await startRivals(limitMs, servers, note)
    const endpoints: Partial<Record<Contender, string>> = {}
    for (const name of providers) {
      endpoints[name] = await startOwn(SERVER, 'serve', '--port', '0', '--store', 'memory', '--provider', name)
    }
    endpoints.bare = await startOwn(BARE_SERVER)
    Object.assign(endpoints, rivals)
    begin(Object.keys(endpoints) as Contender[])
    const clientTask: ClientTask = { endpoints, own: providers, pace, only }
    const client = startScript(limitMs, CLIENT, JSON.stringify(clientTask))
    servers.push(client)
    await readRows(client, task)
  } finally {
    for (const server of servers) server.kill('SIGTERM')
  }
}

async function readRows(client: ChildProcess, { report, note, progress }: LevelTask): Promise<void> {
  for await (const text of linesOf(client)) {
    const line = JSON.parse(text) as ClientLine
    if ('note' in line) note(line.note)
    else if ('progress' in line) progress(`http: ${line.progress}`)
    else report(line.rows)
  }
  if ((await exitOf(client)) !== 0) throw new Error('the HTTP client failed')
}
