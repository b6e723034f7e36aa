/**
 * The private operation: right, blinded, and silent when a fault is at work.
 *
 * @covers RFC 8017 §5.1.2
 */

import { describe, expect, test } from 'vitest'
import { createCrtPrivateKey } from '../../../packages/hsm/src/algorithms/rsa/crt.ts'
import { createKnownKey } from '../../../packages/hsm/src/algorithms/rsa/known-key.ts'
import { type Exponentiation, bigintExponentiation } from '../../../packages/hsm/src/algorithms/rsa/mod-exp.ts'
import { passesRsaPct } from '../../../packages/hsm/src/algorithms/rsa/pct.ts'
import { bytesToNumber, numberToBytes } from '../../../packages/hsm/src/algorithms/rsa/numbers.ts'
import { createPublicKey } from '../../../packages/hsm/src/algorithms/rsa/public-key.ts'
import { systemEntropy } from '../../../packages/hsm/src/entropy.ts'
import { HsmError } from '../../../packages/hsm/src/errors.ts'
import { toHex } from '../../support/vectors.ts'

const numbers = createKnownKey()
const modulus = bytesToNumber(numbers.modulus)
const LENGTH = numbers.modulus.length
const message = numberToBytes(modulus / 3n, LENGTH)

describe('computes', () => {
  const key = createCrtPrivateKey(numbers, systemEntropy)
  const publicKey = createPublicKey(numbers)

  test.each([
    ['zero', 0n],
    ['one', 1n],
    ['the largest number', modulus - 1n],
    ['a multiple of the first prime', 3n * bytesToNumber(numbers.prime1)],
    ['a multiple of the second prime', 5n * bytesToNumber(numbers.prime2)],
    ['any other', modulus / 3n],
  ])('on %s', (_name, number) => {
    const input = numberToBytes(number, LENGTH)
    const output = key.compute(input)
    expect(output).toHaveLength(LENGTH)
    expect(output && publicKey.compute(output)).toEqual(input)
  })

  test('nothing of a number that is not below the modulus', () => {
    expect(key.compute(numbers.modulus)).toBeUndefined()
    expect(key.compute(new Uint8Array(LENGTH).fill(0xff))).toBeUndefined()
    expect(publicKey.compute(numbers.modulus)).toBeUndefined()
  })
})

describe('blinding', () => {
  test('the exponentiation never sees the input, nor the same number twice', () => {
    const seen: bigint[] = []
    const watch: Exponentiation = {
      ...bigintExponentiation,
      prepareTwo(...moduli) {
        const prepared = bigintExponentiation.prepareTwo(...moduli)
        return {
          ...prepared,
          powers(...powers) {
            seen.push(...powers.map(({ base }) => base))
            return prepared.powers(...powers)
          },
        }
      },
    }
    const key = createCrtPrivateKey(numbers, systemEntropy, watch)
    const outputs = Array.from({ length: 40 }, () => toHex(key.compute(message) ?? new Uint8Array(0)))
    expect(new Set(outputs).size).toBe(1)
    expect(seen).toHaveLength(80)
    expect(new Set(seen).size).toBe(80)
    const plain = bytesToNumber(message)
    expect(seen).not.toContain(plain % bytesToNumber(numbers.prime1))
    expect(seen).not.toContain(plain % bytesToNumber(numbers.prime2))
  })

  test('a generator that is stuck is a fault, not a loop', () => {
    const key = createCrtPrivateKey(numbers, { fill: (bytes) => bytes.fill(0) })
    expect(() => key.compute(message)).toThrow(expect.objectContaining({ code: 'FAULT_DETECTED' }))
  })
})

describe('a fault', () => {
  /** An exponentiation that errs modulo one prime, in one call of `period`, by one bit. */
  function createFaulty(prime: 0 | 1, period: number): Exponentiation {
    let calls = 0
    return {
      ...bigintExponentiation,
      prepareTwo(...moduli) {
        const prepared = bigintExponentiation.prepareTwo(...moduli)
        return {
          ...prepared,
          powers(...powers) {
            const [first, second] = prepared.powers(...powers)
            if (++calls % period !== 0) return [first, second]
            return prime === 0 ? [first ^ 1n, second] : [first, second ^ 1n]
          },
        }
      },
    }
  }

  test.each([
    ['modulo the first prime', 0],
    ['modulo the second prime', 1],
  ] as const)('%s is detected, and nothing is released', (_name, prime) => {
    const key = createCrtPrivateKey(numbers, systemEntropy, createFaulty(prime, 1))
    let output: Uint8Array | undefined
    let thrown: unknown
    try {
      output = key.compute(message)
    } catch (error) {
      thrown = error
    }
    expect(output).toBeUndefined()
    expect(thrown).toBeInstanceOf(HsmError)
    expect(thrown).toMatchObject({
      code: 'FAULT_DETECTED',
      message: 'A fault was detected; the result was not released.',
    })
    // Not a number, not a property: nothing from which the primes could be had.
    expect(Object.keys(thrown as object).toSorted()).toEqual(['code', 'name'])
  })

  test('that passes leaves the key as good as before', () => {
    const key = createCrtPrivateKey(numbers, systemEntropy, createFaulty(0, 2))
    const right = createCrtPrivateKey(numbers, systemEntropy).compute(message)
    expect(key.compute(message)).toEqual(right)
    expect(() => key.compute(message)).toThrow(expect.objectContaining({ code: 'FAULT_DETECTED' }))
    expect(key.compute(message)).toEqual(right)
  })

  test.each(['coefficient', 'exponent1', 'exponent2', 'prime1', 'prime2'] as const)(
    'in the stored %s is detected',
    (member) => {
      const damaged = { ...numbers, [member]: numbers[member].map((byte, i) => (i === 40 ? byte ^ 4 : byte)) }
      const key = createCrtPrivateKey(damaged, systemEntropy)
      expect(() => key.compute(message)).toThrow(expect.objectContaining({ code: 'FAULT_DETECTED' }))
    },
  )
})

describe('the pair-wise consistency test', () => {
  const publicKey = createPublicKey(numbers)

  test('passes a pair', () => {
    expect(passesRsaPct(publicKey, createCrtPrivateKey(numbers, systemEntropy), numbers)).toBe(true)
  })

  test('fails halves of two pairs', () => {
    const other = { ...numbers, publicExponent: Uint8Array.of(1, 0, 3) }
    expect(passesRsaPct(createPublicKey(other), createCrtPrivateKey(numbers, systemEntropy), numbers)).toBe(false)
    expect(passesRsaPct(publicKey, createCrtPrivateKey(other, systemEntropy), numbers)).toBe(false)
  })
})

test('a zeroized key computes nothing', () => {
  const key = createCrtPrivateKey(numbers, systemEntropy)
  key.zeroize()
  expect(() => key.compute(message)).toThrow(TypeError)
})
