/** Keys of imported material, and what a request to import some is made of. */
import type { CreateKeyRequest, ImportKeyMaterialRequest } from '@softkms/kms'
import type { Kms } from 'softkms'
import { NEVER, requestWrapping } from '../../../support/import-material.ts'
import { createKey } from './scenes.ts'

export async function createExternal(setup: Kms, rest: CreateKeyRequest = {}): Promise<string> {
  return createKey(setup, { Origin: 'EXTERNAL', ...rest })
}

export async function createExternalMac(setup: Kms): Promise<string> {
  return createExternal(setup, { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' })
}

/** Material of AES-256, or of HMAC_256, that differs with the byte. */
export function materialOf(byte: number): Uint8Array {
  return new Uint8Array(32).fill(byte)
}

/** What it takes to import material for good. */
export async function importOf(setup: Kms, KeyId: string, byte: number): Promise<ImportKeyMaterialRequest> {
  const { wrap } = await requestWrapping(setup, KeyId)
  return { ...wrap(materialOf(byte)), ...NEVER }
}

/** @returns the id of a key whose material was imported */
export async function createImported(setup: Kms, byte = 1): Promise<string> {
  const KeyId = await createExternal(setup)
  await setup.importKeyMaterial(await importOf(setup, KeyId, byte))
  return KeyId
}

export async function materialsOf(setup: Kms, KeyId: string): Promise<readonly Material[]> {
  const { Rotations = [] } = await setup.listKeyRotations({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' })
  return Rotations
}

export interface Material {
  readonly KeyMaterialId?: string | undefined
  readonly KeyMaterialState?: string | undefined
  readonly KeyMaterialDescription?: string | undefined
  readonly ImportState?: string | undefined
}
