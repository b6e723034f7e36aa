/**
 * What the lattices do with secrets: ML-KEM's decapsulation as a whole, and ML-DSA's arithmetic, since signatures take as
 * many attempts as they take.
 */

import { createMlKemKernel } from '@softkms/kernels'
import { PACKED, POLYNOMIAL_BYTES, S1, S2, T0, Y, Z } from '../../packages/kernels/src/ml-dsa/layout.ts'
import { type MlDsaExports, assembleMlDsa } from '../../packages/kernels/src/ml-dsa/program.ts'
import { PARAMETER_SETS } from '../../packages/kernels/src/ml-kem/parameters.ts'
import type { LeakSubject } from './subject.ts'

const PARAMETERS = 'ML-KEM-768'
const ML_DSA_BITS = 20

export async function createLatticeSubjects(): Promise<readonly LeakSubject[]> {
  return [...(await decapsulationSubjects()), await arithmeticSubject()]
}

async function decapsulationSubjects(): Promise<readonly LeakSubject[]> {
  const { secretBytes, ciphertextBytes } = PARAMETER_SETS[PARAMETERS]
  const kernel = await createMlKemKernel()
  const { encapsulationKey, decapsulationKey } = kernel.generate(PARAMETERS, new Uint8Array(64).fill(0x5a))
  const genuine = kernel.encapsulate(PARAMETERS, encapsulationKey, new Uint8Array(32).fill(0x5a))?.ciphertext
  if (genuine === undefined) throw new Error('a key that fails its check')
  const [key, ciphertext] = [decapsulationKey.slice(), genuine.slice()]
  return [
    {
      name: `${PARAMETERS}: decapsulation, genuine or not`,
      isControl: false,
      secretBytes: ciphertextBytes,
      repeats: 1,
      prepare(secret) {
        for (let i = 0; i < ciphertextBytes; i++) ciphertext[i] = (genuine[i] ?? 0) ^ (secret[i] ?? 0)
      },
      run: () => kernel.decapsulate(PARAMETERS, decapsulationKey, ciphertext),
    },
    {
      name: `${PARAMETERS}: decapsulation, by key`,
      isControl: false,
      secretBytes,
      repeats: 1,
      prepare: (secret) => key.set(secret),
      run: () => kernel.decapsulate(PARAMETERS, key, genuine),
    },
  ]
}

/** Every step that a secret polynomial goes through in an attempt at a signature. */
async function arithmeticSubject(): Promise<LeakSubject> {
  const { instance } = await WebAssembly.instantiate(Uint8Array.from(assembleMlDsa()))
  const run = instance.exports as unknown as MlDsaExports
  const memory = new Uint8Array(run.memory.buffer)
  return {
    name: 'ML-DSA: arithmetic, by polynomial',
    isControl: false,
    secretBytes: (ML_DSA_BITS * POLYNOMIAL_BYTES) / 32,
    repeats: 4,
    prepare: (secret) => memory.set(secret, PACKED),
    run() {
      run.unpack(S1, PACKED, ML_DSA_BITS, 2 ** (ML_DSA_BITS - 1))
      run.copy(S2, S1)
      run.transform(S2)
      run.center(S2, S2)
      run.multiply(T0, S2, S2, 1)
      run.invert(T0)
      run.raise(T0, T0)
      run.decomposeCoarse(Y, Z, T0)
      run.add(Z, Z, S1)
      run.reaches(Z, 2 ** (ML_DSA_BITS - 1))
      run.pack(Y, S1, ML_DSA_BITS, 2 ** (ML_DSA_BITS - 1))
    },
  }
}
