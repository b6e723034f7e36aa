/** What is said of requests that do not keep the model's constraints. @spec wire §3 */
import type { Recorded } from './row.ts'

function fault(path: string, rule: string, value?: string): string {
  const named = value === undefined ? 'Value' : `Value '${value}'`
  return `${named} at '${path}' failed to satisfy constraint: Member must ${rule}`
}

function one(path: string, rule: string, value?: string): string {
  return `1 validation error detected: ${fault(path, rule, value)}`
}

const LONG = 'a'.repeat(129)

const FAULTS: readonly Omit<Recorded, 'name'>[] = [
  {
    when: 'a text that is too short',
    text: one('keyId', 'have length greater than or equal to 1', ''),
    attempt: ({ kms }) => kms.describeKey({ KeyId: '' }),
  },
  {
    when: 'a text that is too long',
    text: one('tags.1.member.tagKey', 'have length less than or equal to 128', LONG),
    attempt: ({ kms }) => kms.createKey({ Tags: [{ TagKey: LONG, TagValue: '' }] }),
  },
  {
    when: 'the second element of a list, which counts from 1',
    text: one('tags.2.member.tagKey', 'have length less than or equal to 128', LONG),
    attempt: ({ kms }) =>
      kms.createKey({
        Tags: [
          { TagKey: 'a', TagValue: '' },
          { TagKey: LONG, TagValue: '' },
        ],
      }),
  },
  {
    when: 'a number that is too great',
    text: one('numberOfBytes', 'have value less than or equal to 1024', '1025'),
    attempt: ({ kms, key }) => kms.generateDataKey({ KeyId: key.KeyId, NumberOfBytes: 1025 }),
  },
  {
    when: 'a number that is too small',
    text: one('numberOfBytes', 'have value greater than or equal to 1', '0'),
    attempt: ({ kms, key }) => kms.generateDataKey({ KeyId: key.KeyId, NumberOfBytes: 0 }),
  },
  {
    when: 'a text that no enumeration has, whatever the order of those that it has',
    text: () =>
      /^1 validation error detected: Value 'AES_512' at 'keySpec' failed to satisfy constraint: Member must satisfy enum value set: \[(?:AES_128, AES_256|AES_256, AES_128)\]$/,
    attempt: ({ kms, key }) => kms.generateDataKey({ KeyId: key.KeyId, KeySpec: 'AES_512' as never }),
  },
  {
    when: 'a text that is not in its pattern',
    text: one('policyName', 'satisfy regular expression pattern: ^[\\w]+$', 'a b'),
    attempt: ({ kms, key }) => kms.getKeyPolicy({ KeyId: key.KeyId, PolicyName: 'a b' }),
  },
  {
    when: 'a member that is missing',
    text: "1 validation error detected: Value null at 'keyId' failed to satisfy constraint: Member must not be null",
    attempt: ({ kms }) => kms.describeKey({ KeyId: undefined }),
  },
  {
    when: 'bytes that are too many, which are left out',
    text: one('plaintext', 'have length less than or equal to 4096'),
    attempt: ({ kms, key }) => kms.encrypt({ KeyId: key.KeyId, Plaintext: new Uint8Array(4097) }),
  },
  {
    when: 'bytes that are too few, though they are no secret',
    text: one('ciphertextBlob', 'have length greater than or equal to 1'),
    attempt: ({ kms }) => kms.decrypt({ CiphertextBlob: new Uint8Array(0) }),
  },
  {
    when: 'two faults, in the plural',
    text: `2 validation errors detected: ${fault('keyId', 'have length greater than or equal to 1', '')}; ${fault('pendingWindowInDays', 'have value greater than or equal to 1', '0')}`,
    attempt: ({ kms }) => kms.scheduleKeyDeletion({ KeyId: '', PendingWindowInDays: 0 }),
  },
]

export const GRAMMAR: readonly Recorded[] = FAULTS.map((row) => ({ name: 'ValidationException', ...row }))
