/**
 * What the kernels compute their constants from gives the standards' own.
 *
 * @covers FIPS 197 §5.1.1; FIPS 180-4 §4.2, §5.3
 */
import { expect, test } from 'vitest'
import { S_BOX_CONSTANT, evaluateSBox, tabulateSBox } from '../../packages/kernels/src/aes-gcm/s-box.ts'
import { initialWords, roundConstants } from '../../packages/kernels/src/sha2/constants.ts'

test('the S-box: a permutation with the standard’s values, and a circuit that computes all of them', () => {
  const table = tabulateSBox()
  expect(new Set(table).size).toBe(256)
  expect([0x00, 0x01, 0x53, 0xff].map((value) => table[value])).toEqual([0x63, 0x7c, 0xed, 0x16])
  for (let value = 0; value < 256; value++) {
    const bits = Array.from({ length: 8 }, (_, i) => (value >> (7 - i)) & 1)
    const output = evaluateSBox(
      bits,
      (left, right) => left ^ right,
      (left, right) => left & right,
    )
    expect(output.reduce((byte, bit) => 2 * byte + bit, 0) ^ S_BOX_CONSTANT).toBe(table[value])
  }
})

test('SHA-2’s constants', () => {
  const constants = roundConstants()
  expect(constants).toHaveLength(80)
  expect(constants[0]).toBe(0x428a2f98d728ae22n)
  expect(constants[79]).toBe(0x6c44198c4a475817n)
  expect((constants[63] ?? 0n) >> 32n).toBe(0xc67178f2n)
  expect(initialWords('SHA-224')[0]).toBe(0xc1059ed8n)
  expect(initialWords('SHA-256')[7]).toBe(0x5be0cd19n)
  expect(initialWords('SHA-384')[0]).toBe(0xcbbb9d5dc1059ed8n)
  expect(initialWords('SHA-512')[7]).toBe(0x5be0cd19137e2179n)
})
