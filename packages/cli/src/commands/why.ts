/**
 * `softkms why`: decides a request by policies in files, and says why.
 *
 * Nothing is served and no key is made: the key is whatever the flags say of it.
 */
import { readFileSync } from 'node:fs'
import {
  type AccessQuestion,
  type Explanation,
  type KeyFacts,
  type KeyId,
  KmsError,
  type Principal,
  createAuthorization,
  createIdentityPolicies,
  createMemoryStore,
  formatDefaultPolicy,
  formatExplanation,
  isAboutKey,
  parsePrincipal,
  systemClock,
} from '@softkms/kms'
import { type Command, InvalidArgumentError } from 'commander'
import { EXIT_CODE, type ExitCode } from '../exit-code.ts'
import { printError, printResult } from '../output.ts'
import { parseAccount, parseRegion } from '../scope-arguments.ts'

interface WhyFlags {
  readonly as: Principal
  readonly keyPolicy?: string
  readonly identityPolicy?: readonly string[]
  readonly boundary?: string
  readonly sessionPolicy?: readonly string[]
  readonly context?: Readonly<Record<string, string>>
  readonly condition?: Readonly<Record<string, string>>
  readonly account?: string
  readonly region: string
}

const KEY_ID = '00000000-0000-4000-8000-000000000000' as KeyId

/** Adds `why` to the program. `finish` is told whether the request may pass. */
export function addWhyCommand(program: Command, finish: (code: ExitCode) => void): void {
  program
    .command('why')
    .description('say whether policies in files allow a request, and why; the exit code is 1 if they do not')
    .argument('<action>', 'such as kms:Decrypt', parseAction)
    .requiredOption('--as <arn>', 'the caller', parseCaller)
    .option('--key-policy <file>', "the key's policy; the default policy when absent")
    .option('--identity-policy <files...>', "the caller's policies; full permission when absent")
    .option('--boundary <file>', "the caller's permissions boundary")
    .option('--session-policy <files...>', "the session's policies")
    .option('--context <pairs...>', 'the encryption context, such as tenant=blue', collectPairs)
    .option('--condition <pairs...>', 'what else is known of the caller, such as aws:SourceIp=10.0.0.1', collectPairs)
    .option('--account <id>', "the key's account; the caller's when absent", parseAccount)
    .option('--region <name>', "the key's Region", parseRegion, 'us-east-1')
    .action(async (action: string, flags: WhyFlags) => finish(await explainAction(action, flags)))
}

async function explainAction(action: string, flags: WhyFlags): Promise<ExitCode> {
  try {
    const explanation = await decideAction(action, flags)
    printResult(formatExplanation(explanation))
    return explanation.decision.isAllowed ? EXIT_CODE.success : EXIT_CODE.failure
  } catch (error) {
    if (!(error instanceof KmsError) && !isFileError(error)) throw error
    printError(error.message)
    return EXIT_CODE.failure
  }
}

async function decideAction(action: string, flags: WhyFlags): Promise<Explanation> {
  const { as: principal, context = {}, condition = {}, region } = flags
  const account = principal.account ?? flags.account ?? ''
  const key = keyOf(flags.account ?? account, flags)
  const policies = createIdentityPolicies()
  const { identityPolicy, boundary, sessionPolicy } = flags
  if (principal.type !== 'root' && (identityPolicy ?? boundary ?? sessionPolicy) !== undefined) {
    policies.set(principal.arn, {
      identity: identityPolicy?.map(read) ?? [EVERYTHING],
      ...(boundary === undefined ? {} : { boundary: read(boundary) }),
      ...(sessionPolicy === undefined ? {} : { session: sessionPolicy.map(read) }),
    })
  }
  const explanations: Explanation[] = []
  const access = createAuthorization({ mode: 'enforce', policies, store: createMemoryStore() }).explainingAccessOf(
    {
      principal,
      scope: { account, region },
      now: systemClock.now(),
      input: Object.keys(context).length === 0 ? {} : contextMembers(context),
      session: new Map(Object.entries(condition).map(([name, value]) => [name.toLowerCase(), [value]])),
    },
    explanations,
  )
  const question: AccessQuestion = isAboutKey(action) ? { action, about: 'key', key } : { action, about: 'nothing' }
  await access.authorize(question)
  const [explanation] = explanations
  if (explanation === undefined) throw new TypeError('nothing was asked')
  return explanation
}

const EVERYTHING = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }

function keyOf(account: string, { keyPolicy, region }: WhyFlags): KeyFacts {
  return {
    account,
    region,
    keyId: KEY_ID,
    keySpec: 'SYMMETRIC_DEFAULT',
    keyUsage: 'ENCRYPT_DECRYPT',
    origin: 'AWS_KMS',
    policy: keyPolicy === undefined ? formatDefaultPolicy({ account, region }) : read(keyPolicy),
    tags: [],
  }
}

/** ReEncrypt has a context on each side; which one an action asks about it knows by itself. */
function contextMembers(context: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> {
  return {
    EncryptionContext: context,
    SourceEncryptionContext: context,
    DestinationEncryptionContext: context,
  }
}

function read(file: string): string {
  return readFileSync(file, 'utf8')
}

function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error
}

function parseAction(text: string): string {
  const name = text.startsWith('kms:') ? text.slice('kms:'.length) : text
  if (/^[A-Za-z]+$/.test(name)) return `kms:${name}`
  throw new InvalidArgumentError('An action is written such as kms:Decrypt.')
}

function parseCaller(text: string): Principal {
  const principal = parsePrincipal(text)
  if (principal !== undefined && principal.type !== 'service') return principal
  throw new InvalidArgumentError('A caller is the ARN of a user, a role, a role session, a federated user or a root.')
}

function collectPairs(text: string, earlier: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const equals = text.indexOf('=')
  if (equals < 1) throw new InvalidArgumentError('A pair is written such as tenant=blue.')
  return { ...earlier, [text.slice(0, equals)]: text.slice(equals + 1) }
}
