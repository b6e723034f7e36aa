/** A large file goes through `softkms encrypt` and back in little memory: 64 MiB, and 1 GiB in the slow run. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type FileCommands, createFileCommands } from '../support/file-commands.ts'
import { isSlow, runs } from '../support/runs.ts'

const MEBIBYTES = runs(64, 1_024)
const LIMIT_KIB = 150 * 1_024
const REPORT = new URL('../support/report-memory.ts', import.meta.url).href

let commands: FileCommands
beforeAll(async () => {
  commands = await createFileCommands()
})
afterAll(() => commands.stop())

/** Runs one command; @returns its peak of memory in KiB, and bytes a second of the file, start of the process included */
async function measure(...args: readonly string[]): Promise<{ readonly peakKib: number; readonly seconds: number }> {
  const start = performance.now()
  const ended = await commands.start({ nodeFlags: ['--import', REPORT] }, ...args).ended
  expect(ended.code).toBe(0)
  return { peakKib: Number(/peak (\d+) KiB/.exec(ended.stderr)?.[1]), seconds: (performance.now() - start) / 1_000 }
}

async function writeLargeFile(path: string): Promise<void> {
  const file = await open(path, 'w')
  const piece = Buffer.alloc(1_048_576)
  for (let i = 0; i < MEBIBYTES; i++) await file.write(piece.fill(`piece ${i} `))
  await file.close()
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

it.each([
  ['signed', []],
  ['unsigned', ['--no-sign']],
])(
  `${MEBIBYTES} MiB, %s, under 150 MiB of memory each way`,
  async (_how, flags) => {
    const [plain, sealed, back] = ['plain', 'sealed', 'back'].map(commands.pathOf)
    if (plain === undefined || sealed === undefined || back === undefined) return
    await writeLargeFile(plain)
    const [key] = commands.keys
    const encrypting = await measure('encrypt', plain, '--key-id', key, '-o', sealed, '--force', ...flags)
    const decrypting = await measure('decrypt', sealed, '-o', back, '--force')
    if (isSlow) process.stderr.write(`${JSON.stringify({ MEBIBYTES, flags, encrypting, decrypting })}\n`)
    expect(encrypting.peakKib).toBeLessThan(LIMIT_KIB)
    expect(decrypting.peakKib).toBeLessThan(LIMIT_KIB)
    expect(await hashOf(back)).toBe(await hashOf(plain))
  },
  900_000,
)
