/** CreateKey: a new key with its first material, a policy and tags. @spec KMS operations, CreateKey */

import { type Hsm, KEY_SPECS, type KeySpec } from '@softkms/hsm'
import { type KeyLife, beginLife, beginLifeForImport, beginSet } from '@softkms/lifecycle'
import { KmsError } from '../errors.ts'
import type { KeySpec as AwsKeySpec } from '../generated/types.ts'
import type { KeyRecord } from '../key/key.ts'
import { formatKeyMetadata } from '../key/key-metadata.ts'
import { assertImportable } from '../import/importable.ts'
import { assertOriginFits } from '../key-store/key-in-store.ts'
import { keyStoreNotFound } from '../key-store/key-store.ts'
import { generateMaterial } from '../key/material.ts'
import { isSpecIn } from '../key/spec-in-region.ts'
import type { NoTargets, Operation } from '../operation.ts'
import type { Change } from '../store/store.ts'
import { formatDefaultPolicy, parsePolicy } from '../policy/document.ts'
import { assertRoomForKey } from '../quota/resource-quotas.ts'
import type { ValidInput } from '../shape/valid.ts'
import { parseTags } from '../tag/tags.ts'

type Input = ValidInput<'CreateKey'>

const DEFAULT_SPEC = 'SYMMETRIC_DEFAULT'
const DEFAULT_USAGE = 'ENCRYPT_DECRYPT'

export const createKey: Operation<'CreateKey', NoTargets> = {
  name: 'CreateKey',
  quota: 'change',
  isReadOnly: false,
  audited: [
    'BypassPolicyLockoutSafetyCheck',
    'CustomKeyStoreId',
    'CustomerMasterKeySpec',
    'Description',
    'KeySpec',
    'KeyUsage',
    'MultiRegion',
    'Origin',
    'Policy',
    'Tags',
    'XksKeyId',
  ],
  targets: {},

  check(input, { region }) {
    assertSpecAndUsage(input)
    assertAvailable(input, region)
    assertOriginFits(input)
    if (input.Policy !== undefined) parsePolicy(input.Policy)
    parseTags(input.Tags ?? [])
  },

  asks: async ({ Tags: tags = [] }) => [
    { action: 'kms:CreateKey', about: 'nothing' },
    ...(tags.length === 0 ? [] : [{ action: 'kms:TagResource', about: 'nothing', isResourceNamed: false } as const]),
  ],

  async perform(_permit, input, { scope, access, now, hsm, store, ids, keysPerRegion }) {
    if (input.CustomKeyStoreId !== undefined) throw keyStoreNotFound(input.CustomKeyStoreId)
    const isMultiRegion = input.MultiRegion === true
    const kind = {
      account: scope.account,
      region: scope.region,
      keyId: isMultiRegion ? ids.newMultiRegionKeyId() : ids.newKeyId(),
      keySpec: specOf(input) as KeySpec,
      keyUsage: input.KeyUsage ?? DEFAULT_USAGE,
      origin: input.Origin === 'EXTERNAL' ? 'EXTERNAL' : 'AWS_KMS',
    } as const
    const policy = input.Policy ?? formatDefaultPolicy(scope)
    const tags = parseTags(input.Tags ?? [])
    await access.assertNotLockedOut({ ...kind, policy, tags })
    await assertRoomForKey(store, scope, keysPerRegion)
    const { life, changes } = await begin(hsm, kind)
    const key: KeyRecord = {
      ...kind,
      version: 1,
      createdAt: now,
      description: input.Description ?? '',
      life: isMultiRegion ? { ...life, multiRegion: beginSet(scope.region) } : life,
      policy,
      tags,
    }
    const limit = { type: 'LimitKeys', scope, limit: keysPerRegion } as const
    if (!(await store.commit([limit, { type: 'PutKey', key }, ...changes]))) {
      await assertRoomForKey(store, scope, keysPerRegion)
      throw new KmsError('KMSInternalException')
    }
    return { KeyMetadata: formatKeyMetadata(key) }
  },
}

/** The life of a key with its first material, or of one that waits for it. */
async function begin(
  hsm: Hsm,
  kind: Parameters<typeof generateMaterial>[1],
): Promise<{ readonly life: KeyLife; readonly changes: readonly Change[] }> {
  if (kind.origin === 'EXTERNAL') return { life: beginLifeForImport(), changes: [] }
  const material = await generateMaterial(hsm, kind)
  return { life: beginLife(material.materialId), changes: [{ type: 'AddMaterial', material }] }
}

function specOf(input: Input): AwsKeySpec {
  return input.KeySpec ?? input.CustomerMasterKeySpec ?? DEFAULT_SPEC
}

/** @spec wire §4 (ValidationException) */
function assertSpecAndUsage(input: Input): void {
  if (input.KeySpec !== undefined && input.CustomerMasterKeySpec !== undefined) {
    throw new KmsError(
      'ValidationException',
      'You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is deprecated.',
    )
  }
  const spec = specOf(input)
  if (spec !== DEFAULT_SPEC && input.KeyUsage === undefined) {
    throw new KmsError(
      'ValidationException',
      'You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.',
    )
  }
  const usage = input.KeyUsage ?? DEFAULT_USAGE
  if (isKeySpec(spec) && !KEY_SPECS[spec].usages.includes(usage)) {
    throw new KmsError('ValidationException', `KeyUsage ${usage} is not compatible with KeySpec ${spec}`)
  }
}

/** What AWS has and this version does not, or not in the Region, is refused in so many words, never half done. */
function assertAvailable(input: Input, region: string): void {
  const spec = specOf(input)
  if (!isKeySpec(spec) || !isSpecIn(region, spec)) {
    throw new KmsError('UnsupportedOperationException', `KeySpec ${spec} is not supported in this Region.`)
  }
  if (input.Origin === 'EXTERNAL') assertImportable(spec)
}

/** SM2 is the one that AWS has, in China Regions alone, and softkms has not. */
function isKeySpec(spec: AwsKeySpec): spec is KeySpec {
  return Object.hasOwn(KEY_SPECS, spec)
}
