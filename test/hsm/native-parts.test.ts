/** The native provider is put together of what there is: a part that cannot be tried out is another's, and said to be. */
import { type PrimitiveGroup, type Provider, createHsm, nobleProvider } from '@softkms/hsm'
import { createNativeProvider } from '@softkms/hsm/native'
import { expect, test } from 'vitest'
import { type NativePart, assembleProvider } from '../../packages/hsm/src/provider/native/assemble.ts'
import { nativeGcm, nativeHash, nativeKeyWrap } from '../../packages/hsm/src/provider/native/symmetric.ts'
import { NEW_KEY } from '../support/hsm-fixture.ts'

function missing(): never {
  throw new TypeError('not here')
}

const GCM: NativePart = { group: 'AES-256-GCM', servedBy: 'here', primitives: nativeGcm, tryOut: () => undefined }
const KWP: NativePart = { group: 'AES-256-KWP', servedBy: 'here', primitives: nativeKeyWrap, tryOut: missing }
const SHA: NativePart = { group: 'SHA', servedBy: 'here', primitives: nativeHash, tryOut: missing }

test('each primitive falls through by itself', () => {
  const provider = assembleProvider('some', [KWP, GCM, SHA], nobleProvider)
  expect(provider.name).toBe('some')
  expect(provider.servedBy).toEqual({ ...nobleProvider.servedBy, 'AES-256-GCM': 'here' })
  const origins = { ...provider, own: { ...nativeGcm }, reference: { ...nobleProvider } }
  for (const member of ['sealAesGcm', 'openAesGcm'] as const) expect(origins[member]).toBe(origins.own[member])
  for (const member of ['wrapAesKwp', 'digest'] as const) expect(origins[member]).toBe(origins.reference[member])
})

test('with no part there it is the other one, by another name', async () => {
  const provider = assembleProvider('none', [KWP, SHA], nobleProvider)
  expect(provider).toMatchObject({ ...nobleProvider, name: 'none' })
  await expect(createHsm({ provider }).generateKey(NEW_KEY)).resolves.toBeDefined()
})

test('of the other one only what is needed is made ready', async () => {
  const asked: PrimitiveGroup[] = []
  const rest: Provider = { ...nobleProvider, prepare: async (groups) => void asked.push(...groups) }
  await assembleProvider('some', [KWP, GCM, SHA], rest).prepare?.(['AES-256-GCM', 'AES-256', 'SHA'])
  expect(asked).toEqual(['AES-256', 'SHA'])
  asked.length = 0
  // What a part lacks is the other one's, too.
  const lacking = assembleProvider('some', [{ ...GCM, lacks: 'something' }], rest)
  await lacking.prepare?.(['AES-256-GCM'])
  expect(asked).toEqual(['AES-256-GCM'])
  expect(lacking.servedBy['AES-256-GCM']).toBe('here; noble for something')
})

test('what node:crypto lacks of a group is the kernels’, when they are ready', async () => {
  const provider = createNativeProvider()
  await provider.prepare?.(['Ed25519', 'ML-DSA'])
  expect(provider.servedBy).toMatchObject({
    Ed25519: 'node:crypto; kernels for Ed25519ph',
    'ML-DSA': 'node:crypto; kernels for external mu',
  })
})

test('in this Node everything but the bare block cipher is there', () => {
  const { servedBy } = createNativeProvider()
  const groups = Object.keys(nobleProvider.servedBy) as PrimitiveGroup[]
  expect(Object.keys(servedBy)).toEqual(groups)
  expect(groups.filter((group) => !servedBy[group].startsWith('node:crypto'))).toEqual(['AES-256'])
})
