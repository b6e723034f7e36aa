/**
 * Errors that follow from the model and from the key that a request names, so that no contract has to say them.
 *
 * @covers wire §2, §4
 */
import {
  type ImplementedOperation,
  type KmsErrorCode,
  type OperationName,
  createIdentityPolicies,
  operationErrors,
  operationShapes,
} from '@softkms/kms'
import { PERMITS, type PermitRow, type StatefulOperation, type Verdict } from '@softkms/lifecycle'
import type { Kms } from 'softkms'
import { ACCOUNT, call } from '../../support/kms-fixture.ts'
import { type AnyContract, type ErrorCase, type Later, type Never, isLater, isNever } from './contract.ts'
import { REGION, type World } from './world.ts'

/** What a request's members are to whoever does not know its operation. */
export type Members = Readonly<Record<string, unknown>>

/** Errors that the model leaves out and every operation has. */
export const COMMON_ERRORS = ['AccessDeniedException', 'ThrottlingException', 'ValidationException'] as const

export const NOBODY = `arn:aws:iam::${ACCOUNT}:user/nobody`
export const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000'
/** More than any allowance in the Region. */
const TOO_MANY = 10_001
const CUSTOM_KEY_STORES = /^(?:CloudHsm|CustomKeyStore|IncorrectTrustAnchor|Xks)/

export function arnOf(keyId: unknown, region = REGION): string {
  return `arn:aws:kms:${region}:${ACCOUNT}:key/${String(keyId)}`
}

/** Every error that an operation can answer, by what its contract says and by what follows. */
export function errorsOf(contract: AnyContract): ReadonlyMap<KmsErrorCode, ErrorCases | Later | Never> {
  const modelled: readonly KmsErrorCode[] = operationErrors[contract.operation]
  const codes = new Set([...COMMON_ERRORS, ...modelled, ...(Object.keys(contract.errors) as KmsErrorCode[])])
  return new Map([...codes].toSorted().map((code) => [code, casesOf(contract.errors[code] ?? derive(contract, code))]))
}

type ErrorCases = readonly ErrorCase<object>[]

function casesOf(entry: ErrorCase<object> | ErrorCases | Later | Never): ErrorCases | Later | Never {
  return 'length' in entry || isLater(entry) || isNever(entry) ? entry : [entry]
}

/** @returns nothing where nothing follows: a gap */
function derive(contract: AnyContract, code: KmsErrorCode): ErrorCase<object> | ErrorCases | Later | Never {
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
  AccessDeniedException: ({ operation, request }) => ({
    when: 'no policy allows it',
    options: { identityPolicies: policiesOfNobody() },
    async provoke(world) {
      const input = (await request(world)) as Members
      const action = `kms:${operation}`
      const member = keyMemberOf(operation)
      const resource = member === undefined || input[member] === undefined ? '*' : arnOf(input[member])
      return {
        input,
        by: world.sdkFor(world.setup.as(NOBODY)),
        message:
          `User: ${NOBODY} is not authorized to perform: ${action} on resource: ${resource} ` +
          `because no identity-based policy allows the ${action} action`,
      }
    },
  }),

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
      // A key that cannot be used spares its work and spends its allowance.
      await disableKeyOf(world, input)
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

  NotFoundException: (contract) =>
    aboutKey(contract, 'there is no such key', () => [UNKNOWN_ID, `Key '${arnOf(UNKNOWN_ID)}' does not exist`]),

  InvalidArnException: (contract) => {
    const arn = `arn:aws:kms:${REGION}:${ACCOUNT}:key`
    const malformed = aboutKey(contract, 'the ARN is malformed', () => [arn, `Invalid arn ${arn}`])
    const alias = aboutKey(contract, 'an alias names the key', () => [
      'alias/any',
      'Key Aliases are not supported for this operation.',
    ])
    return [malformed, ...(ALIAS_TAKERS.has(contract.operation) ? [] : [alias])].filter((one) => one !== undefined)
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
    return aboutKey(contract, 'the key is pending deletion', async ({ setup }, KeyId) => {
      await setup.scheduleKeyDeletion({ KeyId })
      return [KeyId, `${arnOf(KeyId)} is pending deletion.`]
    })
  },

  InvalidKeyUsageException: (contract) =>
    aboutKey(contract, 'the key is for something else', async ({ setup }) => {
      const isMac = contract.operation.endsWith('Mac')
      const other = isMac ? {} : ({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' } as const)
      const { KeyMetadata } = await setup.createKey(other)
      const usage = isMac ? 'ENCRYPT_DECRYPT' : 'GENERATE_VERIFY_MAC'
      const message = `${KeyMetadata?.Arn} key usage is ${usage} which is not valid for ${contract.operation}.`
      return [KeyMetadata?.KeyId ?? '', message]
    }),

  DryRunOperationException: ({ request }) => ({
    when: 'it is a dry run',
    provoke: async (world) => ({
      input: { ...(await request(world)), DryRun: true },
      message: 'The request would have succeeded, but the DryRun option is set.',
    }),
  }),

  InvalidGrantTokenException: ({ request }) => ({
    when: 'a grant token is none',
    provoke: async (world) => ({
      input: { ...(await request(world)), GrantTokens: ['none'] },
      message: 'The grant token is not valid.',
    }),
  }),

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

/** The members by which requests name the key that they are about, the first that there is. */
const KEY_MEMBERS = ['KeyId', 'TargetKeyId', 'SourceKeyId']

export function keyMemberOf(operation: OperationName): string | undefined {
  return KEY_MEMBERS.find((name) => Object.hasOwn(operationShapes[operation].input.members, name))
}

/** The contract's request with another name for its key, or with its key in another state. */
function aboutKey(
  { operation, request }: AnyContract,
  when: string,
  change: (world: World, keyId: string) => Rewritten | Promise<Rewritten>,
): ErrorCase<object> | undefined {
  const member = keyMemberOf(operation)
  if (member === undefined) return undefined
  return {
    when,
    async provoke(world) {
      const input = (await request(world)) as Members
      const [name, message] = await change(world, String(input[member]))
      return { input: { ...input, [member]: name }, message }
    },
  }
}

type Rewritten = readonly [name: string, message: string]

export function policiesOfNobody(): ReturnType<typeof createIdentityPolicies> {
  const policies = createIdentityPolicies()
  policies.set(NOBODY, {})
  return policies
}

async function disableKeyOf({ setup }: World, input: object): Promise<void> {
  const named = Object.values(input).find((value) => typeof value === 'string' && UUID.test(value)) as
    | string
    | undefined
  if (named === undefined) return
  const { KeyMetadata } = await setup.describeKey({ KeyId: named })
  if (KeyMetadata?.Enabled === true) await setup.disableKey({ KeyId: named })
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/

/** Asks until the allowance is used up, whatever is answered before. @throws when it never is */
async function exhaust(kms: Kms, operation: OperationName, input: object): Promise<void> {
  for (let attempt = 0; attempt < TOO_MANY; attempt++) {
    try {
      await call(kms, operation as ImplementedOperation, input)
    } catch (error) {
      if (error instanceof Error && error.name === 'ThrottlingException') return
    }
  }
  throw new Error(`${operation} is not throttled`)
}
