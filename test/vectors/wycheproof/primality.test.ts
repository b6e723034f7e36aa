/**
 * The primality test against Wycheproof: Carmichael numbers, strong pseudoprimes, and numbers made to pass.
 *
 * @covers FIPS 186-5 §B.3.1
 */

import { bytesToNumber } from '../../../packages/hsm/src/algorithms/rsa/numbers.ts'
import { ROUNDS_FOR_GIVEN, isProbablePrime } from '../../../packages/hsm/src/algorithms/rsa/prime.ts'
import { systemEntropy } from '../../../packages/hsm/src/entropy.ts'
import { runs } from '../../support/runs.ts'
import { fromHex } from '../../support/vectors.ts'
import { type WycheproofTest, testWycheproof } from '../../support/wycheproof.ts'

interface PrimalityTest extends WycheproofTest {
  /** Two's complement. */
  readonly value: string
}

/** Even sixteen let none of the file's composites pass more often than once in 2^32. */
const ROUNDS = runs(16, ROUNDS_FOR_GIVEN)

testWycheproof<PrimalityTest, { readonly tests: readonly PrimalityTest[] }>('primality', {
  run(one) {
    const value = BigInt.asIntN(4 * one.value.length, bytesToNumber(fromHex(one.value)))
    return isProbablePrime(value, ROUNDS, systemEntropy)
  },
})
