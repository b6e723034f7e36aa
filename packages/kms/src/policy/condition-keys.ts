/**
 * The condition keys of KMS: to which actions each belongs, and where its value comes from.
 *
 * To every other action a key is absent, as it is to AWS.
 *
 * @spec KMS authorization §6; service authorization reference of KMS
 */

import { DAY_MS, isReplica } from '@softkms/lifecycle'
import type { KeyFacts, RequestFacts } from './request-facts.ts'

export interface ConditionKey {
  /** Names of actions without `kms:`; `any key` stands for every action about a key. */
  readonly actions: ReadonlySet<string> | 'all'
  /** @param name what follows the prefix, of a family of keys; in lower case */
  readonly read: (facts: RequestFacts, name: string) => readonly string[] | undefined
}

type Read = ConditionKey['read']

const PAIRS = 'GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext'
const SYMMETRIC = `Encrypt Decrypt ReEncryptFrom ReEncryptTo GenerateDataKey GenerateDataKeyWithoutPlaintext ${PAIRS}`
const WITH_CONTEXT = `${SYMMETRIC} CreateGrant RetireGrant`
const BY_ALIAS = `${SYMMETRIC} Sign Verify GenerateMac VerifyMac DeriveSharedSecret Encapsulate Decapsulate DescribeKey GetPublicKey`
const KEY_STORES =
  'CreateCustomKeyStore DescribeCustomKeyStores UpdateCustomKeyStore DeleteCustomKeyStore ConnectCustomKeyStore DisconnectCustomKeyStore'
/** CreateKey is asked about the key that it would make. */
const KEY_KINDS = 'CreateKey|any key'

export const KMS_KEYS: ReadonlyMap<string, ConditionKey> = new Map([
  row('kms:BypassPolicyLockoutSafetyCheck', 'CreateKey PutKeyPolicy', member('BypassPolicyLockoutSafetyCheck')),
  row('kms:CallerAccount', `${KEY_KINDS}|${KEY_STORES}`, ({ principal }) => listOf(principal.account)),
  row('kms:CustomerMasterKeySpec', KEY_KINDS, readKeySpec),
  row('kms:CustomerMasterKeyUsage', KEY_KINDS, readKeyUsage),
  row('kms:DataKeyPairSpec', PAIRS, member('KeyPairSpec')),
  row('kms:EncryptionAlgorithm', SYMMETRIC, readEncryptionAlgorithm),
  row('kms:EncryptionContextKeys', WITH_CONTEXT, (facts) => Object.keys(contextOf(facts))),
  row('kms:ExpirationModel', 'ImportKeyMaterial', member('ExpirationModel', 'KEY_MATERIAL_EXPIRES')),
  row('kms:GrantConstraintSourceArn', 'CreateGrant', ({ input }) =>
    listOf(recordOf(input['Constraints'])['SourceArn']),
  ),
  row('kms:GrantConstraintType', 'CreateGrant RetireGrant', readConstraintTypes),
  row('kms:GrantIsForAWSResource', 'CreateGrant ListGrants RevokeGrant', ({ session }) => [
    String(session.has('kms:viaservice')),
  ]),
  row('kms:GrantOperations', 'CreateGrant', ({ input }) => listOf(input['Operations'])),
  row('kms:GranteePrincipal', 'CreateGrant', member('GranteePrincipal')),
  row('kms:GranteeServicePrincipal', 'CreateGrant', member('GranteeServicePrincipal')),
  row('kms:KeyAgreementAlgorithm', 'DeriveSharedSecret', member('KeyAgreementAlgorithm')),
  row('kms:KeyOrigin', KEY_KINDS, readOrigin),
  row('kms:KeySpec', KEY_KINDS, readKeySpec),
  row('kms:KeyUsage', KEY_KINDS, readKeyUsage),
  row('kms:MacAlgorithm', 'GenerateMac VerifyMac', member('MacAlgorithm')),
  row('kms:MessageType', 'Sign Verify', member('MessageType', 'RAW')),
  row('kms:MultiRegion', KEY_KINDS, readMultiRegion),
  row('kms:MultiRegionKeyType', KEY_KINDS, readMultiRegionKeyType),
  row('kms:PrimaryRegion', 'UpdatePrimaryRegion', member('PrimaryRegion')),
  row('kms:ReEncryptOnSameKey', 'ReEncryptFrom ReEncryptTo', readIsSameKey),
  row('kms:ReplicaRegion', 'ReplicateKey', member('ReplicaRegion')),
  row('kms:RequestAlias', BY_ALIAS, readRequestAlias),
  row('kms:ResourceAliases', 'any key', ({ aliases }) => aliases),
  row('kms:RetiringPrincipal', 'CreateGrant', member('RetiringPrincipal')),
  row('kms:RetiringServicePrincipal', 'CreateGrant', member('RetiringServicePrincipal')),
  row('kms:RotationPeriodInDays', 'EnableKeyRotation', member('RotationPeriodInDays', '365')),
  row('kms:ScheduleKeyDeletionPendingWindowInDays', 'ScheduleKeyDeletion', member('PendingWindowInDays', '30')),
  row('kms:SigningAlgorithm', 'Sign Verify', member('SigningAlgorithm')),
  row('kms:TrailingDaysWithoutKeyUsage', 'DisableKey ScheduleKeyDeletion', readIdleDays),
  row('kms:ValidTo', 'ImportKeyMaterial', member('ValidTo')),
  row('kms:ViaService', KEY_KINDS, ({ session }) => session.get('kms:viaservice')),
  row('kms:WrappingAlgorithm', 'GetParametersForImport', member('WrappingAlgorithm')),
  row('kms:WrappingKeySpec', 'GetParametersForImport', member('WrappingKeySpec')),
])

/** Keys whose names go on with a name out of the request. */
export const KMS_KEY_FAMILIES: ReadonlyArray<readonly [prefix: string, ConditionKey]> = [
  row('kms:EncryptionContext:', WITH_CONTEXT, (facts, name) =>
    Object.entries(contextOf(facts)).flatMap(([key, value]) => (key.toLowerCase() === name ? [value] : [])),
  ),
]

/** @param actions names between blanks; after a bar, `any key` or more names */
export function row(name: string, actions: string, read: Read): [string, ConditionKey] {
  const names = actions.split('|').flatMap((part) => (part === 'any key' ? [part] : part.split(' ')))
  return [name.toLowerCase(), { actions: new Set(names), read }]
}

/** A member of the request; `fallback` is what AWS takes when it is left out. */
function member(name: string, fallback?: string): Read {
  return ({ input }) => listOf(input[name] ?? fallback)
}

export function listOf(value: unknown): readonly string[] | undefined {
  if (Array.isArray(value)) return value.map(textOf).filter((text) => text !== undefined)
  const text = textOf(value)
  return text === undefined ? undefined : [text]
}

function textOf(value: unknown): string | undefined {
  if (value instanceof Date) return String(value.getTime() / 1000)
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
}

function readKeySpec({ key, planned, input }: RequestFacts): readonly string[] {
  const { keySpec } = key ?? planned ?? {}
  return [keySpec ?? textOf(input['KeySpec'] ?? input['CustomerMasterKeySpec']) ?? 'SYMMETRIC_DEFAULT']
}

function readKeyUsage({ key, planned, input }: RequestFacts): readonly string[] {
  const { keyUsage } = key ?? planned ?? {}
  return [keyUsage ?? textOf(input['KeyUsage']) ?? 'ENCRYPT_DECRYPT']
}

function readOrigin({ key, planned, input }: RequestFacts): readonly string[] {
  const { origin } = key ?? planned ?? {}
  return [origin ?? textOf(input['Origin']) ?? 'AWS_KMS']
}

function readMultiRegion({ key, planned, input }: RequestFacts): readonly string[] {
  const known = key ?? planned
  return [String(known === undefined ? input['MultiRegion'] === true : isMultiRegion(known))]
}

function readMultiRegionKeyType({ key, planned, input }: RequestFacts): readonly string[] | undefined {
  const known = key ?? planned
  if (known === undefined) return input['MultiRegion'] === true ? ['PRIMARY'] : undefined
  if (!isMultiRegion(known)) return undefined
  // A key that CreateKey is about to make begins as a primary one.
  return [known.life !== undefined && isReplica(known.life) ? 'REPLICA' : 'PRIMARY']
}

function isMultiRegion({ keyId }: KeyFacts): boolean {
  return keyId.startsWith('mrk-')
}

function readEncryptionAlgorithm({ action, input }: RequestFacts): readonly string[] | undefined {
  return listOf(input[sideOf(action, 'EncryptionAlgorithm')] ?? 'SYMMETRIC_DEFAULT')
}

function readIsSameKey({ key, otherKey }: RequestFacts): readonly string[] | undefined {
  if (key === undefined || otherKey === undefined) return ['false']
  return [String(key.keyId === otherKey.keyId && key.account === otherKey.account && key.region === otherKey.region)]
}

/** Whole days. */
function readIdleDays({ lastUsedAt, now }: RequestFacts): readonly string[] | undefined {
  return lastUsedAt === undefined ? undefined : [String(Math.max(0, Math.floor((now - lastUsedAt) / DAY_MS)))]
}

/** The alias in the request, without what an ARN puts before it. */
function readRequestAlias({ action, input }: RequestFacts): readonly string[] | undefined {
  const name = textOf(input[sideOf(action, 'KeyId')])
  if (name === undefined) return undefined
  if (name.startsWith('alias/')) return [name]
  const at = name.startsWith('arn:') ? name.indexOf(':alias/') : -1
  return at === -1 ? undefined : [name.slice(at + 1)]
}

/** ReEncrypt has each of these members twice. */
function sideOf(action: string, name: string): string {
  if (action === 'ReEncryptFrom') return `Source${name}`
  return action === 'ReEncryptTo' ? `Destination${name}` : name
}

/** Of a grant, made or retired, the context that it is bound to. */
export function contextOf({
  action,
  input,
  grant,
}: Pick<RequestFacts, 'action' | 'input' | 'grant'>): Readonly<Record<string, string>> {
  if (grant !== undefined) return grant.constraints.contextEquals ?? grant.constraints.contextSubset ?? {}
  if (action !== 'CreateGrant') return recordOf(input[sideOf(action, 'EncryptionContext')]) as Record<string, string>
  const constraints = recordOf(input['Constraints'])
  return recordOf(constraints['EncryptionContextEquals'] ?? constraints['EncryptionContextSubset']) as Record<
    string,
    string
  >
}

function readConstraintTypes({ input, grant }: RequestFacts): readonly string[] {
  const { EncryptionContextEquals, EncryptionContextSubset } = recordOf(input['Constraints'])
  const equals = EncryptionContextEquals ?? grant?.constraints.contextEquals
  const subset = EncryptionContextSubset ?? grant?.constraints.contextSubset
  return [
    ...(equals === undefined ? [] : ['EncryptionContextEquals']),
    ...(subset === undefined ? [] : ['EncryptionContextSubset']),
  ]
}
