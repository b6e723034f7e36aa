export { type AesGcmKernel, createAesGcmKernel } from './aes-gcm/aes-gcm.ts'
export { type ModExpKernel, type PreparedModuli, type PreparedModulus, createModExpKernel } from './mod-exp/mod-exp.ts'
export { type PreparedMac, type RunningDigest, type Sha2Kernel, createSha2Kernel } from './sha2/sha2.ts'
export { type Sha2Hash, WORD_BITS, type WordBits } from './sha2/variant.ts'
