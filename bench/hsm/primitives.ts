/** The cryptography alone, the providers beside each other: primitives, and every key spec's operations as HSM commands. */

import {
  type Hsm,
  KEY_SPECS,
  type KeyFamilyName,
  type KeySpec,
  type PrimitiveGroup,
  type Provider,
  createHsm,
  systemEntropy,
} from '@softkms/hsm'
import { measure } from '../measure.ts'
import type { BenchOptions } from '../options.ts'
import { PROVIDERS, type ProviderName, REFERENCE } from '../providers.ts'
import type { Row, Subject } from '../row.ts'
import {
  createMlDsaSubjects,
  createNativeGenerationSubjects,
  createRsaGenerationSubjects,
  findFairInputs,
} from './fair-inputs.ts'
import { createHsmSubjects } from './subjects.ts'
import { createSymmetricSubjects } from './symmetric.ts'

interface Contender {
  readonly name: ProviderName
  readonly provider: Provider
  readonly hsm: Hsm
}

/** What a family's operations cost, for the most part. */
const FAMILY_GROUPS: Readonly<Record<KeyFamilyName, PrimitiveGroup>> = {
  symmetric: 'AES-256-GCM',
  hmac: 'HMAC',
  rsa: 'RSA',
  ec: 'ECDSA',
  edwards: 'Ed25519',
  'ml-dsa': 'ML-DSA',
  'ml-kem': 'ML-KEM',
}

/** Measures each operation for `rowMs` under each provider that serves it and reports it as it is done. */
export async function benchPrimitives(
  { rowMs, only, providers }: BenchOptions,
  report: (row: Row) => void,
): Promise<void> {
  const contenders = await Promise.all(providers.map(contend))
  for (const { name, provider } of contenders) {
    for (const subject of createSymmetricSubjects(provider)) await time(subject, name)
  }
  const specs = Object.keys(KEY_SPECS) as KeySpec[]
  for (const spec of specs.filter((one) => one.startsWith(only))) {
    for (const { name, hsm } of contenders.filter((one) => serves(one, KEY_SPECS[spec].family))) {
      for (const subject of await createHsmSubjects(hsm, spec)) await time(subject, name)
    }
  }
  const folder = findFairInputs()
  if (folder === undefined) {
    console.error('without the CCTV inputs, ML-DSA signatures and RSA key generation are not timed')
    return
  }
  for (const { name, provider } of contenders.filter((one) => serves(one, 'ml-dsa'))) {
    for (const subject of createMlDsaSubjects(provider, folder)) await time(subject, name)
  }
  for (const { name, provider } of contenders.filter((one) => serves(one, 'rsa'))) {
    const subjects =
      name === 'native'
        ? createNativeGenerationSubjects(provider, systemEntropy)
        : createRsaGenerationSubjects(systemEntropy, folder)
    for (const subject of subjects) await time(subject, name)
  }

  async function time(subject: Subject, provider: ProviderName): Promise<void> {
    if (!subject.name.startsWith(only)) return
    const { documentedRate } = subject
    const timing = await measure(subject, rowMs)
    const row: Row = { level: 'primitive', name: subject.name, provider, ...timing }
    report(documentedRate === undefined ? row : { ...row, documentedRate })
  }
}

/** Makes an HSM, and its provider's kernels ready. */
async function contend(name: ProviderName): Promise<Contender> {
  const provider = PROVIDERS[name]
  const hsm = createHsm({ provider })
  await hsm.status()
  return { name, provider, hsm }
}

/** Whether a provider has something of its own for a family: what it leaves to the reference is timed there. */
function serves({ name, provider }: Contender, family: KeyFamilyName): boolean {
  return name === REFERENCE || provider.servedBy[FAMILY_GROUPS[family]] !== REFERENCE
}
