/** The tags that keys and signatures are made of, as the bytes they are. @spec X.690 §8.1.2, X.680 §8.4 */

export const TAG = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  sequence: 0x30,
  /** [0] IMPLICIT of a primitive type */
  primitive0: 0x80,
  /** [0] EXPLICIT */
  explicit0: 0xa0,
  /** [1] EXPLICIT */
  explicit1: 0xa1,
} as const

export type DerTag = (typeof TAG)[keyof typeof TAG]

/** In bytes; the longest one here has nine. */
export const MAX_IDENTIFIER_LENGTH = 32
