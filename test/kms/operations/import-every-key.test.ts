/**
 * Material of every kind, wrapped in every way, by node:crypto; and that the key is the material.
 *
 * @covers KMS crypto-details §8; operations, GetParametersForImport and ImportKeyMaterial
 */
import { KEY_SPECS, type KeySpec, type KmsKeyUsage, type WrappingAlgorithm } from '@softkms/hsm'
import { beforeAll, expect, test } from 'vitest'
import { type Kind, KINDS, readSpki, titleOf } from '../../support/hsm-keys.ts'
import {
  NEVER,
  WRAPPING_ALGORITHMS,
  WRAPPING_SPECS,
  type WrappingSpec,
  createExternalKey,
  makeMaterial,
  requestWrapping,
} from '../../support/import-material.ts'
import { type KmsFixture, days, expectRefusal } from '../../support/kms-fixture.ts'
import { startNativeKms } from '../../support/kms-keys.ts'
import { expectMaterial } from '../../support/prove-material.ts'
import { isSlow } from '../../support/runs.ts'

interface Way {
  readonly algorithm: WrappingAlgorithm
  readonly wrapping: WrappingSpec
}

type ImportedKind = Kind & { readonly keyUsage: KmsKeyUsage }

const WAYS: readonly Way[] = WRAPPING_ALGORITHMS.flatMap((algorithm) =>
  WRAPPING_SPECS.map((wrapping) => ({ algorithm, wrapping })),
)
const isImported = (kind: Kind): kind is ImportedKind =>
  kind.keyUsage !== 'UNWRAP' && !['ml-dsa', 'ml-kem'].includes(KEY_SPECS[kind.keySpec].family)
const IMPORTED = KINDS.filter(isImported)

/** Written down once more, as AWS documents it. */
function isDocumented(spec: KeySpec, { algorithm, wrapping }: Way): boolean {
  if (spec.startsWith('RSA')) return algorithm.startsWith('RSA_AES')
  if (!spec.startsWith('ECC')) return algorithm.startsWith('RSAES')
  return !(spec === 'ECC_NIST_P521' && wrapping === 'RSA_2048' && algorithm.startsWith('RSAES'))
}

/** Each spec in each algorithm, and each wrapping key for two specs; with all counts, everything. */
function isTried({ keySpec, keyUsage }: ImportedKind, { algorithm, wrapping }: Way): boolean {
  if (isSlow || ((keySpec === 'SYMMETRIC_DEFAULT' || keySpec === 'ECC_NIST_P256') && keyUsage !== 'KEY_AGREEMENT')) {
    return true
  }
  // Whether long primes are primes takes seconds.
  if (keySpec === 'RSA_4096') return false
  if (keySpec === 'RSA_3072') return keyUsage === 'SIGN_VERIFY' && algorithm.endsWith('256') && wrapping === 'RSA_2048'
  return wrapping === (keySpec === 'ECC_NIST_P521' && algorithm.startsWith('RSAES') ? 'RSA_3072' : 'RSA_2048')
}

let fixture: KmsFixture

beforeAll(async () => {
  fixture = await startNativeKms()
})

const CASES = IMPORTED.flatMap((kind) =>
  WAYS.filter((way) => isDocumented(kind.keySpec, way) && isTried(kind, way)).map(
    (way) => [titleOf(kind), way.algorithm, way.wrapping, kind] as const,
  ),
)

test('the fast run leaves out no algorithm, no wrapping key and no short spec', () => {
  expect(IMPORTED).toHaveLength(1 + 4 + 2 * 3 + 2 * 3 + 1 + 1)
  expect(new Set(CASES.map(([, algorithm, wrapping]) => `${algorithm} ${wrapping}`)).size).toBe(WAYS.length)
  expect(new Set(CASES.map(([title]) => title)).size).toBe(IMPORTED.length - (isSlow ? 0 : 3))
})

test.each(CASES)('%s by %s under %s', async (_, algorithm, wrapping, kind) => {
  const { kms, clock } = fixture
  const { keySpec: spec, keyUsage: usage } = kind
  const { KeyId, arn } = await createExternalKey(kms, spec, usage)
  const asked = { KeyId, WrappingAlgorithm: algorithm, WrappingKeySpec: wrapping }
  const { PublicKey, ImportToken, ...rest } = await kms.getParametersForImport(asked)
  expect(rest).toStrictEqual({ KeyId: arn, ParametersValidTo: new Date(clock.now() + days(1)) })
  expect(ImportToken?.length).toBeLessThanOrEqual(6144)
  expect(readSpki(PublicKey ?? expect.fail()).asymmetricKeyDetails).toMatchObject({
    modulusLength: Number(wrapping.slice(4)),
    publicExponent: 65_537n,
  })

  const material = makeMaterial(spec)
  const { wrap } = await requestWrapping(kms, KeyId, algorithm, wrapping)
  const answer = await kms.importKeyMaterial({ ...wrap(material.bytes), ...NEVER })
  const { KeyMetadata } = await kms.describeKey({ KeyId })
  expect(KeyMetadata).toMatchObject({ KeyState: 'Enabled', Enabled: true, Origin: 'EXTERNAL', ...NEVER })
  if (spec === 'SYMMETRIC_DEFAULT') {
    expect(answer).toStrictEqual({ KeyId: arn, KeyMaterialId: KeyMetadata?.CurrentKeyMaterialId })
  } else {
    expect(answer).toStrictEqual({ KeyId: arn })
    expect(KeyMetadata).not.toHaveProperty('CurrentKeyMaterialId')
  }
  await expectMaterial(kms, { KeyId, spec, usage }, material)
})

test.each(IMPORTED.map((kind) => [titleOf(kind), kind] as const))(
  '%s is wrapped in no way that AWS does not have',
  async (_, { keySpec, keyUsage }) => {
    const { KeyId } = await createExternalKey(fixture.kms, keySpec, keyUsage)
    const ask = async (WrappingAlgorithm: string, WrappingKeySpec: string, message: string) => {
      const input = { KeyId, WrappingAlgorithm, WrappingKeySpec }
      await expectRefusal(fixture, 'GetParametersForImport', input, 'UnsupportedOperationException', message)
    }
    const undocumented = WAYS.filter((way) => !isDocumented(keySpec, way))
    const others = ['RSAES_PKCS1_V1_5', 'SM2PKE'].map((algorithm) => ({ algorithm, wrapping: 'RSA_4096' }))
    for (const { algorithm, wrapping } of [...undocumented, ...others]) {
      const pair = `WrappingAlgorithm ${algorithm} with WrappingKeySpec ${wrapping}`
      await ask(algorithm, wrapping, `${pair} is not valid for KeySpec ${keySpec}.`)
    }
    await ask('RSAES_OAEP_SHA_256', 'SM2', 'WrappingKeySpec SM2 is not supported in this Region.')
  },
)

test.each(['ML_DSA_44', 'ML_DSA_87', 'ML_KEM_512', 'ML_KEM_1024'] as const)('%s is not imported', async (KeySpec) => {
  const KeyUsage = KeySpec.startsWith('ML_DSA') ? 'SIGN_VERIFY' : 'ENCAPSULATE_DECAPSULATE'
  const input = { KeySpec, KeyUsage, Origin: 'EXTERNAL' }
  const message = `KeySpec ${KeySpec} is not supported for Origin EXTERNAL`
  await expectRefusal(fixture, 'CreateKey', input, 'ValidationException', message)
})
