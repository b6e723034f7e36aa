export { type AesGcmKernel, createAesGcmKernel } from './aes-gcm/aes-gcm.ts'
