/** What Ed25519 does with secrets, and what verification does with public scalars as a control. */

import { createEdwards25519Kernel } from '@softkms/kernels'
import type { LeakSubject } from './subject.ts'

const SCALAR_BYTES = 32

export async function createEdwardsSubjects(): Promise<readonly LeakSubject[]> {
  const kernel = await createEdwards25519Kernel()
  const known = new Uint8Array(SCALAR_BYTES).fill(0x5a)
  const scalar = new Uint8Array(SCALAR_BYTES)
  const subject = {
    isControl: false,
    secretBytes: SCALAR_BYTES,
    repeats: 1,
    prepare(secret: Uint8Array) {
      scalar.set(secret)
      // Below 2^252, and so reduced.
      scalar[SCALAR_BYTES - 1] = (scalar[SCALAR_BYTES - 1] ?? 0) & 0x0f
    },
  }
  const signature = Uint8Array.of(...kernel.multiplyBase(known), ...new Uint8Array(SCALAR_BYTES))
  const publicKey = kernel.multiplyBase(known)
  return [
    { ...subject, name: 'Ed25519: base point, by scalar', run: () => kernel.multiplyBase(scalar) },
    {
      ...subject,
      name: 'Ed25519: response, by key',
      repeats: 16,
      run: () => kernel.multiplyAdd(known, scalar, known),
    },
    {
      ...subject,
      name: 'control: Ed25519, verification, by challenge',
      isControl: true,
      run: () => kernel.verify(publicKey, signature, scalar),
    },
  ]
}
