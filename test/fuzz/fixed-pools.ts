/** Values for members of requests that need no scene, good and almost good ones. */
import { generateKeyPairSync } from 'node:crypto'
import { ACCOUNT, OTHER_ACCOUNT, OTHER_REGION, REGION, bytesOf } from '../support/kms-fixture.ts'
import { openPolicy } from '../support/policies.ts'

/** Values by the member that they fit. */
export type Pools = Readonly<Record<string, readonly unknown[]>>

export const MESSAGE: Uint8Array = bytesOf('attack at dawn')
export const CONTEXT: { readonly [name: string]: string } = { tenant: 'a' }
export const USER = `arn:aws:iam::${ACCOUNT}:user/alice`

const RSA_SPKI = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'der' })

const REGIONS = [REGION, OTHER_REGION, 'cn-north-1', 'xx-yyyy-9']

export const FIXED_POOLS: Pools = {
  AliasName: ['alias/key-0', 'alias/key-1', 'alias/new', 'alias/aws/s3', 'alias/', 'alias/a:b', 'orders'],
  Policy: [openPolicy(ACCOUNT), openPolicy(OTHER_ACCOUNT), '{', '{}', '{"Version":"2012-10-17","Statement":[]}'],
  PolicyName: ['default', 'other'],
  ReplicaRegion: REGIONS,
  PrimaryRegion: REGIONS,
  GranteePrincipal: [USER, `arn:aws:iam::${OTHER_ACCOUNT}:root`, 's3.amazonaws.com', ACCOUNT],
  RetiringPrincipal: [USER, `arn:aws:iam::${OTHER_ACCOUNT}:role/x`],
  EncryptionContext: [CONTEXT, {}, { tenant: 'b' }],
  SourceEncryptionContext: [CONTEXT, {}],
  DestinationEncryptionContext: [CONTEXT, {}],
  Plaintext: [MESSAGE, new Uint8Array(4096), new Uint8Array(191)],
  Message: [MESSAGE, new Uint8Array(32), new Uint8Array(64)],
  PublicKey: [Uint8Array.from(RSA_SPKI), Uint8Array.of(1)],
  KeyPairSpec: ['RSA_2048', 'ECC_NIST_P256', 'ECC_NIST_EDWARDS25519', 'ML_KEM_512', 'SM2'],
  KeySpec: ['SYMMETRIC_DEFAULT', 'ECC_NIST_P256', 'HMAC_256', 'ML_DSA_44', 'AES_128', 'AES_256', 'SM2'],
  CustomerMasterKeySpec: ['SYMMETRIC_DEFAULT', 'RSA_2048', 'HMAC_256', 'SM2'],
  Tags: [
    [{ TagKey: 'team', TagValue: 'c' }],
    [{ TagKey: 'AWS:x', TagValue: '' }],
    [
      { TagKey: 'a', TagValue: '1' },
      { TagKey: 'a', TagValue: '2' },
    ],
  ],
  TagKeys: [['team'], ['nothing'], ['aws:x']],
  ValidTo: [new Date('2030-02-01T00:00:00Z'), new Date(0)],
  WrappingKeySpec: ['RSA_2048'],
}
