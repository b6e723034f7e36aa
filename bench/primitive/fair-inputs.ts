/**
 * What takes longer for some inputs than for others, timed over inputs whose work is average: ML-DSA signatures, which
 * reject and try again, and RSA key generation, which searches.
 *
 * The inputs are C2SP/CCTV's: messages under the key of the zero seed, signed without hedging, and sequences of prime
 * candidates. They stand beside the repository; without them nothing is timed here, and the bench says so.
 *
 * The messages are representative all together and none by itself: a median over single signatures would leave out the
 * long searches, so one run signs them all.
 */

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Entropy,
  type KeySpec,
  type MlDsaParameters,
  type Provider,
  nobleProvider,
  systemEntropy,
} from '@softkms/hsm'
import { pairRatesOf, ratesOf } from '../../packages/cli/src/bench/request-rates.ts'
import { signMlDsaMessage, verifyMlDsaMessage } from '../../packages/hsm/src/algorithms/ml-dsa/ml-dsa.ts'
import { generateRsaKey } from '../../packages/hsm/src/algorithms/rsa/generate.ts'
import type { OwnProvider } from '../providers.ts'
import { type Subject, assertRight } from '../row.ts'
import { RSA_SIZES } from './inputs.ts'

const ROOT = join(import.meta.dirname, '../..')
const LEVELS = [44, 65, 87] as const
/** As many signatures are verified before all of them are timed. */
const CHECKED_SIGNATURES = 8

const ZEROS: Entropy = { fill: (bytes) => void bytes.fill(0) }

export function findFairInputs(): string | undefined {
  const named = process.env['SOFTKMS_VECTORS']
  const folders = named === undefined ? [join(ROOT, '../shared/vectors'), join(ROOT, 'test/vectors/.cache')] : [named]
  return folders.map((folder) => join(folder, 'cctv')).find((folder) => existsSync(folder))
}

/** @param folder where the inputs are */
export function fairSubjects({ name, provider, computes }: OwnProvider, folder: string): readonly Subject[] {
  return [
    ...(computes('ML-DSA') ? LEVELS.map((level) => mlDsaSignature(provider, level, folder)) : []),
    ...(computes('RSA')
      ? RSA_SIZES.map((bits) =>
          name === 'noble' ? rsaKeyOverCandidates(bits, folder) : rsaKeyByChance(provider, bits),
        )
      : []),
  ]
}

function mlDsaSignature(provider: Provider, level: (typeof LEVELS)[number], folder: string): Subject {
  const name = `ML_DSA_${level} sign`
  const parameters: MlDsaParameters = `ML-DSA-${level}`
  const texts = JSON.parse(readFileSync(join(folder, `ML-DSA-${level}.json`), 'utf8')) as string[]
  const messages = texts.map((text) => new TextEncoder().encode(text))
  return {
    name,
    ...ratesOf('Sign', `ML_DSA_${level}`),
    isSlow: true,
    operations: messages.length,
    prepare() {
      const key = provider.createMlDsaKey(parameters, new Uint8Array(32))
      // By the way that a RAW message takes: node:crypto's own, which hedges, so that its messages are average by chance.
      const sign = (message: Uint8Array) => signMlDsaMessage(provider, key, message, ZEROS)
      for (const message of messages.slice(0, CHECKED_SIGNATURES)) {
        assertRight(verifyMlDsaMessage(nobleProvider, parameters, key.publicKey, message, sign(message)), name)
      }
      return () => {
        for (const message of messages) sign(message)
      }
    },
  }
}

/** Our own search. */
function rsaKeyOverCandidates(bits: number, folder: string): Subject {
  const lines = readFileSync(join(folder, `rsa.bench.${bits}.txt`), 'utf8')
    .trim()
    .split('\n')
  const candidates = lines.map((line) => Uint8Array.from(Buffer.from(line, 'hex')))
  return rsaKey(bits, true, () => {
    let next = 0
    const draw = (): Uint8Array => (candidates[next++] ?? new Uint8Array(bits / 16)).slice()
    return generateRsaKey(bits, systemEntropy, undefined, draw)
  })
}

/** A search over candidates of its own, as many times as it takes. */
function rsaKeyByChance(provider: Provider, bits: number): Subject {
  return rsaKey(bits, false, () => provider.generateRsaKey(bits, systemEntropy))
}

function rsaKey(bits: number, isSlow: boolean, generate: () => { readonly modulus: Uint8Array }): Subject {
  const spec = `RSA_${bits}` as KeySpec
  const name = `${spec} generate`
  return {
    name,
    isSlow,
    ...pairRatesOf(spec),
    prepare() {
      assertRight(generate().modulus.length * 8 === bits, name)
      return generate
    },
  }
}
