/**
 * Takes a request out of its caller's hands before anything looks at it.
 *
 * The copy holds the members that the operation's model knows, and of those only the ones that are there: a member that
 * is null is absent. Whatever the caller does to its own objects while the request waits changes nothing, and a getter
 * is asked once. Nothing is judged here; what is of the wrong type goes to the validator as it came.
 */

import { isBytes, isPlainObject, isTime } from './shape/host-type.ts'
import type { ListShape, Shape, StructureShape } from './shape/shape.ts'

/** @throws whatever a getter of the caller's throws */
export function copyInput(shape: Shape, value: unknown): unknown {
  switch (shape.type) {
    case 'structure':
      return isPlainObject(value) ? copyStructure(shape, value) : value
    case 'list':
      return Array.isArray(value) ? copyList(shape, value) : value
    case 'map':
      return isPlainObject(value) ? { ...value } : value
    case 'blob':
      return isBytes(value) ? copyBytes(value) : value
    case 'timestamp':
      return isTime(value) ? new Date(value) : value
    case 'string':
    case 'integer':
    case 'boolean':
      return value
    default:
      return shape satisfies never
  }
}

/** Bytes whose buffer was transferred away are none; only asking for their length is safe. */
function copyBytes(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === 0 ? new Uint8Array(0) : new Uint8Array(bytes)
}

function copyStructure(shape: StructureShape, structure: Readonly<Record<string, unknown>>): object {
  const copy: Record<string, unknown> = {}
  for (const [name, member] of Object.entries(shape.members)) {
    const value = Object.hasOwn(structure, name) ? structure[name] : undefined
    if (value !== undefined && value !== null) copy[name] = copyInput(member.shape, value)
  }
  return copy
}

/** A null in a list stays: it is the validator's to refuse. */
function copyList(shape: ListShape, list: readonly unknown[]): readonly unknown[] {
  return Array.from({ length: list.length }, (_, i) => copyInput(shape.member, list[i]))
}
