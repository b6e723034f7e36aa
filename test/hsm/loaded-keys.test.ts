/** Keys stay loaded between commands: bounded, the least recently used forgotten first, and never a wrong one used. */
import { type GeneratedKey, type Hsm, type Provider, createHsm, nobleProvider } from '@softkms/hsm'
import { expect, test } from 'vitest'
import { expectHsmError, layout, NEW_KEY, open, openCommand, seal } from '../support/hsm-fixture.ts'

const PLAINTEXT = Uint8Array.of(1, 2, 3)

/** An HSM that counts how often it unwraps a token: nothing else that these tests do opens a message. */
function countUnwraps(loadedKeyLimit: number): { readonly hsm: Hsm; readonly unwraps: () => number } {
  let opened = 0
  const provider: Provider = {
    ...nobleProvider,
    openAesGcm: (...args) => {
      opened++
      return nobleProvider.openAesGcm(...args)
    },
  }
  const hsm = createHsm({ provider, loadedKeyLimit })
  let selfTests: number | undefined
  return {
    hsm,
    unwraps: () => {
      selfTests ??= opened
      return opened - selfTests
    },
  }
}

async function makeKeys(hsm: Hsm, count: number): Promise<readonly GeneratedKey[]> {
  return Promise.all(Array.from({ length: count }, () => hsm.generateKey(NEW_KEY)))
}

async function loadedKeys(hsm: Hsm): Promise<number> {
  const status = await hsm.status()
  return status.loadedKeys
}

test('a key is unwrapped with its first use, and not again', async () => {
  const { hsm, unwraps } = countUnwraps(10)
  const [key] = (await makeKeys(hsm, 1)) as [GeneratedKey]
  expect(await loadedKeys(hsm)).toBe(0)
  expect(unwraps()).toBe(0)
  for (let i = 0; i < 5; i++) await seal(hsm, key.token, PLAINTEXT)
  expect(unwraps()).toBe(1)
  expect(await loadedKeys(hsm)).toBe(1)
})

test('a copy of a token is the same token', async () => {
  const { hsm, unwraps } = countUnwraps(10)
  const [key] = (await makeKeys(hsm, 1)) as [GeneratedKey]
  unwraps()
  await seal(hsm, key.token, PLAINTEXT)
  await seal(hsm, key.token.slice() as GeneratedKey['token'], PLAINTEXT)
  expect(unwraps()).toBe(1)
})

test('what a caller does to its token afterwards touches no loaded key', async () => {
  const { hsm } = countUnwraps(10)
  const [key] = (await makeKeys(hsm, 1)) as [GeneratedKey]
  const mine = key.token.slice() as GeneratedKey['token']
  const sealed = await seal(hsm, mine, PLAINTEXT)
  mine.fill(0)
  await expectHsmError(open(hsm, mine, sealed), 'INVALID_TOKEN')
  expect(await open(hsm, key.token, sealed)).toEqual(PLAINTEXT)
})

test('the least recently used key goes first', async () => {
  const { hsm, unwraps } = countUnwraps(2)
  const [a, b, c] = (await makeKeys(hsm, 3)) as [GeneratedKey, GeneratedKey, GeneratedKey]
  unwraps()
  await seal(hsm, a.token, PLAINTEXT)
  await seal(hsm, b.token, PLAINTEXT)
  await seal(hsm, a.token, PLAINTEXT)
  expect(unwraps()).toBe(2)
  await seal(hsm, c.token, PLAINTEXT)
  expect(unwraps()).toBe(3)
  expect(await loadedKeys(hsm)).toBe(2)

  await seal(hsm, a.token, PLAINTEXT)
  expect(unwraps()).toBe(3)
  await seal(hsm, b.token, PLAINTEXT)
  expect(unwraps()).toBe(4)
})

test('what goes is zeroized', async () => {
  const zeroized: boolean[] = []
  const provider: Provider = {
    ...nobleProvider,
    createHmac(hash, key) {
      const mac = nobleProvider.createHmac(hash, key)
      const index = zeroized.push(false) - 1
      return {
        compute: (message) => mac.compute(message),
        zeroize() {
          zeroized[index] = true
          mac.zeroize()
        },
      }
    },
  }
  const hsm = createHsm({ provider, loadedKeyLimit: 1 })
  const [a, b] = (await makeKeys(hsm, 2)) as [GeneratedKey, GeneratedKey]
  const first = zeroized.length
  // Of all before, only the domain key is in use.
  expect(zeroized.filter((isZeroized) => !isZeroized)).toHaveLength(1)

  // Each key is prepared twice, to compare its name and to be used; the one that names is done with at once.
  await seal(hsm, a.token, PLAINTEXT)
  expect(zeroized.slice(first)).toEqual([true, false])
  await seal(hsm, b.token, PLAINTEXT)
  expect(zeroized.slice(first)).toEqual([true, true, true, false])
  await hsm.unload(b.token)
  expect(zeroized.slice(first)).toEqual([true, true, true, true])
  await hsm.zeroize()
  expect(zeroized).not.toContain(false)
})

test('with room for one key, many keys take turns', async () => {
  const { hsm } = countUnwraps(1)
  const keys = await makeKeys(hsm, 5)
  const sealed = await Promise.all(keys.map(async ({ token }) => seal(hsm, token, PLAINTEXT)))
  for (let round = 0; round < 2; round++) {
    for (const [i, { token }] of keys.entries()) {
      expect(await open(hsm, token, sealed[i] ?? PLAINTEXT)).toEqual(PLAINTEXT)
      expect(await loadedKeys(hsm)).toBe(1)
    }
  }
})

test('with room for one key, resealing between two works and leaves one', async () => {
  const { hsm } = countUnwraps(1)
  const [a, b] = (await makeKeys(hsm, 2)) as [GeneratedKey, GeneratedKey]
  const sealed = await seal(hsm, a.token, PLAINTEXT)
  const resealed = await hsm.reseal({
    source: openCommand(a.token, sealed),
    destination: { token: b.token, layout, additionalData: new Uint8Array(0) },
  })
  expect(await open(hsm, b.token, resealed)).toEqual(PLAINTEXT)
  expect(await loadedKeys(hsm)).toBe(1)
})

test('unloading forgets one key, and its token still opens', async () => {
  const { hsm, unwraps } = countUnwraps(10)
  const [a, b] = (await makeKeys(hsm, 2)) as [GeneratedKey, GeneratedKey]
  unwraps()
  const sealed = await seal(hsm, a.token, PLAINTEXT)
  await seal(hsm, b.token, PLAINTEXT)
  await hsm.unload(a.token)
  expect(await loadedKeys(hsm)).toBe(1)
  expect(await open(hsm, a.token, sealed)).toEqual(PLAINTEXT)
  expect(await loadedKeys(hsm)).toBe(2)
})

test('unloading what is not loaded does nothing', async () => {
  const { hsm } = countUnwraps(10)
  const [a, b] = (await makeKeys(hsm, 2)) as [GeneratedKey, GeneratedKey]
  await seal(hsm, a.token, PLAINTEXT)
  await hsm.unload(b.token)
  // It ends as a loaded one does, but it is another token.
  await hsm.unload(Uint8Array.of(0, ...a.token) as GeneratedKey['token'])
  expect(await loadedKeys(hsm)).toBe(1)
})

test('a token that ends like a loaded one does not get its key', async () => {
  const { hsm } = countUnwraps(10)
  const [a, b] = (await makeKeys(hsm, 2)) as [GeneratedKey, GeneratedKey]
  await seal(hsm, a.token, PLAINTEXT)
  const forged = b.token.slice() as GeneratedKey['token']
  forged.set(a.token.subarray(-16), forged.length - 16)
  await expectHsmError(seal(hsm, forged, PLAINTEXT), 'INVALID_TOKEN')
  expect(await loadedKeys(hsm)).toBe(1)
})

test('a refused token loads nothing and forgets nothing', async () => {
  const { hsm, unwraps } = countUnwraps(1)
  const [a] = (await makeKeys(hsm, 1)) as [GeneratedKey]
  const foreign = await createHsm().generateKey(NEW_KEY)
  unwraps()
  await seal(hsm, a.token, PLAINTEXT)
  await expectHsmError(seal(hsm, foreign.token, PLAINTEXT), 'INVALID_TOKEN')
  await seal(hsm, a.token, PLAINTEXT)
  expect(unwraps()).toBe(1)
})

test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('a limit of %s is refused', (loadedKeyLimit) => {
  expect(() => createHsm({ loadedKeyLimit })).toThrow(new RangeError('loadedKeyLimit must be a positive integer'))
})
