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
import type { Entropy, MlDsaParameters, Provider } from '@softkms/hsm'
import { signMlDsaMessage, verifyMlDsaMessage } from '../../packages/hsm/src/algorithms/ml-dsa/ml-dsa.ts'
import { generateRsaKey } from '../../packages/hsm/src/algorithms/rsa/generate.ts'
import { DOCUMENTED_RATES } from '../documented-rates.ts'
import type { Subject } from '../row.ts'

const ROOT = join(import.meta.dirname, '../..')
const LEVELS = [44, 65, 87] as const
const MODULUS_BITS = [2048, 3072, 4096] as const

const ZEROS: Entropy = { fill: (bytes) => void bytes.fill(0) }

export function findFairInputs(): string | undefined {
  const named = process.env['SOFTKMS_VECTORS']
  const folders = named === undefined ? [join(ROOT, '../shared/vectors'), join(ROOT, 'test/vectors/.cache')] : [named]
  return folders.map((folder) => join(folder, 'cctv')).find((folder) => existsSync(folder))
}

export function createMlDsaSubjects(provider: Provider, folder: string): readonly Subject[] {
  return LEVELS.map((level) => {
    const parameters: MlDsaParameters = `ML-DSA-${level}`
    const texts = JSON.parse(readFileSync(join(folder, `ML-DSA-${level}.json`), 'utf8')) as string[]
    const messages = texts.map((text) => new TextEncoder().encode(text))
    const key = provider.createMlDsaKey(parameters, new Uint8Array(32))
    // By the way that a RAW message takes: node:crypto's own, which hedges, so that its messages are average by chance.
    const sign = (message: Uint8Array) => signMlDsaMessage(provider, key, message, ZEROS)
    const run = async () => {
      for (const message of messages) sign(message)
    }
    const check = async () => {
      for (const message of messages) {
        const isRight = verifyMlDsaMessage(provider, parameters, key.publicKey, message, sign(message))
        if (!isRight) throw new Error('wrong signature')
      }
    }
    const documentedRate = DOCUMENTED_RATES.asymmetric
    return { name: `ML_DSA_${level} sign`, documentedRate, check, run, minSamples: 2, operations: messages.length }
  })
}

/** node:crypto's generation, over candidates of its own: as many keys as it takes. */
export function createNativeGenerationSubjects(native: Provider, entropy: Entropy): readonly Subject[] {
  return MODULUS_BITS.map((bits) => {
    const generate = async () => native.generateRsaKey(bits, entropy)
    const check = async () => {
      if ((await generate()).modulus.length * 8 !== bits) throw new Error('wrong modulus')
    }
    return { name: `RSA_${bits} generate`, check, run: generate, minSamples: 16 }
  })
}

/** Our own generation. */
export function createRsaGenerationSubjects(entropy: Entropy, folder: string): readonly Subject[] {
  return MODULUS_BITS.map((bits) => {
    const lines = readFileSync(join(folder, `rsa.bench.${bits}.txt`), 'utf8')
      .trim()
      .split('\n')
    const candidates = lines.map((line) => Uint8Array.from(Buffer.from(line, 'hex')))
    const generate = async () => {
      let next = 0
      return generateRsaKey(bits, entropy, undefined, () => (candidates[next++] ?? new Uint8Array(bits / 16)).slice())
    }
    const check = async () => {
      if ((await generate()).modulus.length * 8 !== bits) throw new Error('wrong modulus')
    }
    return { name: `RSA_${bits} generate`, check, run: generate, minSamples: 1 }
  })
}
