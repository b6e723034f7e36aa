/**
 * `softkms why`: decides a request by policies and grants in files, and says why.
 *
 * Nothing is served and no key is made: the key is whatever the flags say of it.
 */
import {
  type AccessQuestion,
  type Explanation,
  type GrantRecord,
  type IdentityPolicies,
  type KeyFacts,
  type KeyId,
  KmsError,
  type Principal,
  type Store,
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
import { readGrants } from '../grants-file.ts'
import { readIdentityPolicies } from '../identity-policies-file.ts'
import { printError, printResult } from '../output.ts'
import { parseAccount, parseRegion } from '../scope-arguments.ts'
import { readTextFile, UnusableFileError } from '../text-file.ts'

interface WhyFlags {
  readonly as: Principal
  readonly keyPolicy?: string
  readonly grants?: string
  readonly identityPolicies?: string
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
    .description('say whether policies and grants in files allow a request, and why; the exit code is 1 if they do not')
    .argument('<action>', 'such as kms:Decrypt', parseAction)
    .requiredOption('--as <arn>', 'the caller', parseCaller)
    .option('--key-policy <file>', "the key's policy; the default policy when absent")
    .option('--grants <file>', 'the grants on the key, as aws kms list-grants prints them')
    .option('--identity-policies <file>', 'the policies of callers, as softkms serve takes them')
    .option('--identity-policy <files...>', "the caller's policies; full permission when absent")
    .option('--boundary <file>', "the caller's permissions boundary")
    .option('--session-policy <files...>', "the session's policies")
    .option('--context <pairs...>', 'the encryption context, such as tenant=blue', collectPairs)
    .option('--condition <pairs...>', 'what else is known of the caller, such as aws:SourceIp=10.0.0.1', collectPairs)
    .option('--account <id>', "the key's account; the caller's when absent", parseAccount)
    .option('--region <name>', "the key's Region", parseRegion, 'us-east-1')
    .action(async (action: string, flags: WhyFlags, command: Command) => {
      assertConsistent(flags, command)
      finish(await explainAction(action, flags))
    })
}

function assertConsistent(flags: WhyFlags, command: Command): void {
  const { as: principal, account, identityPolicies, identityPolicy, boundary, sessionPolicy } = flags
  if (principal.type === 'service' && account === undefined) {
    command.error('error: a service is of no account; say with --account whose key it is')
  }
  if (identityPolicies !== undefined && (identityPolicy ?? boundary ?? sessionPolicy) !== undefined) {
    command.error('error: --identity-policies excludes --identity-policy, --boundary and --session-policy')
  }
}

async function explainAction(action: string, flags: WhyFlags): Promise<ExitCode> {
  try {
    const explanation = await decideAction(action, flags)
    printResult(formatExplanation(explanation))
    return explanation.decision.isAllowed ? EXIT_CODE.success : EXIT_CODE.failure
  } catch (error) {
    if (!(error instanceof KmsError) && !(error instanceof UnusableFileError)) throw error
    printError(error.message)
    return EXIT_CODE.failure
  }
}

async function decideAction(action: string, flags: WhyFlags): Promise<Explanation> {
  const { as: principal, context = {}, condition = {}, region } = flags
  const account = principal.account ?? flags.account ?? ''
  const key = keyOf(flags.account ?? account, flags)
  const grants = flags.grants === undefined ? [] : readGrants(flags.grants, key)
  const store = createMemoryStore()
  for (const grant of grants) await addGrant(store, grant)
  const explanations: Explanation[] = []
  const access = createAuthorization({ mode: 'enforce', policies: policiesOf(flags), store }).explainingAccessOf(
    {
      principal,
      scope: { account, region },
      now: systemClock.now(),
      input: Object.keys(context).length === 0 ? {} : contextMembers(context),
      session: new Map(Object.entries(condition).map(([name, value]) => [name.toLowerCase(), [value]])),
    },
    explanations,
  )
  await access.authorize(questionOf(action, key, grants))
  const [explanation] = explanations
  if (explanation === undefined) throw new TypeError('nothing was asked')
  return explanation
}

const EVERYTHING = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } }

function policiesOf({ as: principal, ...flags }: WhyFlags): IdentityPolicies {
  const { identityPolicies, identityPolicy, boundary, sessionPolicy } = flags
  if (identityPolicies !== undefined) return readIdentityPolicies(identityPolicies)
  const policies = createIdentityPolicies()
  if ((identityPolicy ?? boundary ?? sessionPolicy) === undefined) return policies
  // Neither has policies of its own.
  if (principal.type === 'root' || principal.type === 'service') return policies
  policies.set(principal.arn, {
    identity: identityPolicy?.map(readTextFile) ?? [EVERYTHING],
    ...(boundary === undefined ? {} : { boundary: readTextFile(boundary) }),
    ...(sessionPolicy === undefined ? {} : { session: sessionPolicy.map(readTextFile) }),
  })
  return policies
}

/** @throws UnusableFileError for a second grant with one id */
async function addGrant(store: Store, grant: GrantRecord): Promise<void> {
  if (await store.commit([{ type: 'AddGrant', grant }])) return
  throw new UnusableFileError(`grant ${grant.grantId} is there twice`)
}

/** What is retired is a grant: the first one. */
function questionOf(action: string, key: KeyFacts, [grant]: readonly GrantRecord[]): AccessQuestion {
  if (!isAboutKey(action)) return { action, about: 'nothing' }
  return { action, about: 'key', key, grant: action === 'kms:RetireGrant' ? grant : undefined }
}

function keyOf(account: string, { keyPolicy, region }: WhyFlags): KeyFacts {
  return {
    account,
    region,
    keyId: KEY_ID,
    keySpec: 'SYMMETRIC_DEFAULT',
    keyUsage: 'ENCRYPT_DECRYPT',
    origin: 'AWS_KMS',
    policy: keyPolicy === undefined ? formatDefaultPolicy({ account, region }) : readTextFile(keyPolicy),
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

function parseAction(text: string): string {
  const name = text.startsWith('kms:') ? text.slice('kms:'.length) : text
  if (/^[A-Za-z]+$/.test(name)) return `kms:${name}`
  throw new InvalidArgumentError('An action is written such as kms:Decrypt.')
}

function parseCaller(text: string): Principal {
  const principal = parsePrincipal(text)
  if (principal !== undefined) return principal
  throw new InvalidArgumentError(
    'A caller is the ARN of a user, a role, a role session, a federated user or a root, or the name of a service.',
  )
}

function collectPairs(text: string, earlier: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const equals = text.indexOf('=')
  if (equals < 1) throw new InvalidArgumentError('A pair is written such as tenant=blue.')
  return { ...earlier, [text.slice(0, equals)]: text.slice(equals + 1) }
}
