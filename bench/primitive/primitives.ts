/** The cryptography alone: what the boundary asks of a provider, all providers and SoftHSM2 beside each other. */

import { measureAll } from '../measure.ts'
import type { LevelBench } from '../level.ts'
import { readyProviders } from '../providers.ts'
import { openSoftHsm } from '../rivals/softhsm2/softhsm2.ts'
import type { Entry } from '../row.ts'
import { asymmetricSubjects } from './asymmetric.ts'
import { fairSubjects, findFairInputs } from './fair-inputs.ts'
import { symmetricSubjects } from './symmetric.ts'

export const benchPrimitives: LevelBench = async (task) => {
  const { begin, note } = task
  const folder = findFairInputs()
  if (folder === undefined) note('without the CCTV inputs, ML-DSA signatures and RSA key generation are not timed')
  const softHsm = openSoftHsm()
  if (softHsm === undefined) note('SoftHSM2 or its binding is not there: `--rivals` installs the binding')
  try {
    const entries: Entry[] = []
    for (const own of await readyProviders(task.providers)) {
      const subjects = [...symmetricSubjects(own), ...asymmetricSubjects(own)]
      if (folder !== undefined) subjects.push(...fairSubjects(own, folder))
      entries.push(...subjects.map((subject) => ({ provider: own.name, subject })))
    }
    entries.push(...(softHsm?.subjects ?? []).map((subject) => ({ provider: 'softhsm2' as const, subject })))
    begin(entries.map(({ provider }) => provider))
    const isMeasured = ({ subject }: Entry): boolean =>
      !task.pace.isQuick || !/^RSA_[34].* generate$/.test(subject.name)
    await measureAll('primitive', entries.filter(isMeasured), task)
  } finally {
    softHsm?.close()
  }
}
