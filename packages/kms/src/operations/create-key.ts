/** CreateKey: a new key with its first material, a policy and tags. @spec KMS operations, CreateKey */

import { KEY_SPECS, type KeySpec } from '@softkms/hsm'
import { beginLife } from '@softkms/lifecycle'
import { KmsError } from '../errors.ts'
import type { KeySpec as AwsKeySpec } from '../generated/types.ts'
import type { KeyRecord } from '../key/key.ts'
import { formatKeyMetadata } from '../key/key-metadata.ts'
import { KEY_USAGES } from '../key/key-usages.ts'
import { generateMaterial } from '../key/material.ts'
import type { NoTargets, Operation } from '../operation.ts'
import { formatDefaultPolicy, parsePolicy } from '../policy/document.ts'
import type { ValidInput } from '../shape/valid.ts'
import { parseTags } from '../tag/tags.ts'

type Input = ValidInput<'CreateKey'>

const DEFAULT_SPEC = 'SYMMETRIC_DEFAULT'

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
  ],
  targets: {},

  check(input) {
    assertSpecAndUsage(input)
    assertAvailable(input)
    if (input.Policy !== undefined) parsePolicy(input.Policy)
    parseTags(input.Tags ?? [])
  },

  async perform(_permit, input, { scope, now, hsm, store, ids }) {
    const keyId = ids.newKeyId()
    const { account, region } = scope
    const spec = { keySpec: specOf(input) as KeySpec, keyUsage: 'ENCRYPT_DECRYPT', origin: 'AWS_KMS' } as const
    const material = await generateMaterial(hsm, { account, region, keyId, ...spec })
    const key: KeyRecord = {
      account,
      region,
      keyId,
      version: 1,
      createdAt: now,
      description: input.Description ?? '',
      ...spec,
      life: beginLife(material.materialId),
      policy: input.Policy ?? formatDefaultPolicy(scope),
      tags: parseTags(input.Tags ?? []),
    }
    const isNew = await store.commit([
      { type: 'PutKey', key },
      { type: 'AddMaterial', material },
    ])
    if (!isNew) throw new KmsError('KMSInternalException')
    return { KeyMetadata: formatKeyMetadata(key) }
  },
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
  if (input.KeyUsage !== undefined && !KEY_USAGES[spec].includes(input.KeyUsage)) {
    throw new KmsError('ValidationException', `KeyUsage ${input.KeyUsage} is not compatible with KeySpec ${spec}`)
  }
}

/** What AWS has and this version does not is refused in so many words, never half done. */
function assertAvailable(input: Input): void {
  const spec = specOf(input)
  if (!Object.hasOwn(KEY_SPECS, spec)) {
    throw new KmsError('UnsupportedOperationException', `KeySpec ${spec} is not supported.`)
  }
  if (input.CustomKeyStoreId !== undefined) {
    throw new KmsError('CustomKeyStoreNotFoundException', `Custom key store ${input.CustomKeyStoreId} is not found.`)
  }
  if (input.Origin !== undefined && input.Origin !== 'AWS_KMS') {
    throw new KmsError('UnsupportedOperationException', `Origin ${input.Origin} is not supported.`)
  }
  if (input.XksKeyId !== undefined) {
    throw new KmsError('ValidationException', 'XksKeyId is valid only with Origin EXTERNAL_KEY_STORE.')
  }
  if (input.MultiRegion === true) {
    throw new KmsError('UnsupportedOperationException', 'Multi-Region keys are not supported.')
  }
}
