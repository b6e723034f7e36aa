/**
 * The known answer of CTR_DRBG: instantiated, reseeded, two requests, each with additional input, the second compared.
 *
 * @spec NIST CAVP, drbgvectors_pr_false, CTR_DRBG.rsp, [AES-256 no df], AdditionalInputLen = 384, COUNT = 0
 */

import { equalBytes, parseHex } from '../../bytes.ts'
import type { Entropy } from '../../entropy.ts'
import type { BlockPrimitives } from '../../symmetric-primitives.ts'
import { createCtrDrbg } from './ctr-drbg.ts'

const ENTROPY_INPUT = '99903165903fea49c2db26ed675e44cc14cb2c1f28b836b203240b02771e831146ffc4335373bb344688c5c950670291'
const ENTROPY_INPUT_RESEED =
  'b4ee99fa9e0eddaf4a3612013cd636c4af69177b43eebb3c58a305b9979b68b5cc820504f6c029aad78a5d29c66e84a0'
const ADDITIONAL_INPUT_RESEED =
  '2d8c5c28b05696e74774eb69a10f01c5fabc62691ddf7848a8004bb5eeb4d2c5febe1aa01f4d557b23d7e9a0e4e90655'
const ADDITIONAL_INPUT_1 =
  '0dc9cde42ac6e856f01a55f219c614de90c659260948db5053d414bab0ec2e13e995120c3eb5aafc25dc4bdcef8ace24'
const ADDITIONAL_INPUT_2 =
  '711be6c035013189f362211889248ca8a3268e63a7eb26836d915810a680ac4a33cd1180811a31a0f44f08db3dd64f91'
const RETURNED_BITS =
  '11c7a0326ea737baa7a993d510fafee5374e7bbe17ef0e3e29f50fa68aac2124' +
  'b017d449768491cac06d136d691a4e80785739f9aaedf311bba752a3268cc531'

export function passesCtrDrbgCast(primitives: BlockPrimitives): boolean {
  const seeds = [parseHex(ENTROPY_INPUT), parseHex(ENTROPY_INPUT_RESEED)]
  const source: Entropy = { fill: (bytes) => bytes.set(seeds.shift() ?? []) }
  const drbg = createCtrDrbg(primitives, { source })
  drbg.reseed(parseHex(ADDITIONAL_INPUT_RESEED))

  const returned = new Uint8Array(RETURNED_BITS.length / 2)
  drbg.fill(returned, parseHex(ADDITIONAL_INPUT_1))
  drbg.fill(returned, parseHex(ADDITIONAL_INPUT_2))
  drbg.zeroize()
  return equalBytes(returned, parseHex(RETURNED_BITS))
}
