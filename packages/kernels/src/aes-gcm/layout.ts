/**
 * Where things stand in the kernel's memory, one page of 64 KiB.
 *
 * What depends on a key lies in one piece, from `STATE` on, so that it can be overwritten in one go.
 */

export const BLOCK_BYTES = 16
/** Blocks that are encrypted side by side, one for each bit of a byte. */
export const BATCH_BLOCKS = 8
export const BATCH_BYTES: number = BATCH_BLOCKS * BLOCK_BYTES
/** A state as eight planes: plane i holds bit i of every byte of every block of a batch. */
export const PLANES = 8
export const PLANES_BYTES: number = PLANES * BLOCK_BYTES

const KEY_BYTES = 32
/** Of AES-256. */
export const ROUNDS = 14

/** Blocks that GHASH multiplies side by side, one for each lane of a vector. */
export const LANES = 16
/** A product of a block and a nibble is a byte longer than a block. */
export const TABLE_VECTORS = 17

interface Region {
  readonly at: number
  readonly bytes: number
}

function placeAfter({ at, bytes }: Region, length: number): Region {
  return { at: at + bytes, bytes: length }
}

/** The S-box's 256 values, read whole and in order. */
export const S_BOX: Region = { at: 0, bytes: 256 }

/** From here on everything is secret or was computed from something that is. */
export const STATE: number = S_BOX.bytes

export const KEY: Region = { at: STATE, bytes: KEY_BYTES }
/** The initialization vector and the counter, as a block. */
export const COUNTER: Region = placeAfter(KEY, BLOCK_BYTES)
/** The round keys, each as planes. */
export const ROUND_KEYS: Region = placeAfter(COUNTER, (ROUNDS + 1) * PLANES_BYTES)
/** A batch on its way in, as planes. */
export const INPUT_PLANES: Region = placeAfter(ROUND_KEYS, PLANES_BYTES)
/** A batch of blocks: what goes into the cipher, and what comes out. */
export const BATCH: Region = placeAfter(INPUT_PLANES, BATCH_BYTES)
/** What the tag is hidden under. */
export const TAG_MASK: Region = placeAfter(BATCH, BLOCK_BYTES)
/** The tag that was computed, and the one that came with a message. */
export const TAG: Region = placeAfter(TAG_MASK, BLOCK_BYTES)
export const EXPECTED_TAG: Region = placeAfter(TAG, BLOCK_BYTES)
/** GHASH's accumulator, as it stands in a block. */
export const HASH: Region = placeAfter(EXPECTED_TAG, BLOCK_BYTES)
/** The hash key: its low half, its high half and their sum, each with the bits in order and reversed. */
export const HASH_KEY: Region = placeAfter(HASH, 6 * 8)
/** One of them by which lanes are multiplied. */
export const LANE_KEY: Region = placeAfter(HASH_KEY, BLOCK_BYTES)
/** Products of the lanes' key with each nibble: byte k of all sixteen in vector k, for high and for low nibbles. */
export const HIGH_TABLE: Region = placeAfter(LANE_KEY, TABLE_VECTORS * BLOCK_BYTES)
export const LOW_TABLE: Region = placeAfter(HIGH_TABLE, TABLE_VECTORS * BLOCK_BYTES)
/** The lanes' blocks: byte i of all sixteen in vector i. */
export const LANE_BYTES: Region = placeAfter(LOW_TABLE, LANES * BLOCK_BYTES)
/** Their products, before they are reduced. */
export const LANE_PRODUCT: Region = placeAfter(LANE_BYTES, 2 * LANES * BLOCK_BYTES)
/** How much of `BATCH` has been used as key stream, in bytes. */
export const USED: Region = placeAfter(LANE_PRODUCT, 4)
/** The counter of the next batch. */
export const NEXT_COUNTER: Region = placeAfter(USED, 4)
/** Whether the tables are those of the hash key. */
export const HAS_TABLES: Region = placeAfter(NEXT_COUNTER, 4)

export const STATE_END: number = HAS_TABLES.at + HAS_TABLES.bytes

/** What is read, hashed, encrypted or decrypted at a time; a block of slack behind it takes the padding. */
export const DATA: Region = { at: 8192, bytes: 16_384 }

export const PAGES = 1
