/**
 * `softkms rotate-domain-key`: a new key over all keys, in a folder that no server has, or by a server that runs.
 *
 * A rotation that was cut off, by whatever, is finished by the next one.
 */
import { rotateDomainKey } from '@softkms/kms'
import type { Command } from 'commander'
import { ControlFailure, sendControl } from '../control-client.ts'
import { EXIT_CODE, type ExitCode } from '../exit-code.ts'
import { createProgress } from '../file/progress.ts'
import { openKeptKeys, type StorePlace, storeOption, UnopenedStoreError } from '../kept-keys.ts'
import { printError, printResult } from '../output.ts'
import { addRootKeyOptions, type RootKeyFlags } from '../root-key/root-key-flags.ts'
import { UnusableFileError } from '../text-file.ts'
import { type ControlFlags, endpointOption, takeControlToken, tokenOption } from './control-flags.ts'

interface Flags extends RootKeyFlags, Partial<ControlFlags> {
  readonly store: StorePlace
}

/** What came of it. */
interface Outcome {
  readonly isRotated: boolean
  readonly rewrapped: number
}

type OnProgress = (done: number, total: number) => void

const POLL_MS = 200

export function addRotateDomainKeyCommand(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command('rotate-domain-key')
    .description('make a new domain key, and wrap all keys anew under it')
    .addOption(storeOption('the keys, where no server has them open'))
    .addOption(endpointOption('the server that has them open, started with --control; in place of --store'))
    .addOption(tokenOption())
  addRootKeyOptions(command)
  command.action(async (flags: Flags) => finish(await rotate(flags, command)))
}

async function rotate(flags: Flags, command: Command): Promise<ExitCode> {
  const { endpointUrl } = flags
  // Ended before anything is asked, as a line that was not understood.
  const token = endpointUrl === undefined ? undefined : takeControlToken(flags.controlToken, command)
  if (endpointUrl === undefined && flags.store.kind === 'memory') {
    command.error('error: keys in memory have no domain key that is kept')
  }
  const progress = createProgress(process.stderr, 'wrapping keys anew', undefined, (count) => `${count} keys`)
  const show: OnProgress = (done, total) => progress.update(done, total)
  try {
    const outcome =
      endpointUrl === undefined || token === undefined
        ? await rotateHere(flags, show)
        : await rotateThere(endpointUrl, token, show)
    progress.clear()
    printResult(describe(outcome))
    return EXIT_CODE.success
  } catch (error) {
    progress.clear()
    const isExpected = [ControlFailure, UnopenedStoreError, UnusableFileError].some((type) => error instanceof type)
    if (!isExpected) throw error
    printError((error as Error).message)
    return EXIT_CODE.failure
  }
}

async function rotateHere(flags: Flags, onProgress: OnProgress): Promise<Outcome> {
  const kept = await openKeptKeys(flags.store, flags, true)
  try {
    return await rotateDomainKey(kept, onProgress)
  } finally {
    await kept.close()
  }
}

/** @throws ControlFailure */
async function rotateThere(endpointUrl: string, token: string, onProgress: OnProgress): Promise<Outcome> {
  const request = { endpointUrl, token, path: 'domain-key' }
  let state = await sendControl({ ...request, body: {} })
  while (state['isRunning'] === true) {
    onProgress(Number(state['done']), Number(state['total']))
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
    state = await sendControl(request)
  }
  const result = state['result'] as Outcome | undefined
  if (result === undefined)
    throw new ControlFailure(`${endpointUrl} did not come to the end; it says why where it runs`)
  return result
}

function describe({ isRotated, rewrapped }: Outcome): string {
  const keys = `${rewrapped} ${rewrapped === 1 ? 'token was' : 'tokens were'} wrapped anew`
  return isRotated
    ? `There is a new domain key; ${keys}.`
    : `An earlier rotation had not come to its end; ${keys}. Say it again for a new domain key.`
}
