/** The grammar of refusals, one fault a case. @covers wire §3 */
import { isOperationName, type OperationName } from '@softkms/kms'
import { describe, expect, test } from 'vitest'
import { faultOf, refusalOf } from './refusal.ts'

const KeyId = '1234abcd-12ab-34cd-56ef-1234567890ab'
const Plaintext = new Uint8Array(1)

interface Case {
  readonly name: string
  readonly operation: OperationName
  readonly input: object
  readonly fault: string
}

const at = (place: string, rule: string): string => `Value ${place} failed to satisfy constraint: Member must ${rule}`

const ONE_FAULT: readonly Case[] = [
  {
    name: 'a required member that is missing',
    operation: 'DescribeKey',
    input: {},
    fault: at("null at 'keyId'", 'not be null'),
  },
  {
    name: 'a required member that is undefined',
    operation: 'DescribeKey',
    input: { KeyId: undefined },
    fault: at("null at 'keyId'", 'not be null'),
  },
  {
    name: 'a required member that is null',
    operation: 'DescribeKey',
    input: { KeyId: null },
    fault: at("null at 'keyId'", 'not be null'),
  },
  {
    name: 'a required blob, of which not even null is repeated',
    operation: 'Encrypt',
    input: { KeyId },
    fault: at("at 'plaintext'", 'not be null'),
  },
  {
    name: 'a string that is too short',
    operation: 'DescribeKey',
    input: { KeyId: '' },
    fault: at("'' at 'keyId'", 'have length greater than or equal to 1'),
  },
  {
    name: 'a string that is too long',
    operation: 'DescribeKey',
    input: { KeyId: 'k'.repeat(2049) },
    fault: at(`'${'k'.repeat(2049)}' at 'keyId'`, 'have length less than or equal to 2048'),
  },
  {
    name: 'a blob that is too short',
    operation: 'Encrypt',
    input: { KeyId, Plaintext: new Uint8Array(0) },
    fault: at("at 'plaintext'", 'have length greater than or equal to 1'),
  },
  {
    name: 'a blob that is too long',
    operation: 'Encrypt',
    input: { KeyId, Plaintext: new Uint8Array(4097) },
    fault: at("at 'plaintext'", 'have length less than or equal to 4096'),
  },
  {
    name: 'a blob that is not sensitive, and still not repeated',
    operation: 'Decrypt',
    input: { CiphertextBlob: new Uint8Array(6145) },
    fault: at("at 'ciphertextBlob'", 'have length less than or equal to 6144'),
  },
  {
    name: 'an integer that is too small',
    operation: 'ListKeys',
    input: { Limit: 0 },
    fault: at("'0' at 'limit'", 'have value greater than or equal to 1'),
  },
  {
    name: 'an integer that is too large',
    operation: 'GenerateRandom',
    input: { NumberOfBytes: 1025 },
    fault: at("'1025' at 'numberOfBytes'", 'have value less than or equal to 1024'),
  },
  {
    name: 'a value outside of its enumeration',
    operation: 'GenerateDataKey',
    input: { KeyId, KeySpec: 'AES_192' },
    fault: at("'AES_192' at 'keySpec'", 'satisfy enum value set: [AES_256, AES_128]'),
  },
  {
    name: 'a string that does not match its pattern',
    operation: 'GetKeyPolicy',
    input: { KeyId, PolicyName: 'de-fault' },
    fault: at("'de-fault' at 'policyName'", String.raw`satisfy regular expression pattern: ^[\w]+$`),
  },
  {
    name: 'a pattern that AWS writes with escapes',
    operation: 'ListKeys',
    input: { Marker: 'Ā' },
    fault: at("'Ā' at 'marker'", String.raw`satisfy regular expression pattern: ^[\u0020-\u00FF]*$`),
  },
  {
    name: 'a line break, which `$` does not overlook',
    operation: 'GetKeyPolicy',
    input: { KeyId, PolicyName: 'default\n' },
    fault: at("'default\n' at 'policyName'", String.raw`satisfy regular expression pattern: ^[\w]+$`),
  },
  {
    name: 'a list that is too long',
    operation: 'DescribeKey',
    input: { KeyId, GrantTokens: Array.from('abcdefghijk') },
    fault: at("'[a, b, c, d, e, f, g, h, i, j, k]' at 'grantTokens'", 'have length less than or equal to 10'),
  },
  {
    name: 'a string in a list, told at the list with all that its members must satisfy',
    operation: 'UntagResource',
    input: { KeyId, TagKeys: ['good', ''] },
    fault: at(
      "'[good, ]' at 'tagKeys'",
      'satisfy constraint: [Member must have length less than or equal to 128, Member must have length greater than or equal to 1]',
    ),
  },
  {
    name: 'a value in a list outside of its enumeration',
    operation: 'Decrypt',
    input: { DryRunModifiers: ['IGNORE_CIPHERTEXT', 'IGNORE_KEY'] },
    fault: at(
      "'[IGNORE_CIPHERTEXT, IGNORE_KEY]' at 'dryRunModifiers'",
      'satisfy constraint: [Member must satisfy enum value set: [IGNORE_CIPHERTEXT]]',
    ),
  },
  {
    name: 'null in a list of strings',
    operation: 'UntagResource',
    input: { KeyId, TagKeys: ['good', null] },
    fault: at("'[good, null]' at 'tagKeys'", 'satisfy constraint: [Member must not be null]'),
  },
  {
    name: 'a member of a structure in a list',
    operation: 'TagResource',
    input: { KeyId, Tags: [{ TagKey: '', TagValue: 'v' }] },
    fault: at("'' at 'tags.1.member.tagKey'", 'have length greater than or equal to 1'),
  },
  {
    name: 'a member missing from the second structure in a list',
    operation: 'CreateKey',
    input: { Tags: [{ TagKey: 'k', TagValue: '' }, { TagKey: 'k' }] },
    fault: at("null at 'tags.2.member.tagValue'", 'not be null'),
  },
  {
    name: 'null in a list of structures',
    operation: 'TagResource',
    input: { KeyId, Tags: [null] },
    fault: at("at 'tags.1.member'", 'not be null'),
  },
  {
    name: 'a member of a structure',
    operation: 'CreateGrant',
    input: { KeyId, Operations: [], Constraints: { SourceArn: 'arn:aws:s3:eu-west-1:111122223333' } },
    fault: at(
      "'arn:aws:s3:eu-west-1:111122223333' at 'constraints.sourceArn'",
      'satisfy regular expression pattern: ^arn:aws[a-z0-9-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]{12}:.+$',
    ),
  },
  {
    name: 'a sensitive member of a structure, never repeated',
    operation: 'CreateCustomKeyStore',
    input: {
      CustomKeyStoreName: 'n',
      XksProxyAuthenticationCredential: { AccessKeyId: 'A'.repeat(20), RawSecretAccessKey: 'secret'.repeat(20) },
    },
    fault: at("at 'xksProxyAuthenticationCredential.rawSecretAccessKey'", 'have length less than or equal to 64'),
  },
  {
    name: 'a sensitive string that does not match its pattern',
    operation: 'UpdateCustomKeyStore',
    input: {
      CustomKeyStoreId: 'cks-1',
      XksProxyAuthenticationCredential: { AccessKeyId: 'a'.repeat(20), RawSecretAccessKey: 's'.repeat(43) },
    },
    fault: at("at 'xksProxyAuthenticationCredential.accessKeyId'", 'satisfy regular expression pattern: ^[A-Z2-7]+$'),
  },
]

describe('a request with one fault', () => {
  test.each(ONE_FAULT)('$name', ({ operation, input, fault }) => {
    expect(faultOf(operation, input)).toBe(fault)
  })
})

describe('a request with several faults', () => {
  test('tells all of them, in the order of the members', () => {
    expect(refusalOf('Encrypt', { KeyId: '', EncryptionAlgorithm: 'ROT13', Plaintext: new Uint8Array(0) })).toEqual({
      code: 'ValidationException',
      message: [
        `3 validation errors detected: ${at("'' at 'keyId'", 'have length greater than or equal to 1')}`,
        at("at 'plaintext'", 'have length greater than or equal to 1'),
        at(
          "'ROT13' at 'encryptionAlgorithm'",
          'satisfy enum value set: [SYMMETRIC_DEFAULT, RSAES_OAEP_SHA_1, RSAES_OAEP_SHA_256, SM2PKE]',
        ),
      ].join('; '),
    })
  })

  test('tells every constraint that one value fails', () => {
    expect(refusalOf('GetKeyPolicy', { KeyId, PolicyName: '' })?.message).toBe(
      [
        `2 validation errors detected: ${at("'' at 'policyName'", 'have length greater than or equal to 1')}`,
        at("'' at 'policyName'", String.raw`satisfy regular expression pattern: ^[\w]+$`),
      ].join('; '),
    )
  })

  test('stops at a hundred', () => {
    const refusal = refusalOf('TagResource', { KeyId, Tags: Array.from({ length: 100_000 }, () => ({})) })
    expect(refusal?.message).toMatch(/^100 validation errors detected: /u)
    expect(refusal?.message.length).toBeLessThan(10_000)
  })
})

describe('what a refusal repeats', () => {
  test('goes no further than 4096 characters', () => {
    const fault = faultOf('UpdateKeyDescription', { KeyId, Description: 'd'.repeat(10_000_000) })
    expect(fault).toBe(at(`'${'d'.repeat(4096)}...' at 'description'`, 'have length less than or equal to 8192'))
  })

  test('does not cut a surrogate pair in two', () => {
    const fault = faultOf('UpdateKeyDescription', { KeyId, Description: `x${'😀'.repeat(9000)}` })
    expect(fault).toContain(`'x${'😀'.repeat(2047)}...' at 'description'`)
  })

  test('goes no further in a list', () => {
    const fault = faultOf('DescribeKey', { KeyId, GrantTokens: Array.from({ length: 100_000 }, () => 'token') })
    expect(fault.length).toBeLessThan(4300)
    expect(fault).toContain("...' at 'grantTokens' failed")
  })
})

describe('length', () => {
  test('of a string is counted in code points', () => {
    expect(refusalOf('TagResource', { KeyId, Tags: [{ TagKey: '😀'.repeat(128), TagValue: '' }] })).toBeUndefined()
    expect(faultOf('TagResource', { KeyId, Tags: [{ TagKey: '😀'.repeat(129), TagValue: '' }] })).toContain(
      'Member must have length less than or equal to 128',
    )
    // Twenty code units, ten characters: at least twenty are asked for.
    expect(
      refusalOf('CreateGrant', { KeyId, Operations: [], Constraints: { SourceArn: '😀'.repeat(10) } })?.message,
    ).toContain('Member must have length greater than or equal to 20')
  })

  test.each([1, 4096])('of a blob may be %i', (length) => {
    expect(refusalOf('Encrypt', { KeyId, Plaintext: new Uint8Array(length) })).toBeUndefined()
  })

  test.each([0, 10])('of a list may be %i', (length) => {
    const GrantTokens = Array.from({ length }, () => 'token')
    expect(refusalOf('DescribeKey', { KeyId, GrantTokens })).toBeUndefined()
  })
})

describe('a pattern', () => {
  test('takes white space as Java does: ASCII only', () => {
    const request = { KeyId, ImportToken: Plaintext, EncryptedKeyMaterial: Plaintext }
    expect(refusalOf('ImportKeyMaterial', { ...request, KeyMaterialDescription: 'a b\tc\nd' })).toBeUndefined()
    expect(faultOf('ImportKeyMaterial', { ...request, KeyMaterialDescription: 'a\u00A0b' })).toBe(
      at(
        "'a\u00A0b' at 'keyMaterialDescription'",
        String.raw`satisfy regular expression pattern: ^[a-zA-Z0-9:/_\s.-]+$`,
      ),
    )
  })
})

describe('a text of hostile length', () => {
  test('is refused for its length, before its pattern can exhaust the stack', () => {
    const GranteeServicePrincipal = 'a.'.repeat(10_000_000)
    expect(faultOf('CreateGrant', { KeyId, Operations: [], GranteeServicePrincipal })).toContain(
      "...' at 'granteeServicePrincipal' failed to satisfy constraint: Member must have length less than or equal to 128",
    )
  })
})

describe('what is accepted', () => {
  test('optional members may be absent, undefined or null', () => {
    expect(refusalOf('DescribeKey', { KeyId })).toBeUndefined()
    expect(refusalOf('DescribeKey', { KeyId, GrantTokens: undefined })).toBeUndefined()
    expect(refusalOf('DescribeKey', { KeyId, GrantTokens: null })).toBeUndefined()
  })

  test('members that the model does not know are ignored, whatever they hold', () => {
    expect(refusalOf('DescribeKey', { KeyId, keyId: 7, Unknown: { Deep: [null] } })).toBeUndefined()
  })

  test('an operation without members takes an empty request', () => {
    expect(refusalOf('ListKeys', {})).toBeUndefined()
  })
})

describe('isOperationName', () => {
  test.each(['Encrypt', 'ListRetirableGrants'])('knows %s', (name) => {
    expect(isOperationName(name)).toBe(true)
  })

  test.each(['encrypt', 'Encrypt ', '', 'constructor', '__proto__', 'toString'])('does not know %j', (name) => {
    expect(isOperationName(name)).toBe(false)
  })
})
