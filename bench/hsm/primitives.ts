/** The cryptography alone: every key spec's operations as HSM commands, the providers beside each other. */

import { type Hsm, KEY_SPECS, type KeySpec, type Provider, createHsm, nobleProvider, systemEntropy } from '@softkms/hsm'
import { createNativeProvider } from '@softkms/hsm/native'
import { measure } from '../measure.ts'
import type { Row, Subject } from '../row.ts'
import {
  createMlDsaSubjects,
  createNativeGenerationSubjects,
  createRsaGenerationSubjects,
  findFairInputs,
} from './fair-inputs.ts'
import { createHsmSubjects } from './subjects.ts'

interface Contender {
  readonly name: 'noble' | 'native'
  readonly provider: Provider
  readonly hsm: Hsm
}

/**
 * Measures each operation for `timeMs` under each provider and reports it as it is done.
 *
 * @param only a key spec, or the beginning of some; all of them when empty
 */
export async function benchPrimitives(timeMs: number, report: (row: Row) => void, only: string): Promise<void> {
  const native = createNativeProvider()
  const contenders = [contend('noble', nobleProvider), contend('native', native)]
  const specs = Object.keys(KEY_SPECS) as KeySpec[]
  for (const spec of specs.filter((one) => one.startsWith(only))) {
    for (const { name, hsm } of contenders) {
      for (const subject of await createHsmSubjects(hsm, spec)) await time(subject, name)
    }
  }
  const folder = findFairInputs()
  if (folder === undefined) {
    console.error('without the CCTV inputs, ML-DSA signatures and RSA key generation are not timed')
    return
  }
  for (const { name, provider } of contenders) {
    for (const subject of createMlDsaSubjects(provider, folder)) await time(subject, name)
  }
  for (const subject of createRsaGenerationSubjects(systemEntropy, folder)) await time(subject, 'noble')
  for (const subject of createNativeGenerationSubjects(native, systemEntropy)) await time(subject, 'native')

  async function time(subject: Subject, provider: Contender['name']): Promise<void> {
    if (!subject.name.startsWith(only)) return
    const { documentedRate } = subject
    const timing = await measure(subject, timeMs)
    const row: Row = { level: 'primitive', name: subject.name, provider, ...timing }
    report(documentedRate === undefined ? row : { ...row, documentedRate })
  }
}

function contend(name: Contender['name'], provider: Provider): Contender {
  return { name, provider, hsm: createHsm({ provider }) }
}
