/** A Secrets Manager: secrets in versions, each under a data key of its own, and rotation that keeps the one before. */
import { randomUUID } from 'node:crypto'
import type { Kms } from 'softkms'
import { type Context, type Sealed, open, seal } from './sealed.ts'

export type Stage = 'AWSCURRENT' | 'AWSPREVIOUS'

export interface SecretsManager {
  createSecret(caller: string, name: string, value: string, keyId?: string): Promise<void>
  getSecretValue(caller: string, name: string, stage?: Stage): Promise<string>
  /** `next` draws the new value. */
  rotateSecret(caller: string, name: string, next: (current: string) => string): Promise<void>
}

interface Version {
  readonly id: string
  readonly sealed: Sealed
}

interface Secret {
  readonly arn: string
  readonly keyId: string
  readonly stages: Readonly<Partial<Record<Stage, Version>>>
}

export function createSecretsManager(kms: Kms): SecretsManager {
  const { account, region } = kms.defaults
  const secrets = new Map<string, Secret>()
  const through = (caller: string) => kms.asService('secretsmanager.amazonaws.com', { onBehalfOf: caller })

  async function addVersion(caller: string, { arn, keyId }: Secret, value: string): Promise<Version> {
    const id = randomUUID()
    return { id, sealed: await seal(through(caller), keyId, contextOf(arn, id), value) }
  }

  function secretNamed(name: string): Secret {
    const secret = secrets.get(name)
    if (secret === undefined) throw new Error('ResourceNotFoundException')
    return secret
  }

  async function readVersion(caller: string, { arn, stages }: Secret, stage: Stage): Promise<string> {
    const version = stages[stage]
    if (version === undefined) throw new Error('ResourceNotFoundException')
    return open(through(caller), version.sealed, contextOf(arn, version.id))
  }

  return {
    async createSecret(caller, name, value, keyId = 'alias/aws/secretsmanager') {
      const arn = `arn:aws:secretsmanager:${region}:${account}:secret:${name}`
      const secret: Secret = { arn, keyId, stages: {} }
      secrets.set(name, { ...secret, stages: { AWSCURRENT: await addVersion(caller, secret, value) } })
    },
    getSecretValue: async (caller, name, stage = 'AWSCURRENT') => readVersion(caller, secretNamed(name), stage),
    async rotateSecret(caller, name, next) {
      const secret = secretNamed(name)
      const current = await readVersion(caller, secret, 'AWSCURRENT')
      const AWSCURRENT = await addVersion(caller, secret, next(current))
      const { AWSCURRENT: AWSPREVIOUS } = secret.stages
      secrets.set(name, { ...secret, stages: { AWSCURRENT, ...(AWSPREVIOUS === undefined ? {} : { AWSPREVIOUS }) } })
    },
  }
}

function contextOf(SecretARN: string, SecretVersionId: string): Context {
  return { SecretARN, SecretVersionId }
}
