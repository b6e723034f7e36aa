/** What holds for the annotations of any format, whatever the bytes. */
import type { Annotated, Annotation } from '@softkms/hsm'
import { expect } from 'vitest'

/** @returns the annotations, which must be there */
export function annotationsOf(annotated: Annotated): readonly Annotation[] {
  if ('refusal' in annotated) throw new Error(`refused: ${annotated.refusal}`)
  return annotated.annotations
}

/** @returns why the bytes were refused, or what is wrong with the whole; nothing when nothing is */
export function complaintOf(annotated: Annotated): string {
  return ('refusal' in annotated ? annotated.refusal : annotated.remark) ?? ''
}

/** Every byte once, in order, each with words for all four questions. */
export function expectCovered(annotations: readonly Annotation[], length: number): void {
  let at = 0
  const wrong = annotations.filter(({ offset, length: taken, name, purpose, authenticatedBy }) => {
    const isInPlace = offset === at && taken > 0
    at += taken
    return !isInPlace || name === '' || purpose === '' || authenticatedBy === ''
  })
  expect(wrong).toEqual([])
  expect(at).toBe(length)
}

/** The bytes of the one annotation with this name. */
export function bytesNamed(bytes: Uint8Array, annotations: readonly Annotation[], name: string): Uint8Array {
  const found = annotations.filter((annotation) => annotation.name === name)
  expect(found).toHaveLength(1)
  const [one] = found
  return bytes.subarray(one?.offset, (one?.offset ?? 0) + (one?.length ?? 0))
}

/** A refusal says of which format the bytes are not, and is not a crash. */
export function expectRefusedOrCovered(annotated: Annotated, bytes: Uint8Array): 'refused' | 'covered' {
  if ('refusal' in annotated) {
    expect(annotated.refusal).toMatch(/^not an? .+: .+|^not the (?:canonical form|fixed input) of /)
    return 'refused'
  }
  expectCovered(annotated.annotations, bytes.length)
  return 'covered'
}
