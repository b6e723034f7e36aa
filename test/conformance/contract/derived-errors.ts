/**
 * Errors that follow from the model and from the key that a request names, so that no contract has to say them.
 *
 * @covers wire §2, §4
 */
import { HsmError } from '@softkms/hsm'
import {
  type KmsErrorCode,
  type OperationName,
  StoreError,
  createIdentityPolicies,
  operationErrors,
  operationShapes,
} from '@softkms/kms'
import { PERMITS, type PermitRow, type StatefulOperation, type Verdict } from '@softkms/lifecycle'
import { ACCOUNT } from '../../support/kms-fixture.ts'
import { type AnyContract, type ErrorCase, type Later, type Never, isLater, isNever } from './contract.ts'
import { exhaust } from './exhaust.ts'
import { REGION, type World } from './world.ts'

/** What a request's members are to whoever does not know its operation. */
export type Members = Readonly<Record<string, unknown>>

/** Errors that the model leaves out and every operation has. */
const COMMON_ERRORS = ['AccessDeniedException', 'ThrottlingException', 'ValidationException'] as const

/** The same, for those that name a key: what is wrong with a name is said in one way everywhere. */
const ERRORS_OF_NAMES = ['InvalidArnException'] as const

export const NOBODY = `arn:aws:iam::${ACCOUNT}:user/nobody`
export const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000'
const CUSTOM_KEY_STORES = /^(?:CloudHsm|CustomKeyStore|IncorrectTrustAnchor|Xks)/

export function arnOf(keyId: unknown, region = REGION): string {
  return `arn:aws:kms:${region}:${ACCOUNT}:key/${String(keyId)}`
}

/** Every error that an operation can answer, by what its contract says and by what follows. */
export function errorsOf(contract: AnyContract): ReadonlyMap<KmsErrorCode, ErrorCases | Later | Never> {
  const codes = new Set([
    ...COMMON_ERRORS,
    ...(keyMembersOf(contract.operation).length === 0 ? [] : ERRORS_OF_NAMES),
    ...operationErrors[contract.operation],
    ...(Object.keys(contract.errors) as KmsErrorCode[]),
  ])
  return new Map([...codes].toSorted().map((code) => [code, join(contract.errors[code], derive(contract, code))]))
}

/** What a contract says comes besides what follows, unless one of them says that there is nothing to show. */
function join(own: Entry | undefined, derived: Entry): ErrorCases | Later | Never {
  const [said, follows] = [casesOf(own ?? []), casesOf(derived)]
  if (isLater(said) || isNever(said)) return said
  if (isLater(follows) || isNever(follows)) return said.length === 0 ? follows : said
  return [...said, ...follows]
}

type ErrorCases = readonly ErrorCase<object>[]
type Entry = ErrorCase<object> | ErrorCases | Later | Never

function casesOf(entry: Entry): ErrorCases | Later | Never {
  return 'length' in entry || isLater(entry) || isNever(entry) ? entry : [entry]
}

/** @returns nothing where nothing follows: a gap */
function derive(contract: AnyContract, code: KmsErrorCode): Entry {
  if (CUSTOM_KEY_STORES.test(code)) return { later: 'custom key stores' }
  const rule = RULES[code]
  return rule?.(contract) ?? []
}

const LIMIT_TOO_LOW: ErrorCase<object> = {
  when: 'Limit is 0',
  provoke: async () => ({
    input: { Limit: 0 },
    message:
      "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: " +
      'Member must have value greater than or equal to 1',
  }),
}

type Rule = (contract: AnyContract) => ErrorCase<object> | ErrorCases | Never | undefined

const RULES: { readonly [Code in KmsErrorCode]?: Rule } = {
  AccessDeniedException: ({ operation, request }) =>
    grantOperationsOf(operation).map((name, index, all) => ({
      when: all.length === 1 ? 'no policy allows it' : `no policy allows ${name}`,
      options: { identityPolicies: policiesOfNobody(all.slice(0, index)) },
      async provoke(world) {
        const input = (await request(world)) as Members
        return {
          input,
          by: world.sdkFor(world.setup.as(NOBODY)),
          message:
            `User: ${NOBODY} is not authorized to perform: kms:${name} on resource: ` +
            `${resourceOf(input, keyMembersOf(operation)[index])} ` +
            `because no identity-based policy allows the kms:${name} action`,
        }
      },
    })),

  ValidationException: ({ operation, request }) => {
    const { members } = operationShapes[operation].input
    const required = Object.entries(members).find(([, { required: is }]) => is)
    if (required === undefined) return Object.hasOwn(members, 'Limit') ? LIMIT_TOO_LOW : undefined
    const [name, { shape }] = required
    const path = `${name.charAt(0).toLowerCase()}${name.slice(1)}`
    const echo = ['blob', 'map', 'structure'].includes(shape.type) ? '' : ' null'
    return {
      when: `${name} is missing`,
      provoke: async (world) => ({
        input: { ...(await request(world)), [name]: undefined },
        message: `1 validation error detected: Value${echo} at '${path}' failed to satisfy constraint: Member must not be null`,
      }),
    }
  },

  ThrottlingException: ({ operation, request }) => ({
    when: 'its request rate is used up',
    options: { requestRates: 'aws' },
    async provoke(world) {
      const input = await request(world)
      await exhaust(world.setup, operation, input)
      return {
        input,
        message: 'You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.',
      }
    },
  }),

  KMSInternalException: ({ request }) => ({
    when: 'the store fails',
    async provoke(world) {
      const input = await request(world)
      world.storeFaults.fault = new Error('the disk is full')
      return { input }
    },
  }),

  DependencyTimeoutException: ({ request }) => ({
    when: 'the store does not answer in time',
    async provoke(world) {
      const input = await request(world)
      world.storeFaults.fault = new StoreError('TIMED_OUT', 'the database does not answer')
      return { input }
    },
  }),

  KeyUnavailableException: ({ request }) => ({
    when: 'the HSM is out of service',
    async provoke(world) {
      const input = await request(world)
      world.hsmFaults.fault = new HsmError('UNAVAILABLE')
      return { input }
    },
  }),

  NotFoundException: (contract) =>
    aboutKey(contract, 'there is no such key', () => [UNKNOWN_ID, `Key '${arnOf(UNKNOWN_ID)}' does not exist`]),

  InvalidArnException: (contract) => {
    const arn = `arn:aws:kms:${REGION}:${ACCOUNT}:key`
    const malformed = aboutKey(contract, 'the ARN is malformed', () => [arn, `Invalid arn ${arn}`])
    const alias = aboutKey(contract, 'an alias names the key', () => [
      'alias/any',
      'Key Aliases are not supported for this operation.',
    ])
    // What aliases point to is refused in other words.
    const hasOwnWords = ALIAS_TAKERS.has(contract.operation) || hasMember(contract.operation, 'TargetKeyId')
    return [...malformed, ...(hasOwnWords ? [] : alias)]
  },

  DisabledException: (contract) => {
    if (permitsOf(contract.operation)?.Disabled === 'ok') return { never: 'a disabled key allows it' }
    return aboutKey(contract, 'the key is disabled', async ({ setup }, KeyId) => {
      await setup.disableKey({ KeyId })
      return [KeyId, `${arnOf(KeyId)} is disabled.`]
    })
  },

  KMSInvalidStateException: (contract) => {
    const permits = permitsOf(contract.operation)
    if (permits === undefined || Object.values(permits).every((verdict) => !isInvalidState(verdict))) {
      return { never: 'no state of the key stops it' }
    }
    // What is for keys that are pending deletion is refused to others, in words of its own.
    if (permits.PendingDeletion === 'ok') return undefined
    return aboutKey(contract, 'the key is pending deletion', async ({ setup }, KeyId) => {
      const { KeyState } = await setup.scheduleKeyDeletion({ KeyId })
      const state = KeyState === 'PendingReplicaDeletion' ? 'pending replica deletion' : 'pending deletion'
      return [KeyId, `${arnOf(KeyId)} is ${state}.`]
    })
  },

  InvalidKeyUsageException: (contract) => [
    ...aboutKey(contract, 'the key is for something else', async ({ setup }) => {
      const isMac = contract.operation.endsWith('Mac')
      const other = isMac ? {} : ({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' } as const)
      const { KeyMetadata } = await setup.createKey(other)
      const usage = isMac ? 'ENCRYPT_DECRYPT' : 'GENERATE_VERIFY_MAC'
      const message = `${KeyMetadata?.Arn} key usage is ${usage} which is not valid for ${contract.operation}.`
      return [KeyMetadata?.KeyId ?? '', message]
    }),
    ...otherAlgorithms(contract),
  ],

  DryRunOperationException: ({ request }) => ({
    when: 'it is a dry run',
    provoke: async (world) => ({
      input: { ...(await request(world)), DryRun: true },
      message: 'The request would have succeeded, but the DryRun option is set.',
    }),
  }),

  InvalidGrantTokenException({ operation, request }) {
    if (!hasMember(operation, 'GrantTokens')) return undefined
    return {
      when: 'a grant token is none',
      provoke: async (world) => ({
        input: { ...(await request(world)), GrantTokens: ['none'] },
        message: 'The grant token is not valid.',
      }),
    }
  },

  InvalidMarkerException: ({ request }) => ({
    when: 'the marker is none',
    provoke: async (world) => ({
      input: { ...(await request(world)), Marker: 'none' },
      message: 'Invalid marker.',
    }),
  }),
}

/** Take all four forms of identifier. @spec KMS operations, "Which key identifiers an operation accepts" */
const ALIAS_TAKERS: ReadonlySet<OperationName> = new Set([
  'Decapsulate',
  'Decrypt',
  'DeriveSharedSecret',
  'DescribeKey',
  'Encapsulate',
  'Encrypt',
  'GenerateDataKey',
  'GenerateDataKeyPair',
  'GenerateDataKeyPairWithoutPlaintext',
  'GenerateDataKeyWithoutPlaintext',
  'GenerateMac',
  'GetPublicKey',
  'ReEncrypt',
  'Sign',
  'Verify',
  'VerifyMac',
])

function permitsOf(operation: OperationName): PermitRow | undefined {
  return Object.hasOwn(PERMITS, operation) ? PERMITS[operation as StatefulOperation] : undefined
}

/** Verdicts of other errors than `KMSInvalidStateException`. */
function isInvalidState(verdict: Verdict): boolean {
  return !['ok', 'Disabled', 'Origin'].includes(verdict)
}

/** The members by which requests name the keys that they are about, in the order in which AWS looks at them. */
const KEY_MEMBERS = ['KeyId', 'TargetKeyId', 'SourceKeyId', 'DestinationKeyId']

export function keyMembersOf(operation: OperationName): readonly string[] {
  return KEY_MEMBERS.filter((name) => hasMember(operation, name))
}

function hasMember(operation: OperationName, name: string): boolean {
  return Object.hasOwn(operationShapes[operation].input.members, name)
}

/** What a refusal says that the caller may not touch. */
function resourceOf(input: Members, keyMember: string | undefined): string {
  if (keyMember !== undefined && input[keyMember] !== undefined) return arnOf(input[keyMember])
  const { AliasName: alias } = input
  return typeof alias === 'string' ? `arn:aws:kms:${REGION}:${ACCOUNT}:${alias}` : '*'
}

/** What leave for an operation is called in policies and grants; ReEncrypt asks for it at both keys. */
export function grantOperationsOf(operation: OperationName): readonly string[] {
  return operation === 'ReEncrypt' ? ['ReEncryptFrom', 'ReEncryptTo'] : [operation]
}

/** The contract's request with another name for a key, or with the key in another state; for each of its keys. */
function aboutKey(
  { operation, request }: AnyContract,
  when: string,
  change: (world: World, keyId: string) => Rewritten | Promise<Rewritten>,
): ErrorCase<object>[] {
  return keyMembersOf(operation).map((member, _, all) => ({
    when: all.length === 1 ? when : `${when} (${member})`,
    async provoke(world) {
      const input = (await request(world)) as Members
      const [name, message] = await change(world, String(input[member]))
      return { input: { ...input, [member]: name }, message }
    },
  }))
}

type Rewritten = readonly [name: string, message: string]

/** Algorithms that the keys of no contract's request have. */
const OTHER_ALGORITHMS: Readonly<Record<string, string>> = {
  DestinationEncryptionAlgorithm: 'SM2PKE',
  EncryptionAlgorithm: 'SM2PKE',
  MacAlgorithm: 'HMAC_SHA_224',
  SigningAlgorithm: 'SM2DSA',
  SourceEncryptionAlgorithm: 'SM2PKE',
}

function otherAlgorithms({ operation, request }: AnyContract): ErrorCase<object>[] {
  const members = Object.entries(OTHER_ALGORITHMS).filter(([member]) => hasMember(operation, member))
  return members.map(([member, algorithm]) => ({
    when: `the key does not have the ${member}`,
    async provoke(world) {
      const input = (await request(world)) as Members
      const KeyId = String(input[keyMembersOf(operation)[0] ?? ''])
      const { KeyMetadata } = await world.setup.describeKey({ KeyId })
      const message = `Algorithm ${algorithm} is incompatible with key spec ${KeyMetadata?.KeySpec}.`
      return { input: { ...input, [member]: algorithm }, message }
    },
  }))
}

/** @param actions what a policy lets nobody do after all, without `kms:` */
export function policiesOfNobody(actions: readonly string[] = []): ReturnType<typeof createIdentityPolicies> {
  const policies = createIdentityPolicies()
  const Statement = actions.map((action) => ({ Effect: 'Allow', Action: `kms:${action}`, Resource: '*' }))
  policies.set(NOBODY, actions.length === 0 ? {} : { identity: [{ Version: '2012-10-17', Statement }] })
  return policies
}
