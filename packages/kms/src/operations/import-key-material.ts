/**
 * ImportKeyMaterial: brings wrapped material in, new or as it was before.
 *
 * @spec KMS operations, ImportKeyMaterial; crypto-details §8
 */

import { type GeneratedKey, type Hsm, HsmError, type KeyToken } from '@softkms/hsm'
import { DAY_MS, type Instant } from '@softkms/lifecycle'
import { KmsError } from '../errors.ts'
import { openImportToken } from '../import/import-token.ts'
import { type MaterialOffer, decideImport } from '../import/decide-import.ts'
import { changeLife } from '../key/change-life.ts'
import { assertImports, assertSymmetricFor, isSymmetric } from '../key/capability.ts'
import { type KeyRecord, arnOf } from '../key/key.ts'
import { importedMaterial } from '../key/material.ts'
import { keyNamedBy } from '../key/resolve.ts'
import type { Operation, Target } from '../operation.ts'
import type { ValidInput } from '../shape/valid.ts'
import { withOneCiphertextError } from './cryptographic-checks.ts'

type Input = ValidInput<'ImportKeyMaterial'>

const MAX_VALIDITY_MS = 365 * DAY_MS
/** What tells materials apart is for keys that can have more than one. */
const MEMBERS_OF_SEVERAL_MATERIALS = ['ImportType', 'KeyMaterialDescription', 'KeyMaterialId'] as const

export const importKeyMaterial: Operation<'ImportKeyMaterial', { key: Target }> = {
  name: 'ImportKeyMaterial',
  quota: 'manage',
  isReadOnly: false,
  audited: ['ExpirationModel', 'ImportType', 'KeyId', 'KeyMaterialDescription', 'KeyMaterialId', 'ValidTo'],
  targets: { key: keyNamedBy('KeyId', 'key-only') },

  check(input) {
    assertExpiration(input)
    if (input.ImportType === 'NEW_KEY_MATERIAL' && input.KeyMaterialId !== undefined) {
      throw new KmsError('ValidationException', 'KeyMaterialId cannot be specified for ImportType NEW_KEY_MATERIAL.')
    }
  },

  async perform({ targets }, input, context) {
    const { key } = targets.key
    const { hsm, now } = context
    assertImports(key)
    for (const member of MEMBERS_OF_SEVERAL_MATERIALS) {
      if (input[member] !== undefined) assertSymmetricFor(key, member)
    }
    assertValidTo(input.ValidTo, now)
    const material = await importedMaterial(hsm, key, await unwrap(hsm, key, input, now))
    const offer: MaterialOffer = {
      materialId: material.materialId,
      expectedId: input.KeyMaterialId,
      type: input.ImportType,
      validTo: input.ValidTo?.getTime(),
      description: input.KeyMaterialDescription,
    }
    await changeLife(context, key, (newest) => ({ command: decideImport(newest, offer), now, material }))
    return { KeyId: arnOf(key), ...(isSymmetric(key) ? { KeyMaterialId: material.materialId } : {}) }
  },
}

/** @spec wire §4 */
function assertExpiration({ ExpirationModel = 'KEY_MATERIAL_EXPIRES', ValidTo }: Input): void {
  if (ExpirationModel === 'KEY_MATERIAL_EXPIRES' && ValidTo === undefined) {
    throw new KmsError(
      'ValidationException',
      'A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES',
    )
  }
  if (ExpirationModel === 'KEY_MATERIAL_DOES_NOT_EXPIRE' && ValidTo !== undefined) {
    throw new KmsError(
      'ValidationException',
      'A validTo date must not be set if the ExpirationModel is KEY_MATERIAL_DOES_NOT_EXPIRE',
    )
  }
}

function assertValidTo(validTo: Date | undefined, now: Instant): void {
  if (validTo === undefined) return
  const at = validTo.getTime()
  if (at <= now) throw new KmsError('ValidationException', 'The validTo date must be in the future')
  if (at > now + MAX_VALIDITY_MS) {
    throw new KmsError('ValidationException', 'The validTo date must be at most 365 days in the future')
  }
}

/** @throws KmsError one for each thing that can be wrong: the token, its age, the ciphertext, the material */
async function unwrap(hsm: Hsm, key: KeyRecord, input: Input, now: Instant): Promise<GeneratedKey> {
  const { keyId, keySpec, keyUsage, origin } = key
  const wrappingToken = input.ImportToken as KeyToken
  try {
    const wrappingAlgorithm = await openImportToken(hsm, key, wrappingToken, now)
    return await withOneCiphertextError(() =>
      hsm.importKey({
        keyId,
        keySpec,
        keyUsage,
        origin,
        wrappingToken,
        wrappingAlgorithm,
        wrappedMaterial: input.EncryptedKeyMaterial,
      }),
    )
  } catch (error) {
    if (error instanceof HsmError && error.code === 'INVALID_MATERIAL') {
      throw new KmsError('IncorrectKeyMaterialException', `The key material is not valid for KeySpec ${keySpec}.`)
    }
    throw error
  } finally {
    await hsm.unload(wrappingToken)
  }
}
