export { type Entropy, systemEntropy } from './entropy.ts'
export { HsmError, type HsmErrorCode } from './errors.ts'
export { FRAME_LENGTH, MAX_PLAINTEXT_LENGTH } from './frame.ts'
export type {
  GenerateKeyCommand,
  GenerateSealedDataKeyCommand,
  GeneratedKey,
  Hsm,
  HsmStatus,
  ModuleState,
  OpenCommand,
  ResealCommand,
  SealCommand,
  SealTarget,
  SealedDataKey,
} from './hsm.ts'
export { KEY_SPECS, type KeyOrigin, type KeySpec, type KeyUsage } from './key-spec.ts'
export type { KeyToken } from './key-token.ts'
export { MATERIAL_ID_LENGTH } from './material-id.ts'
export { type HsmOptions, createHsm } from './module.ts'
export type { MacKey, Provider } from './provider.ts'
export { nobleProvider } from './provider/noble.ts'
export { IV_LENGTH, type MessageHeader, NONCE_LENGTH } from './sealed-message.ts'
export type { SelfTestResult } from './self-test.ts'
