/** Giving out a memory piece by piece, from its beginning. */

export interface MemoryPlan {
  /** @returns where so many bytes are to stand: whole vectors of the processor's */
  place(bytes: number): number
  /** Behind the last piece. */
  readonly end: number
}

const VECTOR_BYTES = 16

export function planMemory(): MemoryPlan {
  let end = 0
  return {
    place(bytes) {
      const at = end
      end += Math.ceil(bytes / VECTOR_BYTES) * VECTOR_BYTES
      return at
    },
    get end() {
      return end
    },
  }
}
