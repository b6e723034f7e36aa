/**
 * CTR_DRBG: NIST's known answers, an independent one over node:crypto, and when it reseeds.
 *
 * @covers SP 800-90A §10.2.1
 */

import { createCipheriv } from 'node:crypto'
import { expect, test } from 'vitest'
import { passesCtrDrbgCast } from '../../packages/hsm/src/algorithms/ctr-drbg/cast.ts'
import { RESEED_INTERVAL, createCtrDrbg } from '../../packages/hsm/src/algorithms/ctr-drbg/ctr-drbg.ts'
import type { Entropy } from '../../packages/hsm/src/entropy.ts'
import { nobleBlock } from '../../packages/hsm/src/provider/noble-key-wrap.ts'
import { NIST_COUNTS } from '../../tools/docs/vector-counts.ts'
import { PROVIDERS } from '../support/providers.ts'
import { runs } from '../support/runs.ts'
import { fromHex, toHex } from '../support/vectors.ts'
import { CTR_DRBG_VECTORS } from '../vectors/nist/ctr-drbg-vectors.ts'

const SEED_LENGTH = 48

/** Gives these seeds in order, and counts them. */
function sourceOf(...seeds: readonly Uint8Array[]): Entropy & { readonly drawn: number } {
  let drawn = 0
  return {
    fill(bytes) {
      expect(bytes.length).toBe(SEED_LENGTH)
      bytes.set(seeds[drawn++ % seeds.length] ?? [])
    },
    get drawn() {
      return drawn
    },
  }
}

test('has as many known answers as the documents tell', () => {
  expect(CTR_DRBG_VECTORS).toHaveLength(NIST_COUNTS['ctr-drbg-vectors']?.tests ?? 0)
})

const CASES = PROVIDERS.flatMap((provider) => CTR_DRBG_VECTORS.map((vector) => ({ provider, vector })))

test.each(CASES)('answers as NIST has it: $provider.name, $vector.name', ({ provider, vector }) => {
  const { entropyInput, entropyInputReseed, entropyInputPR = [], personalizationString, additionalInput } = vector
  const seeds = [entropyInput, ...(entropyInputReseed === undefined ? [] : [entropyInputReseed]), ...entropyInputPR]
  const drbg = createCtrDrbg(provider, {
    source: sourceOf(...seeds.map(fromHex)),
    isPredictionResistant: entropyInputPR.length > 0,
    ...(personalizationString === undefined ? {} : { personalization: fromHex(personalizationString) }),
  })
  if (entropyInputReseed !== undefined) {
    drbg.reseed(vector.additionalInputReseed === undefined ? undefined : fromHex(vector.additionalInputReseed))
  }
  const returned = new Uint8Array(vector.returnedBits.length / 2)
  for (const i of [0, 1] as const) {
    drbg.fill(returned, additionalInput === undefined ? undefined : fromHex(additionalInput[i]))
  }
  expect(toHex(returned)).toBe(vector.returnedBits)
})

test('passes its self-test, and does not with a block cipher that errs in one bit', () => {
  expect(passesCtrDrbgCast(nobleBlock)).toBe(true)
  const faulty = {
    encryptAes256(key: Uint8Array, blocks: Uint8Array) {
      nobleBlock.encryptAes256(key, blocks)
      blocks[0] = (blocks[0] ?? 0) ^ 1
    },
  }
  expect(passesCtrDrbgCast(faulty)).toBe(false)
})

/** The same generator written once more, over OpenSSL's AES and big integers. */
class OtherDrbg {
  #key: Uint8Array = new Uint8Array(32)
  #v = 0n
  #update(provided: Uint8Array): void {
    const next = this.#blocks(SEED_LENGTH).map((byte, i) => byte ^ (provided[i] ?? 0))
    this.#key = next.slice(0, 32)
    this.#v = BigInt(`0x${toHex(next.slice(32))}`)
  }
  #blocks(length: number): Uint8Array {
    const counters: Uint8Array[] = []
    for (let at = 0; at < length; at += 16) {
      this.#v = (this.#v + 1n) % 2n ** 128n
      counters.push(fromHex(this.#v.toString(16).padStart(32, '0')))
    }
    const cipher = createCipheriv('aes-256-ecb', this.#key, null).setAutoPadding(false)
    return Uint8Array.from(cipher.update(Buffer.concat(counters))).slice(0, length)
  }
  seed(entropy: Uint8Array, input: Uint8Array = new Uint8Array()): void {
    this.#update(entropy.map((byte, i) => byte ^ (input[i] ?? 0)))
  }
  generate(length: number, input: Uint8Array | undefined): Uint8Array {
    if (input !== undefined) this.#update(input)
    const bytes = this.#blocks(length)
    this.#update(input ?? new Uint8Array())
    return bytes
  }
}

test.each(PROVIDERS)(
  'agrees with an independent implementation on requests of every small length: $name',
  (provider) => {
    const pattern = (length: number, factor: number) => Uint8Array.from({ length }, (_, i) => i * factor + length)
    const seed = pattern(SEED_LENGTH, 7)
    const ours = createCtrDrbg(provider, { source: sourceOf(seed), personalization: pattern(20, 3) })
    const other = new OtherDrbg()
    other.seed(seed, pattern(20, 3))
    for (let length = 0; length < runs(100, 3000); length++) {
      const input = length % 3 === 0 ? pattern(length % 49, 11) : undefined
      // An odd offset: a request need not be aligned.
      const bytes = new Uint8Array(length + 1).subarray(1)
      ours.fill(bytes, input)
      expect(toHex(bytes)).toBe(toHex(other.generate(length, input)))
    }
  },
)

test('splits what is longer than one request may be', () => {
  const seed = new Uint8Array(SEED_LENGTH).fill(1)
  const bytes = new Uint8Array(150_000)
  createCtrDrbg(nobleBlock, { source: sourceOf(seed) }).fill(bytes)
  const other = new OtherDrbg()
  other.seed(seed)
  const parts = [65_536, 65_536, 150_000 - 131_072].map((length) => other.generate(length, undefined))
  expect(Buffer.concat(parts).equals(bytes)).toBe(true)
})

test('reseeds after its interval, and before each request where prediction resistance is asked for', () => {
  const source = sourceOf(new Uint8Array(SEED_LENGTH))
  const drbg = createCtrDrbg(nobleBlock, { source })
  const byte = new Uint8Array(1)
  for (let i = 0; i < RESEED_INTERVAL; i++) drbg.fill(byte)
  expect(source.drawn).toBe(1)
  drbg.fill(byte)
  expect(source.drawn).toBe(2)

  const other = sourceOf(new Uint8Array(SEED_LENGTH))
  const resistant = createCtrDrbg(nobleBlock, { source: other, isPredictionResistant: true })
  for (let i = 0; i < 5; i++) resistant.fill(byte)
  expect(other.drawn).toBe(6)
})

test('refuses inputs that are too long, and everything after zeroize', () => {
  expect(() => createCtrDrbg(nobleBlock, { personalization: new Uint8Array(49) })).toThrow(RangeError)
  const drbg = createCtrDrbg(nobleBlock)
  expect(() => drbg.fill(new Uint8Array(1), new Uint8Array(49))).toThrow(RangeError)
  drbg.zeroize()
  expect(() => drbg.fill(new Uint8Array(1))).toThrow('The HSM was zeroized.')
  expect(() => drbg.reseed()).toThrow('The HSM was zeroized.')
})

test('draws from the runtime by default, differently each time', () => {
  const draw = () => {
    const bytes = new Uint8Array(32)
    createCtrDrbg(nobleBlock).fill(bytes)
    return toHex(bytes)
  }
  expect(new Set(Array.from({ length: 20 }, draw)).size).toBe(20)
})
