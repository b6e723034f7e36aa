/**
 * Every cell of the documented table of operations and states, asked through the typed methods, and that a refusal
 * leaves every record as it was.
 *
 * @covers KMS key-states, table and notes
 */
import { OPERATIONS } from '@softkms/kms'
import type { KeyStateName, StatefulOperation } from '@softkms/lifecycle'
import { expect, test } from 'vitest'
import { DOCUMENTED_CELLS } from '../../support/documented-states.ts'
import { type KeyBeforeState, type KeyInState, type KeyKind, prepareKey } from '../../support/keys-in-states.ts'
import { ACCOUNT, OTHER_REGION, REGION, bytesOf, call, expectRefusal } from '../../support/kms-fixture.ts'
import { openPolicy } from '../../support/policies.ts'
import { wrapMaterial } from '../../support/wrap-material.ts'

const SYMMETRIC: KeyKind = { spec: 'SYMMETRIC_DEFAULT', usage: 'ENCRYPT_DECRYPT' }
const IMPORTED: KeyKind = { ...SYMMETRIC, isImported: true }
const MULTI_REGION: KeyKind = { ...SYMMETRIC, isMultiRegion: true }
const SIGNING: KeyKind = { spec: 'ECC_NIST_P256', usage: 'SIGN_VERIFY' }
const AGREEING: KeyKind = { spec: 'ECC_NIST_P256', usage: 'KEY_AGREEMENT' }
const AUTHENTICATING: KeyKind = { spec: 'HMAC_256', usage: 'GENERATE_VERIFY_MAC' }
const ENCAPSULATING: KeyKind = { spec: 'ML_KEM_512', usage: 'ENCAPSULATE_DECAPSULATE' }

const POLICY = openPolicy(ACCOUNT)
const Plaintext = bytesOf('kept')
const Message = bytesOf('signed')
const ecdsa = { SigningAlgorithm: 'ECDSA_SHA_256' } as const
const hmac = { MacAlgorithm: 'HMAC_SHA_256' } as const
const GRANT = { GranteePrincipal: `arn:aws:iam::${ACCOUNT}:role/app`, Operations: ['Decrypt'] } as const
const mlKem = { EncapsulationAlgorithm: 'ML_KEM' } as const

interface Question {
  readonly kind: KeyKind
  /** Members of the request beside `KeyId`, made ready while the key is enabled. */
  readonly members?: (key: KeyBeforeState) => Promise<object>
}

const plain = (kind: KeyKind, members: object = {}): Question => ({ kind, members: async () => members })

async function seal({ kms, keyId }: KeyBeforeState): Promise<Uint8Array> {
  const { CiphertextBlob = new Uint8Array(0) } = await kms.encrypt({ KeyId: keyId, Plaintext })
  return CiphertextBlob
}

/** Another key, enabled, in the Region where the key will be asked. */
async function otherKey({ there }: KeyBeforeState): Promise<string> {
  return (await there.createKey()).KeyMetadata?.KeyId ?? ''
}

async function grantOn({ there, keyId }: KeyBeforeState): Promise<object> {
  // A replica that is yet to be made can have none.
  const isThere = ((await there.listKeys()).Keys ?? []).some(({ KeyId }) => KeyId === keyId)
  return { GrantId: isThere ? (await there.createGrant({ KeyId: keyId, ...GRANT })).GrantId : '0'.repeat(64) }
}

/** A symmetric key that can also be asked what only imported keys and multi-Region keys can. */
const QUESTIONS: Readonly<Partial<Record<StatefulOperation, Question>>> = {
  CancelKeyDeletion: plain(SYMMETRIC),
  CreateAlias: {
    kind: SYMMETRIC,
    members: async ({ keyId }) => ({ AliasName: 'alias/new', TargetKeyId: keyId }),
  },
  CreateGrant: plain(SYMMETRIC, GRANT),
  Decapsulate: {
    kind: ENCAPSULATING,
    members: async ({ kms, keyId }) => {
      const { SharedSecretCiphertextBlob } = await kms.encapsulate({ KeyId: keyId, ...mlKem })
      return { ...mlKem, SharedSecretCiphertextBlob }
    },
  },
  Decrypt: { kind: SYMMETRIC, members: async (key) => ({ CiphertextBlob: await seal(key) }) },
  DeleteImportedKeyMaterial: plain(IMPORTED),
  DeriveSharedSecret: {
    kind: AGREEING,
    members: async ({ kms, keyId }) => {
      const { PublicKey } = await kms.getPublicKey({ KeyId: keyId })
      return { PublicKey, KeyAgreementAlgorithm: 'ECDH' }
    },
  },
  DescribeKey: plain(SYMMETRIC),
  DisableKey: plain(SYMMETRIC),
  DisableKeyRotation: plain(SYMMETRIC),
  EnableKey: plain(SYMMETRIC),
  EnableKeyRotation: plain(SYMMETRIC),
  Encapsulate: plain(ENCAPSULATING, mlKem),
  Encrypt: plain(SYMMETRIC, { Plaintext }),
  GenerateDataKey: plain(SYMMETRIC, { KeySpec: 'AES_256' }),
  GenerateDataKeyPair: plain(SYMMETRIC, { KeyPairSpec: 'ECC_NIST_EDWARDS25519' }),
  GenerateDataKeyPairWithoutPlaintext: plain(SYMMETRIC, { KeyPairSpec: 'ECC_NIST_EDWARDS25519' }),
  GenerateDataKeyWithoutPlaintext: plain(SYMMETRIC, { NumberOfBytes: 7 }),
  GenerateMac: plain(AUTHENTICATING, { ...hmac, Message }),
  GetKeyLastUsage: plain(SYMMETRIC),
  GetKeyPolicy: plain(SYMMETRIC),
  GetKeyRotationStatus: plain(SYMMETRIC),
  GetParametersForImport: plain(IMPORTED, { WrappingAlgorithm: 'RSAES_OAEP_SHA_1', WrappingKeySpec: 'RSA_2048' }),
  GetPublicKey: plain(SIGNING),
  ImportKeyMaterial: {
    kind: IMPORTED,
    // Asked where the key is no replica: there the token is for.
    members: ({ there, kms, keyId }) => wrapMaterial(there === kms ? kms : there, keyId, new Uint8Array(32).fill(7)),
  },
  ListAliases: plain(SYMMETRIC),
  ListGrants: plain(SYMMETRIC),
  ListKeyPolicies: plain(SYMMETRIC),
  ListKeyRotations: plain(SYMMETRIC),
  ListResourceTags: plain(SYMMETRIC),
  PutKeyPolicy: plain(SYMMETRIC, { Policy: POLICY }),
  ReEncrypt: {
    kind: SYMMETRIC,
    members: async (key) => ({ CiphertextBlob: await seal(key), DestinationKeyId: await otherKey(key) }),
  },
  ReplicateKey: plain(MULTI_REGION, { ReplicaRegion: 'ap-south-1' }),
  RetireGrant: { kind: SYMMETRIC, members: grantOn },
  RevokeGrant: { kind: SYMMETRIC, members: grantOn },
  RotateKeyOnDemand: plain(SYMMETRIC),
  ScheduleKeyDeletion: plain(SYMMETRIC),
  Sign: plain(SIGNING, { ...ecdsa, Message }),
  TagResource: plain(SYMMETRIC, { Tags: [{ TagKey: 'a', TagValue: 'b' }] }),
  UntagResource: plain(SYMMETRIC, { TagKeys: ['a'] }),
  UpdateAlias: {
    kind: SYMMETRIC,
    members: async (key) => {
      await key.there.createAlias({ AliasName: 'alias/other', TargetKeyId: await otherKey(key) })
      return { AliasName: 'alias/other', TargetKeyId: key.keyId }
    },
  },
  UpdateKeyDescription: plain(SYMMETRIC, { Description: 'described' }),
  UpdatePrimaryRegion: {
    kind: MULTI_REGION,
    members: async ({ kms, there }) => ({ PrimaryRegion: there === kms ? OTHER_REGION : REGION }),
  },
  Verify: {
    kind: SIGNING,
    members: async ({ kms, keyId }) => {
      const { Signature } = await kms.sign({ KeyId: keyId, ...ecdsa, Message })
      return { ...ecdsa, Message, Signature }
    },
  },
  VerifyMac: {
    kind: AUTHENTICATING,
    members: async ({ kms, keyId }) => {
      const { Mac } = await kms.generateMac({ KeyId: keyId, ...hmac, Message })
      return { ...hmac, Message, Mac }
    },
  },
}

/** For a ciphertext of another key, to this one. */
const DESTINATION: Question = {
  kind: SYMMETRIC,
  members: async (key) => {
    const source = await otherKey(key)
    const { CiphertextBlob } = await key.there.encrypt({ KeyId: source, Plaintext })
    return { SourceKeyId: source, CiphertextBlob, DestinationKeyId: key.keyId }
  },
}

/** Asked of an alias, whatever the state of its key: another test has it. */
const ASKED_ELSEWHERE: readonly StatefulOperation[] = ['DeleteAlias']

/** A refusal by its name and the end of its message. */
type Answer = 'ok' | readonly [code: Parameters<typeof expectRefusal>[3], words: string]

const IN_WORDS: Readonly<Record<KeyStateName, string>> = {
  Creating: 'is creating.',
  Enabled: '',
  Disabled: 'is disabled.',
  PendingDeletion: 'is pending deletion.',
  PendingImport: 'is pending import.',
  PendingReplicaDeletion: 'is pending replica deletion.',
  Unavailable: 'is unavailable.',
  Updating: 'is updating.',
}

function answerTo(cell: string, state: KeyStateName): Answer {
  switch (cell) {
    case 'ok':
    case 'c7':
    case 'c9':
    case 'c12':
      return 'ok'
    case 'x1':
    case 'x1 or 7':
      return ['DisabledException', IN_WORDS.Disabled]
    case 'x4':
    case 'x4, 13':
      return ['KMSInvalidStateException', 'is not pending deletion.']
    case 'x6':
      return ['UnsupportedOperationException', 'origin is EXTERNAL which is not valid for this operation.']
    case 'x7':
      return ['UnsupportedOperationException', 'origin is AWS_KMS which is not valid for this operation.']
    // Asked of a key that does import its material, note 8 applies.
    default:
      return ['KMSInvalidStateException', IN_WORDS[state]]
  }
}

const cells = DOCUMENTED_CELLS.filter(
  ({ operation }) => Object.hasOwn(OPERATIONS, operation) && !ASKED_ELSEWHERE.includes(operation),
)

test('there is a question for every operation of the table that is there', () => {
  expect([...new Set(cells.map(({ operation }) => operation))].toSorted()).toEqual(Object.keys(QUESTIONS).toSorted())
})

/** Cells of states that no key of the kind can be in: lattices and key stores know no import, nor key stores Regions. */
const UNREACHABLE = 7

test('few states cannot be reached by keys that an operation is for', async () => {
  const prepared = await Promise.all(
    cells
      .filter(({ state }) => state === 'PendingImport' || state === 'Unavailable')
      .map(({ operation, state }) => prepareKey(QUESTIONS[operation]?.kind ?? SYMMETRIC, state)),
  )
  expect(prepared.filter((key) => key === undefined)).toHaveLength(UNREACHABLE)
})

/** ReEncrypt asks two keys. */
const trials = cells.flatMap(({ operation, ...rest }) => {
  const question = QUESTIONS[operation]
  const one = { title: operation as string, operation, question, ...rest }
  return operation === 'ReEncrypt' ? [one, { ...one, title: 'ReEncrypt (destination)', question: DESTINATION }] : [one]
})

test.each(trials)('$title of a key that is $state: $cell', async ({ operation, question, state, cell }) => {
  const before = question && (await prepareKey(question.kind, state))
  if (question === undefined || before === undefined) {
    expect(['PendingImport', 'Unavailable']).toContain(state)
    return
  }
  // In the Region of a replica nothing can be made ready before the replica is there.
  const isLate = state === 'Creating' && operation === 'ImportKeyMaterial'
  const members = isLate
    ? { ImportToken: Uint8Array.of(1), EncryptedKeyMaterial: Uint8Array.of(1), ...NEVER }
    : await question.members?.(before)
  const key = await before.enter()
  if (state === 'Creating' && (operation === 'RetireGrant' || operation === 'RevokeGrant')) {
    // No grant can be on it yet, and that, not the state, is what is said.
    const attempt = call(key.kms, operation, { ...inputFor(operation, key), ...members })
    await expect(attempt).rejects.toMatchObject({ code: 'NotFoundException' })
    return
  }
  await expectAnswer(
    key,
    operation,
    { ...inputFor(operation, key), ...members },
    cell === '–' ? 'refused' : answerTo(cell, state),
  )
})

const NEVER = { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' } as const

function inputFor(operation: StatefulOperation, { keyId }: KeyInState): object {
  if (operation === 'CreateAlias' || operation === 'UpdateAlias') return {}
  return operation === 'ReEncrypt' ? { SourceKeyId: keyId } : { KeyId: keyId }
}

async function expectAnswer(
  { fixture, kms, arn }: KeyInState,
  operation: StatefulOperation,
  input: object,
  answer: Answer | 'refused',
): Promise<void> {
  const name = operation as Parameters<typeof call>[1]
  if (answer === 'ok') await expect(call(kms, name, input)).resolves.toBeDefined()
  else if (answer === 'refused') await expect(call(kms, name, input)).rejects.toMatchObject({ statusCode: 400 })
  else await expectRefusal({ kms, store: fixture.store }, name, input, answer[0], `${arn} ${answer[1]}`)
}
