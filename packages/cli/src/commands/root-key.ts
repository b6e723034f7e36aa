/**
 * `softkms init`, `seal` and `unseal`: the root key that a store of keys is sealed by, and what seals the root key itself.
 */
import { type Command, Option } from 'commander'
import { EXIT_CODE, type ExitCode } from '../exit-code.ts'
import { KmsRequestError } from '../kms-client/kms-client.ts'
import { printError, printResult } from '../output.ts'
import { sealByKms } from '../root-key/envelope.ts'
import { sealByPassphrase } from '../root-key/passphrase.ts'
import { type KeptRootKey, createRootKeyFile, readRootKeyFile, replaceRootKeyFile } from '../root-key/root-key-file.ts'
import {
  type PassphraseFlags,
  addPassphraseOption,
  makeRootKey,
  openRootKey,
  readPassphrase,
} from '../root-key/root-key-flags.ts'
import { UnusableFileError } from '../text-file.ts'
import { type PlaceFlags, addPlaceOptions, connect } from './place-flags.ts'

interface FileFlags extends PassphraseFlags {
  readonly rootKeyFile: string
}

interface SealFlags extends FileFlags, PlaceFlags {
  readonly kmsKeyId?: string
}

const KEEP_A_COPY =
  'Keep a copy where the keys are not: without it they are lost, and with it whoever has them can use them.'

export function addRootKeyCommands(program: Command, finish: (code: ExitCode) => void): void {
  const init = program
    .command('init')
    .description('make a root key, which seals the keys that a server keeps')
    .requiredOption('--root-key-file <file>', 'where to write it; nothing is overwritten')
  addSealingOptions(init, 'seals it')
  init.action(async (flags: SealFlags) =>
    finish(
      await attempt(async () => {
        const { rootKeyFile } = flags
        const rootKey = makeRootKey()
        const kept = await zeroizing(
          rootKey,
          async () => (await seal(rootKey, flags, init)) ?? plain(rootKey),
          (made) => createRootKeyFile(rootKeyFile, made),
        )
        return `${rootKeyFile} holds a root key${describeSeal(kept)}. ${KEEP_A_COPY}`
      }),
    ),
  )

  const sealing = program
    .command('seal')
    .description('seal a root key by a passphrase, or by a key of another KMS')
    .requiredOption('--root-key-file <file>', 'the root key, which must not be sealed')
  addSealingOptions(sealing, 'seals it')
  sealing.action(async (flags: SealFlags) =>
    finish(
      await attempt(async () => {
        const { rootKeyFile } = flags
        const before = readRootKeyFile(rootKeyFile)
        if (before.sealedBy !== 'nothing')
          throw new UnusableFileError(`${rootKeyFile} is sealed already; unseal it first`)
        const { rootKey } = before
        const kept = await zeroizing(
          rootKey,
          async () =>
            (await seal(rootKey, flags, sealing)) ??
            sealing.error('error: say by what, --passphrase-file, SOFTKMS_PASSPHRASE or --kms-key-id'),
          (made) => replaceRootKeyFile(rootKeyFile, made),
        )
        return `${rootKeyFile} holds its root key${describeSeal(kept)}. Copies of the file as it was are not.`
      }),
    ),
  )

  const unsealing = program
    .command('unseal')
    .description('write a sealed root key as it is')
    .requiredOption('--root-key-file <file>', 'the sealed root key')
  addPassphraseOption(unsealing, 'what it is sealed by, unless that is a KMS')
  unsealing.action(async (flags: FileFlags) =>
    finish(
      await attempt(async () => {
        const { rootKeyFile } = flags
        const kept = readRootKeyFile(rootKeyFile)
        if (kept.sealedBy === 'nothing') throw new UnusableFileError(`${rootKeyFile} is not sealed`)
        const rootKey = await openRootKey(kept, rootKeyFile, flags)
        await zeroizing(
          rootKey,
          async () => plain(rootKey),
          (made) => replaceRootKeyFile(rootKeyFile, made),
        )
        return `${rootKeyFile} holds its root key as it is: whoever reads the file has it.`
      }),
    ),
  )
}

function addSealingOptions(command: Command, what: string): void {
  addPassphraseOption(command, `a passphrase that ${what}`)
  command.addOption(new Option('--kms-key-id <id>', `a key of another KMS that ${what}: id, ARN or alias`))
  addPlaceOptions(command)
}

/** @returns `undefined` where the line and the environment name nothing that seals */
async function seal(rootKey: Uint8Array, flags: SealFlags, command: Command): Promise<KeptRootKey | undefined> {
  if (flags.kmsKeyId !== undefined) {
    if (flags.passphraseFile !== undefined)
      return command.error('error: --kms-key-id and --passphrase-file exclude each other')
    return sealByKms(rootKey, connect(flags, command), flags.kmsKeyId)
  }
  const passphrase = readPassphrase(flags)
  if (passphrase === undefined) return undefined
  try {
    return sealByPassphrase(rootKey, passphrase)
  } finally {
    passphrase.fill(0)
  }
}

function plain(rootKey: Uint8Array): KeptRootKey {
  return { sealedBy: 'nothing', rootKey }
}

async function zeroizing<Made>(
  rootKey: Uint8Array,
  make: () => Promise<Made>,
  use: (made: Made) => void,
): Promise<Made> {
  try {
    const made = await make()
    use(made)
    return made
  } finally {
    rootKey.fill(0)
  }
}

function describeSeal(kept: KeptRootKey): string {
  if (kept.sealedBy === 'nothing') return ''
  return kept.sealedBy === 'passphrase' ? ', sealed by a passphrase' : `, sealed by ${kept.keyId}`
}

/** @param work returns what is printed */
async function attempt(work: () => Promise<string>): Promise<ExitCode> {
  try {
    printResult(await work())
    return EXIT_CODE.success
  } catch (error) {
    if (!(error instanceof UnusableFileError || error instanceof KmsRequestError)) throw error
    printError(error.message)
    return EXIT_CODE.failure
  }
}
