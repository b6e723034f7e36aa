/**
 * The AWS CLI and boto3, and the AWS Encryption SDK for Python: those on PATH if they work, else those of a virtual
 * environment of our own under `.cache/`.
 *
 * `SOFTKMS_REQUIRE_CLIENTS=1` makes it a failure that they cannot be had; otherwise their tests are reported as skipped,
 * with the reason in their name. `SOFTKMS_FORCE_VENV=1` leaves aside what PATH has.
 */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const CACHE = fileURLToPath(new URL('../../.cache/', import.meta.url))

const PROBE_TIMEOUT_MS = 30_000
const INSTALL_TIMEOUT_MS = 240_000
const FAILURE_KEPT_MS = 60_000

const run = promisify(execFile)

export interface PythonClients {
  /** A PATH with what was asked for; absent when there is none to be had. */
  readonly path?: string
  /** The versions, or why there are none. For names of tests. */
  readonly summary: string
}

interface Wanted {
  /** What it is, for whoever reads why it is not there. */
  readonly name: string
  readonly requirements: URL
  /** @returns the versions; @throws when something is not there or does not start */
  readonly probe: (path: string) => Promise<string>
}

/** @throws when the clients cannot be had and `SOFTKMS_REQUIRE_CLIENTS=1` */
export function findPythonClients(): Promise<PythonClients> {
  const requirements = new URL('../conformance/requirements.txt', import.meta.url)
  return find({ name: 'AWS CLI and boto3', requirements, probe: probeClients })
}

/** @throws when it cannot be had and `SOFTKMS_REQUIRE_CLIENTS=1` */
export function findPythonEncryptionSdk(): Promise<PythonClients> {
  const requirements = new URL('../conformance/encryption-sdk-requirements.txt', import.meta.url)
  return find({ name: 'AWS Encryption SDK for Python', requirements, probe: probeEncryptionSdk })
}

async function find({ name, requirements, probe }: Wanted): Promise<PythonClients> {
  try {
    const inherited = process.env['PATH'] ?? ''
    if (process.env['SOFTKMS_FORCE_VENV'] !== '1') {
      const summary = await probe(inherited).catch(() => undefined)
      if (summary !== undefined) return { path: inherited, summary }
    }
    const path = `${await installOnce(requirements)}${delimiter}${inherited}`
    return { path, summary: await probe(path) }
  } catch (error) {
    if (process.env['SOFTKMS_REQUIRE_CLIENTS'] === '1') throw error
    return { summary: `skipped, no ${name}: ${lastLineOf(messageOf(error))}` }
  }
}

async function probeClients(path: string): Promise<string> {
  const options = { env: { ...process.env, PATH: path }, timeout: PROBE_TIMEOUT_MS }
  const [aws, boto3] = await Promise.all([
    run('aws', ['--version'], options),
    run('python3', ['-c', 'import boto3; print(boto3.__version__)'], options),
  ])
  return `${aws.stdout.split(' ', 1)[0] ?? ''}, boto3/${boto3.stdout.trim()}`
}

async function probeEncryptionSdk(path: string): Promise<string> {
  const program =
    'from importlib.metadata import version; import aws_encryption_sdk; print(version("aws-encryption-sdk"))'
  const options = { env: { ...process.env, PATH: path }, timeout: PROBE_TIMEOUT_MS }
  const { stdout } = await run('python3', ['-c', program], options)
  return `aws-encryption-sdk/${stdout.trim()}`
}

/** @returns the folder of the virtual environment's commands. Test files that run at once share one installation */
async function installOnce(requirements: URL): Promise<string> {
  const digest = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex')
    .slice(0, 16)
  const folder = join(CACHE, `python-clients-${digest}`)
  const complete = join(folder, 'complete')
  const lock = `${folder}.lock`
  const failure = `${folder}.failed`
  await mkdir(CACHE, { recursive: true })
  while (!(await exists(complete))) {
    await rethrowLateFailure(failure)
    if (await takeLock(lock)) {
      try {
        // Another may have ended between the look and the lock.
        if (await exists(complete)) break
        await install(folder, requirements)
        await writeFile(complete, '')
      } catch (error) {
        await writeFile(failure, messageOf(error))
        throw error
      } finally {
        await rm(lock, { force: true })
      }
    } else await sleep(500)
  }
  return join(folder, 'bin')
}

/** What has just failed for one test file is not tried again for the next. */
async function rethrowLateFailure(failure: string): Promise<void> {
  const ageMs = await ageOf(failure)
  if (ageMs !== undefined && ageMs < FAILURE_KEPT_MS) throw new Error(await readFile(failure, 'utf8'))
}

async function install(folder: string, requirements: URL): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await run('python3', ['-m', 'venv', folder], { timeout: INSTALL_TIMEOUT_MS })
  const pip = ['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check']
  await run(join(folder, 'bin', 'python3'), [...pip, '-r', fileURLToPath(requirements)], {
    timeout: INSTALL_TIMEOUT_MS,
  })
}

/** A lock names the process that holds it, so that one left behind by a process that was killed is nobody's. */
async function takeLock(lock: string): Promise<boolean> {
  const holder = await readFile(lock, 'utf8').catch(() => '')
  if (holder !== '' && !isRunning(Number(holder))) await rm(lock, { force: true })
  return writeFile(lock, String(process.pid), { flag: 'wx' }).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false
      throw error
    },
  )
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

async function exists(path: string): Promise<boolean> {
  return (await ageOf(path)) !== undefined
}

/** Milliseconds since a file was written; `undefined` when there is none. */
async function ageOf(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined)
  return found && Date.now() - found.mtimeMs
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The messages of failed commands begin with the command and end with why. */
function lastLineOf(text: string): string {
  return text.trim().split('\n').at(-1) ?? ''
}
