/** RSA's powers: the kernel in each of its arithmetics, by exponent and by base, and BigInt as a control. */

import { modExp } from '../../packages/hsm/src/algorithms/rsa/mod-exp.ts'
import { bytesToNumber } from '../../packages/hsm/src/algorithms/rsa/numbers.ts'
import { fusesMultiplyAdd } from '../../packages/kernels/src/capability.ts'
import { fusedArithmetic } from '../../packages/kernels/src/mod-exp/fused.ts'
import { integerArithmetic } from '../../packages/kernels/src/mod-exp/integer.ts'
import type { Arithmetic } from '../../packages/kernels/src/mod-exp/limbs.ts'
import { instantiateModExp } from '../../packages/kernels/src/mod-exp/mod-exp.ts'
import type { LeakSubject } from './subject.ts'

/** A prime of RSA-2048 is as long. */
const MODULUS_BYTES = 128
/** The first windows of an exponent do what all do, and a sample takes no longer than it must. */
const WINDOWS = 4
const WINDOW_MASK = 0x1f

export async function createPowerSubjects(): Promise<readonly LeakSubject[]> {
  const fused = (await fusesMultiplyAdd()) ? await kernelSubjects('fused multiply-add', fusedArithmetic) : []
  return [...(await kernelSubjects('integers', integerArithmetic)), ...fused, bigintControl()]
}

async function kernelSubjects(name: string, arithmetic: Arithmetic): Promise<readonly LeakSubject[]> {
  const modulus = (await instantiateModExp(arithmetic)).prepare(knownModulus())
  if (modulus === undefined) throw new Error('the kernel does not have the modulus')
  const base = new Uint8Array(MODULUS_BYTES).fill(0x5a)
  const windows = new Uint8Array(WINDOWS).fill(0x15)
  const [secretBase, secretWindows] = [base.slice(), windows.slice()]
  const once = { isControl: false, repeats: 1 }
  return [
    {
      ...once,
      name: `powers on ${name}, by exponent`,
      secretBytes: WINDOWS,
      prepare(secret) {
        for (let i = 0; i < WINDOWS; i++) secretWindows[i] = (secret[i] ?? 0) & WINDOW_MASK
      },
      run: () => modulus.power(base, secretWindows),
    },
    {
      ...once,
      name: `powers on ${name}, by base`,
      secretBytes: MODULUS_BYTES,
      prepare: (secret) => secretBase.set(secret),
      run: () => modulus.power(secretBase, windows),
    },
  ]
}

function bigintControl(): LeakSubject {
  const modulus = bytesToNumber(knownModulus())
  const windows = new Uint8Array(WINDOWS).fill(0x15)
  let base = 0n
  return {
    name: 'control: powers on BigInt, by base',
    isControl: true,
    secretBytes: MODULUS_BYTES,
    repeats: 1,
    prepare(secret) {
      base = bytesToNumber(secret) % modulus
    },
    run: () => modExp(base, windows, modulus),
  }
}

/** Odd, and its bits look like anything's. */
function knownModulus(): Uint8Array {
  return Uint8Array.from({ length: MODULUS_BYTES }, (_, i) => (0xb5 + 0x9d * i * i) & 0xff).fill(
    0xd7,
    MODULUS_BYTES - 1,
  )
}
