export {
  type Algorithm,
  type EncapsulationAlgorithm,
  type EncryptionAlgorithm,
  type KeyAgreementAlgorithm,
  type MacAlgorithm,
  type MessageType,
  type RsaEncryptionAlgorithm,
  SIGNING_ALGORITHMS,
  type SigningAlgorithm,
  algorithmsOf,
  digestLength,
} from './algorithm-name.ts'
export type {
  Curve,
  CurvePrimitives,
  GenerationProgress,
  HashName,
  HashPrimitives,
  LatticePrimitives,
  MlDsaKey,
  MlDsaParameters,
  MlKemKey,
  MlKemParameters,
  RsaPrimitives,
  RsaPrivateKey,
  RsaPrivateNumbers,
  RsaPublicKey,
  RsaPublicNumbers,
  RunningHash,
} from './asymmetric-primitives.ts'
export {
  type Annotated,
  type Annotation,
  type AnnotationKind,
  Annotator,
  type Description,
  type Tour,
} from './annotation.ts'
export { countBytes, formatHex } from './annotations/bytes-in-words.ts'
export { annotateFixedInput } from './annotations/fixed-input.ts'
export { annotateFrame } from './annotations/frame.ts'
export { annotatePkcs8, annotateSignature, annotateSpki } from './annotations/key-encoding.ts'
export { annotateToken } from './annotations/key-token.ts'
export { annotateRawSignature } from './annotations/raw-signature.ts'
export { type CtrDrbg, type CtrDrbgOptions, createCtrDrbg } from './algorithms/ctr-drbg/ctr-drbg.ts'
export { equalBytes, releaseBytes } from './bytes.ts'
export { maxRsaPlaintextLength } from './commands/encrypt.ts'
export { decodeEcdsaSignature, encodeEcdsaSignature } from './encoding/ecdsa-signature.ts'
export { type Entropy, systemEntropy } from './entropy.ts'
export { HsmError, type HsmErrorCode } from './errors.ts'
export { FRAME_LENGTH, MAX_PLAINTEXT_LENGTH } from './frame.ts'
export type {
  DecapsulateCommand,
  DeriveSharedSecretCommand,
  EncapsulateCommand,
  EncapsulatedSecret,
  EncryptionTarget,
  GenerateKeyCommand,
  GenerateSealedDataKeyCommand,
  GenerateSealedKeyPairCommand,
  GeneratedKey,
  HeaderLayout,
  Hsm,
  HsmStatus,
  ImportKeyCommand,
  KeyDescription,
  MacCommand,
  ModuleState,
  OpenCommand,
  OpenRsaCommand,
  OpenSealedCommand,
  ResealCommand,
  RsaTarget,
  SealCommand,
  SealTarget,
  SealedDataKey,
  SealedKeyPair,
  SignCommand,
  VerifyCommand,
  VerifyMacCommand,
  WrappingAlgorithm,
} from './hsm.ts'
export {
  DATA_KEY_PAIR_SPECS,
  type DataKeyPairSpec,
  KEY_SPECS,
  type KeyFamilyName,
  type KeyOrigin,
  type KeySpec,
  type KeySpecRow,
  type KeyUsage,
  type KmsKeyUsage,
  hasPublicKey,
} from './key-spec.ts'
export type { KeyToken, TokenFields } from './key-token.ts'
export { MATERIAL_ID_LENGTH } from './material-id.ts'
export type { MessagePrimitives } from './message-primitives.ts'
export { type HsmOptions, createHsm } from './module.ts'
export type { PrimitiveGroup, Provider } from './provider.ts'
export { kernelsProvider } from './provider/kernels/kernels.ts'
export { nobleProvider } from './provider/noble.ts'
export { IV_LENGTH, type MessageHeader, NONCE_LENGTH } from './sealed-message.ts'
export { Secret } from './secret.ts'
export type { PairWiseResult, SelfTestResult, SelfTestedAlgorithm } from './self-test.ts'
export type {
  BlockPrimitives,
  GcmPrimitives,
  KeyWrapPrimitives,
  MacHash,
  MacKey,
  MacPrimitives,
} from './symmetric-primitives.ts'
export type { HsmStep, HsmTrace } from './trace.ts'
