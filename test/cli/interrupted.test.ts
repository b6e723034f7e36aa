/** `softkms encrypt` and `decrypt` ended half-way: nothing has the output's name, and a signal leaves nothing at all. */
import { readdir, stat, unlink } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { RunningCommand } from '../support/command.ts'
import { type FileCommands, createFileCommands } from '../support/file-commands.ts'
import { encryptBytes } from '../support/message-kms.ts'

const HALF = 1_000_000

let commands: FileCommands
let message: Uint8Array
beforeAll(async () => {
  commands = await createFileCommands()
  message = await encryptBytes(commands.kms, commands.keys, new Uint8Array(2 * HALF), { frameLength: 1_000 })
})
beforeEach(async () => {
  for (const name of await readdir(commands.folder)) await unlink(commands.pathOf(name))
})
afterAll(() => commands.stop())

/** Starts with half of its input, and waits until some of the output is on disk. */
async function startHalfWay(verb: 'encrypt' | 'decrypt'): Promise<RunningCommand> {
  const flags = verb === 'encrypt' ? ['--key-id', commands.keys[0]] : []
  const command = commands.start({ hasInput: true }, verb, '-', '-o', commands.pathOf('out'), ...flags)
  command.process.stdin?.write(verb === 'encrypt' ? new Uint8Array(HALF) : message.subarray(0, HALF))
  while ((await writtenBytes()) < HALF / 2) await sleep(10)
  return command
}

async function writtenBytes(): Promise<number> {
  const sizes = (await readdir(commands.folder)).map(async (name) => (await stat(commands.pathOf(name))).size)
  return Math.max(0, ...(await Promise.all(sizes)))
}

describe.each(['encrypt', 'decrypt'] as const)('%s', (verb) => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('by %s', async (signal, code) => {
    const command = await startHalfWay(verb)
    command.process.kill(signal)
    expect(await command.ended).toEqual({ code, stdout: '', stderr: '' })
    expect(await readdir(commands.folder)).toEqual([])
  })

  it('by an input that ends there', async () => {
    const command = await startHalfWay(verb)
    command.process.stdin?.end()
    // Half of a plaintext is a plaintext; half of a message is none.
    expect((await command.ended).code).toBe(verb === 'encrypt' ? 0 : 1)
    const left = await readdir(commands.folder)
    expect(left).toEqual(verb === 'encrypt' ? ['out'] : [])
  })
})

describe('killed, without a word', () => {
  it.each(['encrypt', 'decrypt'] as const)('%s leaves its own file and nothing under the name', async (verb) => {
    const command = await startHalfWay(verb)
    command.process.kill('SIGKILL')
    expect((await command.ended).code).toBeNull()
    expect(await readdir(commands.folder)).toEqual([expect.stringMatching(/^\.out\.[0-9a-f]{12}\.tmp$/)])
  })
})
