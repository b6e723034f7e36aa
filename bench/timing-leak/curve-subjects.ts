/** Multiplication by secret scalars on a curve of each kind, and what verification does with public ones as a control. */

import { type WeierstrassCurve, type WeierstrassKernel, createWeierstrassKernel } from '@softkms/kernels'
import { fusesMultiplyAdd } from '../../packages/kernels/src/capability.ts'
import type { ArithmeticName } from '../../packages/kernels/src/weierstrass/curve.ts'
import { instantiateWeierstrass } from '../../packages/kernels/src/weierstrass/weierstrass.ts'
import type { LeakSubject } from './subject.ts'

/** One with a = -3, in each of its arithmetics, and one with a = 0: the others take the same steps as the first. */
const MEASURED: readonly (readonly [WeierstrassCurve, ArithmeticName])[] = [
  ['P-256', 'integer'],
  ['P-256', 'fused'],
  ['secp256k1', 'integer'],
]
const ARITHMETICS: Readonly<Record<ArithmeticName, string>> = { integer: 'integers', fused: 'fused multiply-add' }
const SCALAR_BYTES = 32

export async function createCurveSubjects(): Promise<readonly LeakSubject[]> {
  const isFused = await fusesMultiplyAdd()
  const usable = MEASURED.filter(([, arithmetic]) => isFused || arithmetic === 'integer')
  const subjects = await Promise.all(
    usable.map(async ([curve, arithmetic]) =>
      subjectsOf(`${curve} on ${ARITHMETICS[arithmetic]}`, await instantiateWeierstrass(curve, arithmetic)),
    ),
  )
  return [...subjects.flat(), verificationControl(await createWeierstrassKernel('P-256'))]
}

function subjectsOf(name: string, kernel: WeierstrassKernel): readonly LeakSubject[] {
  const known = new Uint8Array(SCALAR_BYTES).fill(0x5a)
  const point = pointOf(kernel, known)
  const scalar = new Uint8Array(SCALAR_BYTES)
  const subject = { isControl: false, secretBytes: SCALAR_BYTES, repeats: 1, prepare: toScalar(scalar) }
  return [
    { ...subject, name: `${name}: base point, by scalar`, run: () => kernel.computePoint(scalar) },
    { ...subject, name: `${name}: any point, by scalar`, run: () => kernel.multiplyPoint(scalar, point) },
    { ...subject, name: `${name}: signature, by key`, run: () => kernel.sign(scalar, known, known) },
    { ...subject, name: `${name}: signature, by nonce`, run: () => kernel.sign(known, known, scalar) },
  ]
}

/** The digest is one of its scalars; the sparser that is, the fewer points are added. */
function verificationControl(kernel: WeierstrassKernel): LeakSubject {
  const one = new Uint8Array(SCALAR_BYTES).fill(1, SCALAR_BYTES - 1)
  const point = pointOf(kernel, new Uint8Array(SCALAR_BYTES).fill(0x5a))
  const scalar = new Uint8Array(SCALAR_BYTES)
  const signature = Uint8Array.of(...one, ...one)
  return {
    name: 'control: P-256, verification, by digest',
    isControl: true,
    secretBytes: SCALAR_BYTES,
    repeats: 1,
    prepare: toScalar(scalar),
    run: () => kernel.verify(point, scalar, signature),
  }
}

/** Below n whatever the secret is, and odd, so not zero: zeros become 1. */
function toScalar(scalar: Uint8Array): (secret: Uint8Array) => void {
  return (secret) => {
    scalar.set(secret)
    scalar[0] = (scalar[0] ?? 0) & 0x7f
    scalar[SCALAR_BYTES - 1] = (scalar[SCALAR_BYTES - 1] ?? 0) | 1
  }
}

function pointOf(kernel: WeierstrassKernel, scalar: Uint8Array): Uint8Array {
  const point = kernel.computePoint(scalar)
  if (point === undefined) throw new Error('a scalar without a point')
  return point
}
