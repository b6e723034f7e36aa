/** A request that passes validation for each operation, naming a key by whatever name a test gives. */

const bytes = Uint8Array.of(1)

/**
 * The key is never used: these are for decisions, not for answers.
 *
 * @param grantId of a grant on the key, where one is to be ended
 */
export function requestFor(operation: string, key: string, grantId = '0'.repeat(64)): object {
  const dry = { DryRun: true, DryRunModifiers: ['IGNORE_CIPHERTEXT'] }
  const store = { KeyId: undefined, CustomKeyStoreId: 'cks-1' }
  const context = { EncryptionContext: { a: 'b' } }
  const rest: Readonly<Record<string, object>> = {
    ConnectCustomKeyStore: store,
    CreateAlias: { AliasName: 'alias/fresh', TargetKeyId: key, KeyId: undefined },
    CreateCustomKeyStore: {
      KeyId: undefined,
      CustomKeyStoreName: 'mine',
      CloudHsmClusterId: 'cluster-2a34b5cdefg',
      KeyStorePassword: 'kmsPswd12',
      TrustAnchorCertificate: '-----BEGIN CERTIFICATE-----',
    },
    CreateGrant: {
      GranteePrincipal: 'arn:aws:iam::111122223333:user/grantee',
      RetiringPrincipal: 'arn:aws:iam::111122223333:user/retirer',
      Operations: ['Decrypt'],
      Constraints: { EncryptionContextEquals: { a: 'b' }, SourceArn: 'arn:aws:sqs:eu-west-1:111122223333:queue' },
      DryRun: true,
    },
    CreateKey: { KeyId: undefined, BypassPolicyLockoutSafetyCheck: false },
    Decrypt: { ...dry, ...context },
    Decapsulate: { SharedSecretCiphertextBlob: bytes, EncapsulationAlgorithm: 'ML_KEM' },
    DeleteAlias: { AliasName: 'alias/there', KeyId: undefined },
    DeleteCustomKeyStore: store,
    DeriveSharedSecret: { KeyAgreementAlgorithm: 'ECDH', PublicKey: bytes },
    DescribeCustomKeyStores: store,
    DisconnectCustomKeyStore: store,
    Encapsulate: { EncapsulationAlgorithm: 'ML_KEM' },
    Encrypt: { Plaintext: bytes, ...context },
    GenerateDataKey: { KeySpec: 'AES_256', ...context },
    GenerateDataKeyPair: { KeyPairSpec: 'ECC_NIST_P256', ...context },
    GenerateDataKeyPairWithoutPlaintext: { KeyPairSpec: 'ECC_NIST_P256', ...context },
    GenerateDataKeyWithoutPlaintext: { KeySpec: 'AES_256', ...context },
    GenerateMac: { Message: bytes, MacAlgorithm: 'HMAC_SHA_256' },
    GenerateRandom: { KeyId: undefined, NumberOfBytes: 1 },
    GetParametersForImport: { WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' },
    ImportKeyMaterial: { ImportToken: bytes, EncryptedKeyMaterial: bytes, ValidTo: new Date(1_900_000_000_000) },
    ListAliases: { KeyId: undefined },
    ListKeys: { KeyId: undefined },
    ListRetirableGrants: { KeyId: undefined, RetiringPrincipal: 'arn:aws:iam::111122223333:user/retirer' },
    PutKeyPolicy: { Policy: '{"Version":"2012-10-17","Statement":[]}', BypassPolicyLockoutSafetyCheck: true },
    ReEncrypt: {
      ...dry,
      KeyId: undefined,
      SourceKeyId: key,
      DestinationKeyId: key,
      SourceEncryptionContext: { a: 'b' },
      DestinationEncryptionContext: { a: 'b' },
    },
    ReplicateKey: { ReplicaRegion: 'us-west-2' },
    RetireGrant: { GrantId: grantId, DryRun: true },
    RevokeGrant: { GrantId: grantId, DryRun: true },
    Sign: { Message: bytes, SigningAlgorithm: 'ECDSA_SHA_256' },
    TagResource: { Tags: [{ TagKey: 'a', TagValue: 'b' }] },
    UntagResource: { TagKeys: ['a'] },
    UpdateAlias: { AliasName: 'alias/there', TargetKeyId: key, KeyId: undefined },
    UpdateCustomKeyStore: store,
    UpdatePrimaryRegion: { PrimaryRegion: 'us-west-2' },
    UpdateKeyDescription: { Description: '' },
    Verify: { Message: bytes, Signature: bytes, SigningAlgorithm: 'ECDSA_SHA_256' },
    VerifyMac: { Message: bytes, Mac: bytes, MacAlgorithm: 'HMAC_SHA_256' },
  }
  return Object.fromEntries(
    Object.entries({ KeyId: key, ...rest[operation] }).filter(([, value]) => value !== undefined),
  )
}

/** Operations that take an alias in place of a key's id, of those that `requestFor` knows. */
export const BY_ALIAS: ReadonlySet<string> = new Set(
  (
    'Decrypt DeriveSharedSecret DescribeKey Encrypt GenerateDataKey GenerateDataKeyPair GenerateMac GetPublicKey ' +
    'GenerateDataKeyPairWithoutPlaintext GenerateDataKeyWithoutPlaintext ReEncrypt Sign Verify VerifyMac'
  ).split(' '),
)
