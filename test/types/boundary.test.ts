/** What the boundary's types do not let through. */
import type { EncryptionContext, SealingKey } from '@softkms/envelope'
import type { Hsm, ImportKeyCommand, KeyToken, SealCommand, SealTarget } from '@softkms/hsm'
import type { Command, KeyState, Outcome } from '@softkms/lifecycle'
import { expectTypeOf, test } from 'vitest'

test('bytes are no token, and a token is bytes', () => {
  expectTypeOf<Uint8Array>().not.toExtend<KeyToken>()
  expectTypeOf<KeyToken>().toExtend<Uint8Array>()
  expectTypeOf<{ token: Uint8Array; materialId: Uint8Array }>().not.toExtend<SealingKey>()
})

test('no command takes a nonce, or key material', () => {
  expectTypeOf<keyof SealTarget>().toEqualTypeOf<'token' | 'layout' | 'additionalData'>()
  expectTypeOf<keyof SealCommand>().toEqualTypeOf<'token' | 'plaintext'>()
  expectTypeOf<Parameters<Hsm['generateKey']>[0]>().not.toHaveProperty('material')
  expectTypeOf<Extract<keyof ImportKeyCommand, `${string}aterial`>>().toEqualTypeOf<'wrappedMaterial'>()
})

test('resealing gives bytes, not a plaintext beside them', () => {
  expectTypeOf<ReturnType<Hsm['reseal']>>().toEqualTypeOf<Promise<Uint8Array>>()
})

test('maps, arrays and numbers are no encryption context', () => {
  expectTypeOf<Map<string, string>>().not.toExtend<EncryptionContext>()
  expectTypeOf<string[]>().not.toExtend<EncryptionContext>()
  expectTypeOf<{ a: number }>().not.toExtend<EncryptionContext>()
})

test('a deletion date exists in PendingDeletion and nowhere else', () => {
  expectTypeOf<Extract<KeyState, { deletionDate: number }>['name']>().toEqualTypeOf<'PendingDeletion'>()
  expectTypeOf<Exclude<KeyState, { name: 'PendingDeletion' }>>().not.toHaveProperty('deletionDate')
})

test('a refusal carries no next life, and rotation must name its material', () => {
  expectTypeOf<Extract<Outcome, { type: 'refused' }>>().not.toHaveProperty('next')
  expectTypeOf<{ type: 'Rotate'; rotationType: 'ON_DEMAND' }>().not.toExtend<Command>()
})
