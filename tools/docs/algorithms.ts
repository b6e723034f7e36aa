/** The page of key specs and algorithms, printed from the HSM's own tables and the counts of vectors. */
import {
  type Algorithm,
  KEY_SPECS,
  type KeyFamilyName,
  type KeySpec,
  type KeyUsage,
  type PrimitiveGroup,
  type Provider,
  algorithmsOf,
  kernelsProvider,
  nobleProvider,
} from '@softkms/hsm'
import { createNativeProvider } from '@softkms/hsm/native'
import {
  ACCEPTABLE,
  CCTV_COUNTS,
  NIST_COUNTS,
  RFC_COUNTS,
  type VectorCount,
  WYCHEPROOF_COUNTS,
  countRun,
} from './vector-counts.ts'
import { formatTable } from './table.ts'

/** What each family follows. */
const STANDARDS: { readonly [Family in KeyFamilyName]: string } = {
  symmetric: 'SP 800-38D, SP 800-108r1',
  hmac: 'FIPS 198-1',
  rsa: 'RFC 8017, FIPS 186-5',
  ec: 'FIPS 186-5, SP 800-56A',
  edwards: 'RFC 8032',
  'ml-dsa': 'FIPS 204',
  'ml-kem': 'FIPS 203',
}

const ML_DSA_SIGNATURES = { 'ML-DSA-44': 2420, 'ML-DSA-65': 3309, 'ML-DSA-87': 4627 } as const
const ML_KEM_CIPHERTEXTS = { 'ML-KEM-512': 768, 'ML-KEM-768': 1088, 'ML-KEM-1024': 1568 } as const

export async function renderAlgorithms(): Promise<string> {
  const native = createNativeProvider()
  const groups = Object.keys(nobleProvider.servedBy) as PrimitiveGroup[]
  await kernelsProvider.prepare?.(groups)
  const rows = (Object.keys(KEY_SPECS) as KeySpec[]).flatMap((spec) =>
    KEY_SPECS[spec].usages.filter((usage) => usage !== 'UNWRAP').map((usage) => formatSpec(spec, usage, native)),
  )
  const run = Object.values(WYCHEPROOF_COUNTS).reduce((sum, count) => sum + countRun(count), 0)
  return `# Algorithms

<!-- Written by \`pnpm run docs\` from packages/hsm/src/key-spec.ts, algorithm-name.ts, the providers and tools/docs/vector-counts.ts. Do not edit. -->

Every key spec of AWS KMS but SM2, which AWS has in China Regions alone and softkms nowhere.

${formatTable(['Key spec', 'Usage', 'Algorithms', 'Sizes', 'Standard', 'Provider', 'Vectors run'], rows)}

_Provider_ is who computes: of the default provider, and of the native one. _Vectors run_ counts the outside tests,
listed below, that are about this very kind of key. RSA_3072 has none for encryption: the code for every size is one, and
OpenSSL is its oracle (\`test/differential/\`).

Key material comes in under an RSA key, by \`RSAES_OAEP_SHA_1\` and \`_256\` or by \`RSA_AES_KEY_WRAP_SHA_1\` and
\`_256\` (RFC 5649 under an AES-256 key). Randomness is CTR_DRBG with AES-256 (SP 800-90A).

## Providers

\`kernels\` is the default: our own WebAssembly, assembled when it is first wanted, where it is allowed and passes its
self-test, and noble for the rest. \`noble\` is the reference and runs anywhere: the @noble libraries, and our own RSA
on BigInt. \`native\`, in the subpath \`@softkms/hsm/native\`, asks node:crypto where the running Node has what is
needed, and kernels for the rest. In the Node of this repository:

${formatTable(
  ['Primitives', 'kernels', 'noble', 'native'],
  groups.map((group) => [group, ...[kernelsProvider, nobleProvider, native].map(({ servedBy }) => servedBy[group])]),
)}

## Vectors

${run.toLocaleString('en')} tests of Wycheproof are run, and each of their verdicts is met. Each run compares its counts with this table.
Further files of the same sets run when they are in the folder; one that fits no set must have a reason.

${formatCounts(WYCHEPROOF_COUNTS)}

Where a result of Wycheproof is \`acceptable\`, either way is right. Decided, by the flag of the test:

${formatTable(
  ['Flag', 'Decision', 'Why'],
  Object.entries(ACCEPTABLE).map(([flag, { isAccepted, reason }]) => [
    flag,
    isAccepted ? 'accepted' : 'refused',
    reason,
  ]),
)}

Known answers from elsewhere, whose sources \`test/vectors/\` names: NIST's, those of RFCs, and C2SP/CCTV's accumulated
ones, of which the slow run has a hundred times as many:

${formatCounts({ ...NIST_COUNTS, ...RFC_COUNTS, ...CCTV_COUNTS })}
`
}

function formatCounts(counts: Readonly<Record<string, VectorCount>>): string {
  return formatTable(
    ['File', 'Algorithm', 'Tests', 'Run', 'Not run'],
    Object.entries(counts).map(([file, count]) => [
      file,
      count.algorithm,
      String(count.tests),
      String(countRun(count)),
      Object.entries(count.skipped ?? {})
        .map(([reason, skipped]) => `${skipped}: ${reason}`)
        .join('; '),
    ]),
  )
}

/** The group of primitives that the commands of a kind of key are made of, before any other. */
function groupOf(family: KeyFamilyName, usage: KeyUsage): PrimitiveGroup {
  switch (family) {
    case 'symmetric':
      return 'AES-256-GCM'
    case 'hmac':
      return 'HMAC'
    case 'rsa':
      return 'RSA'
    case 'ec':
      return usage === 'KEY_AGREEMENT' ? 'ECDH' : 'ECDSA'
    case 'edwards':
      return 'Ed25519'
    case 'ml-dsa':
      return 'ML-DSA'
    case 'ml-kem':
      return 'ML-KEM'
    default:
      return family satisfies never
  }
}

function formatProviders(native: Provider, family: KeyFamilyName, usage: KeyUsage): string {
  const group = groupOf(family, usage)
  return `${kernelsProvider.servedBy[group]} / ${native.servedBy[group]}`
}

function countVectors(spec: KeySpec, usage: KeyUsage): number {
  const counts = [WYCHEPROOF_COUNTS, NIST_COUNTS, RFC_COUNTS, CCTV_COUNTS].flatMap((table) => Object.values(table))
  return counts.filter(({ serves }) => serves === `${spec} ${usage}`).reduce((sum, count) => sum + countRun(count), 0)
}

function formatSpec(spec: KeySpec, usage: KeyUsage, native: Provider): string[] {
  const { family } = KEY_SPECS[spec]
  const algorithms = algorithmsOf(spec, usage)
  return [
    spec,
    usage,
    algorithms.join(', '),
    formatSizes(spec, usage, algorithms),
    STANDARDS[family],
    formatProviders(native, family, usage),
    String(countVectors(spec, usage)),
  ]
}

function formatSizes(spec: KeySpec, usage: KeyUsage, algorithms: readonly Algorithm[]): string {
  const row = KEY_SPECS[spec]
  switch (row.family) {
    case 'symmetric':
      return 'plaintext 1 to 4096 B'
    case 'hmac':
      return `key and tag ${row.materialLength} B`
    case 'rsa': {
      const length = row.modulusBits / 8
      if (usage === 'SIGN_VERIFY') return `signature ${length} B`
      return `ciphertext ${length} B, plaintext up to ${algorithms.map((name) => length - overheadOf(name)).join(', ')} B`
    }
    case 'ec':
      return usage === 'KEY_AGREEMENT' ? 'secret: the x-coordinate' : 'DER signature'
    case 'edwards':
      return 'signature 64 B'
    case 'ml-dsa':
      return `signature ${ML_DSA_SIGNATURES[row.parameters]} B`
    case 'ml-kem':
      return `secret 32 B, ciphertext ${ML_KEM_CIPHERTEXTS[row.parameters]} B`
    default:
      return row satisfies never
  }
}

/** What OAEP takes of a modulus. @spec RFC 8017 §7.1.1 */
function overheadOf(algorithm: Algorithm): number {
  return algorithm === 'RSAES_OAEP_SHA_1' ? 42 : 66
}
