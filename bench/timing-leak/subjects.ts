/**
 * What is timed: the kernels' parts that secrets go through, and controls that leak on purpose.
 *
 * A secret is copied to the same place for both classes before anything is timed.
 */

import { equalBytes } from '@softkms/hsm'
import { BATCH, BATCH_BYTES, COUNTER, DATA, EXPECTED_TAG, KEY, TAG } from '../../packages/kernels/src/aes-gcm/layout.ts'
import { type AesGcmExports, assembleAesGcm } from '../../packages/kernels/src/aes-gcm/program.ts'
import { createCurveSubjects } from './curve-subjects.ts'
import { createEdwardsSubjects } from './edwards-subjects.ts'
import { createLatticeSubjects } from './lattice-subjects.ts'
import { createOaepSubjects } from './oaep-subjects.ts'
import { createPowerSubjects } from './power-subjects.ts'
import type { LeakSubject } from './subject.ts'

const HASHED_BYTES = 1024
const TAG_BYTES = 16

export async function createLeakSubjects(): Promise<readonly LeakSubject[]> {
  const kernel = await instantiateKernel()
  const memory = new Uint8Array(kernel.memory.buffer)
  return [
    {
      name: 'AES-256: key schedule and blocks, by key',
      isControl: false,
      secretBytes: KEY.bytes,
      repeats: 16,
      prepare: (secret) => memory.set(secret, KEY.at),
      run() {
        kernel.expandKey()
        kernel.encryptBlocks()
      },
    },
    {
      name: 'AES-256: blocks, by plaintext',
      isControl: false,
      secretBytes: BATCH_BYTES,
      repeats: 16,
      prepare: (secret) => memory.set(secret, BATCH.at),
      run: () => kernel.encryptBlocks(),
    },
    {
      name: 'GHASH block by block, by hash key',
      isControl: false,
      secretBytes: KEY.bytes,
      repeats: 8,
      prepare: (secret) => beginUnder(secret),
      run: () => kernel.absorb(HASHED_BYTES / 4),
    },
    {
      name: 'GHASH in lanes, by hash key',
      isControl: false,
      secretBytes: KEY.bytes,
      repeats: 4,
      prepare: (secret) => beginUnder(secret),
      run: () => kernel.absorb(HASHED_BYTES),
    },
    {
      name: 'GHASH in lanes, by data',
      isControl: false,
      secretBytes: HASHED_BYTES,
      repeats: 4,
      prepare: (secret) => memory.set(secret, DATA.at),
      run: () => kernel.absorb(HASHED_BYTES),
    },
    {
      name: 'comparison of tags, in the kernel',
      isControl: false,
      secretBytes: TAG_BYTES,
      repeats: 64,
      prepare(secret) {
        memory.set(secret, TAG.at)
        memory.set(almostZeros(TAG_BYTES), EXPECTED_TAG.at)
      },
      run: () => kernel.isExpected(),
    },
    comparison('comparison of MACs, in the HSM', false, equalBytes),
    ...(await createPowerSubjects()),
    ...(await createCurveSubjects()),
    ...(await createEdwardsSubjects()),
    ...(await createLatticeSubjects()),
    ...(await createOaepSubjects()),
    comparison('control: a comparison that stops early', true, stopsEarly),
    bitwiseProduct(),
  ]

  function beginUnder(key: Uint8Array): void {
    memory.set(key, KEY.at)
    memory.fill(0, COUNTER.at, COUNTER.at + COUNTER.bytes)
    kernel.expandKey()
    kernel.begin()
    // The tables are part of what the lanes' first use computes; here they are there already.
    kernel.absorb(HASHED_BYTES)
  }
}

async function instantiateKernel(): Promise<AesGcmExports> {
  const { instance } = await WebAssembly.instantiate(Uint8Array.from(assembleAesGcm()))
  return instance.exports as unknown as AesGcmExports
}

function comparison(name: string, isControl: boolean, isSame: (a: Uint8Array, b: Uint8Array) => boolean): LeakSubject {
  const [expected, tag] = [almostZeros(32), new Uint8Array(32)]
  return {
    name,
    isControl,
    secretBytes: tag.length,
    repeats: 256,
    prepare: (secret) => tag.set(secret),
    run: () => isSame(expected, tag),
  }
}

/**
 * What the fixed secret, zeros, differs from in the last byte alone, and a random one in the first: neither is the same,
 * and where the difference is must not show.
 */
function almostZeros(length: number): Uint8Array {
  return new Uint8Array(length).fill(1, length - 1)
}

function stopsEarly(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** GHASH's product as one writes it first: a branch for each bit. */
function bitwiseProduct(): LeakSubject {
  const [factor, power, product] = [new Uint8Array(16), new Uint8Array(16), new Uint8Array(16)]
  return {
    name: 'control: a product with a branch for each bit',
    isControl: true,
    secretBytes: factor.length,
    repeats: 8,
    prepare: (secret) => factor.set(secret),
    run() {
      power.fill(0x5a)
      product.fill(0)
      for (let bit = 0; bit < 128; bit++) {
        if (((factor[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) {
          for (let i = 0; i < 16; i++) product[i] = (product[i] ?? 0) ^ (power[i] ?? 0)
        }
        let carry = 0
        for (let i = 0; i < 16; i++) {
          const byte = power[i] ?? 0
          power[i] = (byte >> 1) | (carry << 7)
          carry = byte & 1
        }
        power[0] = (power[0] ?? 0) ^ (0xe1 * carry)
      }
    },
  }
}
