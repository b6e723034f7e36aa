/**
 * The page of what `softkms inspect` and `softkms explain` show, with traces of real operations.
 *
 * Randomness is fixed, so the same code always prints the same page, and a trace that is no longer true fails the check.
 */
import { testingOnlyEntropy } from '@softkms/hsm/testing'
import { explain } from '../../packages/cli/src/explain/explain.ts'
import type { ExplainedOperation, Explanation } from '../../packages/cli/src/explain/explanation.ts'
import { formatExplanation } from '../../packages/cli/src/explain/format-explanation.ts'
import { formatDump } from '../../packages/cli/src/inspect/dump.ts'
import { inspectBytes } from '../../packages/cli/src/inspect/formats.ts'

const OPTIONS = { paint: (_style: string, text: string): string => text, width: 80 }

export async function renderInspect(): Promise<string> {
  const generated = await trace('generate-data-key')
  const decrypted = await trace('decrypt')
  return `# Seeing it

<!-- Written by \`pnpm run docs\` from tools/docs/inspect.ts. Do not edit. -->

\`softkms inspect\` says of every byte what it is, what it is for and what authenticates it. \`softkms explain\` runs an
operation for real, on a KMS made for it, and tells each step. Both print JSON with \`--json\`. Neither shows a secret:
private numbers are named and counted, and keys, data keys and what is sealed are masked.

## Every byte

\`\`\`sh
softkms inspect blob.bin
aws kms encrypt ... --query CiphertextBlob --output text | softkms inspect
softkms inspect --as token 01bbc120...
\`\`\`

The input is a file, base64, hexadecimal or PEM, and at most 16 MiB. What it is of is found out, or said with \`--as\`:

| format      | is                                                                                    |
| ----------- | ------------------------------------------------------------------------------------- |
| \`blob\`      | a ciphertext blob ([the layout](blob.md))                                             |
| \`token\`     | key material as the HSM wraps it                                                      |
| \`spki\`      | a public key, SubjectPublicKeyInfo                                                    |
| \`pkcs8\`     | a private key, such as that of a data key pair; its private numbers are not shown     |
| \`signature\` | an ECDSA signature in DER; only with \`--as\`, one of RSA, Ed25519 or ML-DSA            |
| \`message\`   | a message of the AWS Encryption SDK, version 2; cut off, it is told as far as it goes |
| \`context\`   | an encryption context in canonical form                                               |

Bytes that are of none of them, or not of the one that was asked for, are refused with the reason and exit code 1. This
is the data key that the trace below generates, sealed:

\`\`\`text
${formatBlob(generated)}
\`\`\`

## Every step

\`\`\`sh
softkms explain encrypt --plaintext 'attack at dawn' --context order=4711
softkms explain decrypt
softkms explain generate-data-key --json
softkms explain re-encrypt --context a=b --to-context c=d
\`\`\`

The word on the right says who does a step: the caller, the engine, or the HSM inside its boundary. _Checked_ says what
is compared at that point, in that order, and what a failure is called.

### GenerateDataKey

\`\`\`text
${formatExplanation(generated, OPTIONS)}
\`\`\`

### Decrypt

\`\`\`text
${formatExplanation(decrypted, OPTIONS)}
\`\`\`

## Key bytes

\`softkms explain --teaching\` shows the keys: those of a teaching HSM, made for one run. It is another HSM,
\`createTeachingHsm\` of \`@softkms/hsm/teaching\`, which wraps the provider of the usual one and looks at what the
primitives are given. The usual HSM tells its steps to an optional \`trace\` and has no place in them for a secret; no
option makes it a teaching one, and nothing but the command line reaches that module.

## In your own program

\`createKms({ trace })\` tells the same steps, raw, to a function of yours:

\`\`\`ts
import { createKms } from 'softkms'

const steps: string[] = []
const kms = await createKms({ trace: ({ step }) => steps.push(step) })
const { KeyMetadata } = await kms.createKey()

steps.length = 0
await kms.encrypt({ KeyId: KeyMetadata?.KeyId ?? '', Plaintext: new TextEncoder().encode('hello') })
console.log(steps.slice(0, 5).join(' ')) // validate resolve authorize permit perform
console.log(steps.slice(5, 9).join(' ')) // token derive open material
console.log(steps.slice(9).join(' ')) // frame draw-nonce derive seal
\`\`\`

The annotators are functions of the packages that own the formats: \`annotateBlob\`, \`annotateContext\` and
\`annotateMessage\` of \`@softkms/envelope\`; \`annotateToken\`, \`annotateSpki\`, \`annotatePkcs8\`, \`annotateSignature\` and
\`annotateRawSignature\` of \`@softkms/hsm\`. Each gives every byte exactly once, or says why the bytes are not of its format.
`
}

async function trace(operation: ExplainedOperation): Promise<Explanation> {
  const question = { plaintext: 'attack at dawn', context: { order: '4711' }, toContext: {}, isTeaching: false }
  return explain({ ...question, operation, entropy: testingOnlyEntropy(new TextEncoder().encode(operation)) })
}

function formatBlob({ steps }: Explanation): string {
  const blob = steps.flatMap(({ bytes }) => bytes).find(({ name }) => name === 'blob')
  const bytes = Buffer.from(blob?.hex ?? '', 'hex')
  const inspection = inspectBytes(bytes, 'blob')
  if ('refusal' in inspection) throw new Error(inspection.refusal)
  return formatDump(bytes, inspection.annotations, { ...OPTIONS, isFull: false }).join('\n')
}
