/** Recorded messages about which key a request means, and what may be done to it in its state. @spec wire §4 */
import { OTHER_REGION, REGION } from '../../support/kms-fixture.ts'
import type { Recorded } from './row.ts'
import { Plaintext, UNKNOWN_ID, UNKNOWN_MRK, arnOf } from './scene.ts'

const ABSENT = `Key '${arnOf(`key/${UNKNOWN_ID}`)}' does not exist`
const ALIASES_REFUSED = 'Key Aliases are not supported for this operation.'

export const KEY_MESSAGES: readonly Recorded[] = [
  {
    name: 'NotFoundException',
    when: 'a key id that nothing has',
    text: ABSENT,
    attempt: ({ kms }) => kms.describeKey({ KeyId: UNKNOWN_ID }),
  },
  {
    name: 'NotFoundException',
    when: 'a multi-Region key id that nothing has',
    text: `Key '${arnOf(`key/${UNKNOWN_MRK}`)}' does not exist`,
    attempt: ({ kms }) => kms.encrypt({ KeyId: UNKNOWN_MRK, Plaintext }),
  },
  {
    name: 'NotFoundException',
    when: 'a key ARN that nothing has',
    text: ABSENT,
    attempt: ({ kms }) => kms.encrypt({ KeyId: arnOf(`key/${UNKNOWN_ID}`), Plaintext }),
  },
  ...['my-key', UNKNOWN_ID.replaceAll('-', ''), 'mrk-junk'].map((text) => ({
    name: 'NotFoundException',
    when: `a malformed key id: ${text}`,
    text: `Invalid keyId '${text}'`,
    attempt: ({ kms }: Parameters<Recorded['attempt']>[0]) => kms.describeKey({ KeyId: text }),
  })),
  {
    name: 'NotFoundException',
    when: 'the key ARN of another Region',
    text: `Invalid arn ${OTHER_REGION}`,
    attempt: ({ kms }) => kms.describeKey({ KeyId: arnOf(`key/${UNKNOWN_ID}`, OTHER_REGION) }),
  },
  {
    name: 'NotFoundException',
    when: 'an alias that nothing has',
    text: `Alias ${arnOf('alias/nobody')} is not found.`,
    attempt: ({ kms }) => kms.describeKey({ KeyId: 'alias/nobody' }),
  },
  {
    name: 'InvalidArnException',
    when: 'an alias where only a key is taken',
    text: ALIASES_REFUSED,
    attempt: ({ kms }) => kms.disableKey({ KeyId: 'alias/nobody' }),
  },
  {
    name: 'InvalidArnException',
    when: 'an alias ARN where only a key is taken',
    text: ALIASES_REFUSED,
    attempt: ({ kms }) => kms.scheduleKeyDeletion({ KeyId: arnOf('alias/taken') }),
  },
  {
    name: 'DisabledException',
    when: 'Encrypt under a disabled key',
    text: ({ disabled }) => `${disabled.arn} is disabled.`,
    attempt: ({ kms, disabled }) => kms.encrypt({ KeyId: disabled.KeyId, Plaintext }),
  },
  {
    name: 'KMSInvalidStateException',
    when: 'GenerateDataKey under a key that is pending deletion',
    text: ({ dying }) => `${dying.arn} is pending deletion.`,
    attempt: ({ kms, dying }) => kms.generateDataKey({ KeyId: dying.KeyId, KeySpec: 'AES_256' }),
  },
  {
    name: 'KMSInvalidStateException',
    when: 'a second ScheduleKeyDeletion',
    text: ({ dying }) => `${dying.arn} is pending deletion.`,
    attempt: ({ kms, dying }) => kms.scheduleKeyDeletion({ KeyId: dying.KeyId }),
  },
  {
    name: 'KMSInvalidStateException',
    when: 'CancelKeyDeletion of a key that lives',
    text: ({ key }) => `${key.arn} is not pending deletion.`,
    attempt: ({ kms, key }) => kms.cancelKeyDeletion({ KeyId: key.KeyId }),
  },
  {
    name: 'KMSInvalidStateException',
    when: 'Encrypt before material was imported',
    text: ({ empty }) => `${empty.symmetric.arn} is pending import.`,
    attempt: ({ kms, empty }) => kms.encrypt({ KeyId: empty.symmetric.KeyId, Plaintext }),
  },
  {
    name: 'KMSInvalidStateException',
    when: 'Encrypt after the imported material was deleted',
    text: ({ emptied }) => `${emptied.arn} is pending import.`,
    attempt: ({ kms, emptied }) => kms.encrypt({ KeyId: emptied.KeyId, Plaintext }),
  },
  ...(['symmetric', 'mac', 'signing'] as const).map((kind): Recorded => ({
    name: 'KMSInvalidStateException',
    when: `RotateKeyOnDemand without imported material (${kind})`,
    text: ({ empty }) => `${empty[kind].arn} is pending import.`,
    attempt: ({ kms, empty }) => kms.rotateKeyOnDemand({ KeyId: empty[kind].KeyId }),
  })),
  {
    name: 'KMSInvalidStateException',
    when: 'RotateKeyOnDemand of imported material with nothing pending',
    text: ({ imported }) => `No available key material pending rotation for the key: ${imported.arn}.`,
    attempt: ({ kms, imported }) => kms.rotateKeyOnDemand({ KeyId: imported.KeyId }),
  },
  {
    name: 'LimitExceededException',
    when: 'a 26th rotation on demand',
    text: ({ worn }) =>
      'The on-demand rotations limit has been reached for the given keyId. ' +
      `No more on-demand rotations can be performed for this key: ${worn.arn}`,
    attempt: ({ kms, worn }) => kms.rotateKeyOnDemand({ KeyId: worn.KeyId }),
  },
  ...(['signing', 'mac'] as const).map((kind): Recorded => ({
    name: 'UnsupportedOperationException',
    when: `RotateKeyOnDemand of a key that is not symmetric (${kind})`,
    attempt: (scene) => scene.kms.rotateKeyOnDemand({ KeyId: scene[kind].KeyId }),
  })),
  {
    name: 'UnsupportedOperationException',
    when: 'GetParametersForImport of a key with material of AWS',
    text: ({ key }) => `${key.arn} origin is AWS_KMS which is not valid for this operation.`,
    attempt: ({ kms, key }) =>
      kms.getParametersForImport({
        KeyId: key.KeyId,
        WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
        WrappingKeySpec: 'RSA_2048',
      }),
  },
  ...(['enableKeyRotation', 'disableKeyRotation'] as const).map((method): Recorded => ({
    name: 'UnsupportedOperationException',
    when: `a rotation toggle on an imported key (${method})`,
    text: ({ imported }) => `${imported.arn} origin is EXTERNAL which is not valid for this operation.`,
    attempt: ({ kms, imported }) => kms[method]({ KeyId: imported.KeyId }),
  })),
  {
    name: 'UnsupportedOperationException',
    when: 'ReplicateKey of a replica',
    text: ({ replica }) => `${replica.arn} is not a multi-region primary key.`,
    attempt: ({ abroad, replica }) => abroad.replicateKey({ KeyId: replica.KeyId, ReplicaRegion: REGION }),
  },
]
