/** Records for tests of stores. What is in them need not make sense to an HSM. */
import type { KeyToken } from '@softkms/hsm'
import type {
  AliasName,
  AliasRecord,
  GrantId,
  GrantRecord,
  KeyId,
  KeyRecord,
  MaterialRecord,
  Scope,
} from '@softkms/kms'
import { type KeyLife, beginLife } from '@softkms/lifecycle'
import { openPolicy } from './policies.ts'

export const SCOPE: Scope = { account: '111122223333', region: 'eu-west-1' }

/** A UUID that sorts as its number does. */
export function keyIdOf(number: number): KeyId {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}` as KeyId
}

export function aliasNameOf(name: string): AliasName {
  return `alias/${name}` as AliasName
}

/** 64 hexadecimal digits. */
export function materialIdOf(number: number): string {
  return number.toString(16).padStart(64, '0')
}

export function createKeyRecord(number: number, rest: Partial<KeyRecord> = {}): KeyRecord {
  return {
    ...SCOPE,
    keyId: keyIdOf(number),
    version: 1,
    createdAt: 1_900_000_000_000 + number,
    description: `key ${number} ☃ \u0000 '"\\`,
    keySpec: 'SYMMETRIC_DEFAULT',
    keyUsage: 'ENCRYPT_DECRYPT',
    origin: 'AWS_KMS',
    life: beginLife(materialIdOf(number)),
    policy: openPolicy(SCOPE.account),
    tags: [
      { key: '__proto__', value: '🔑' },
      { key: 'b', value: '' },
    ],
    ...rest,
  }
}

export function createMaterialRecord(number: number, rest: Partial<MaterialRecord> = {}): MaterialRecord {
  const token = Uint8Array.from({ length: 150 }, (_, i) => (i * 7 + number) & 0xff) as KeyToken
  return { ...SCOPE, keyId: keyIdOf(number), materialId: materialIdOf(number), token, ...rest }
}

export function createAliasRecord(name: string, target: number, rest: Partial<AliasRecord> = {}): AliasRecord {
  return {
    ...SCOPE,
    aliasName: aliasNameOf(name),
    targetKeyId: keyIdOf(target),
    version: 1,
    createdAt: 1_900_000_000_000,
    updatedAt: 1_900_000_000_001,
    ...rest,
  }
}

/** 64 hexadecimal digits that sort as their number does. */
export function grantIdOf(number: number): GrantId {
  return materialIdOf(number) as GrantId
}

export function createGrantRecord(number: number, onKey: number, rest: Partial<GrantRecord> = {}): GrantRecord {
  return {
    ...SCOPE,
    keyId: keyIdOf(onKey),
    grantId: grantIdOf(number),
    name: '',
    createdAt: 1_900_000_000_000 + number,
    effectiveAt: 1_900_000_000_001 + number,
    issuer: `arn:aws:iam::${SCOPE.account}:root`,
    grantee: { type: 'principal', name: `arn:aws:iam::${SCOPE.account}:role/path/app` },
    operations: ['Decrypt', 'DescribeKey'],
    constraints: {},
    ...rest,
  }
}

/** The life of a key that is to be deleted at an instant. */
export function dyingAt(number: number, deletionDate: number): KeyLife {
  return { ...beginLife(materialIdOf(number)), state: { name: 'PendingDeletion', deletionDate } }
}

/** The life of a key whose material is to be rotated at an instant. */
export function rotatingAt(number: number, nextRotationDate: number): KeyLife {
  return { ...beginLife(materialIdOf(number)), rotation: { isEnabled: true, periodInDays: 90, nextRotationDate } }
}
