/**
 * The AWS services that use KMS keys: what each may ask of KMS, and how it does.
 *
 * The one table of services. What the engine refuses a service, the aliases of AWS managed keys and the policies of keys
 * that services use all derive from it.
 *
 * @spec KMS authorization §7, §8
 */

/** How the policy of a service's AWS managed key is written. */
export interface ManagedKeyRow {
  /** What follows `alias/aws/`. */
  readonly alias: string
  /** The last part of the policy's id. */
  readonly edition: number
  /** What the policy lets everybody in the account do through the service. */
  readonly actions: readonly string[]
}

export interface AwsService {
  /** The first part of the service's principal and of `kms:ViaService`, such as `s3`. */
  readonly code: string
  /** As AWS writes it. */
  readonly title: string
  /** Actions, without `kms:`, that it asks for; all others it is denied, whatever policies say. */
  readonly actions: ReadonlySet<string>
  /** The keys of the encryption contexts that it sends. */
  readonly contextKeys: readonly string[]
  /** Absent where a service has no AWS managed key. */
  readonly managed?: ManagedKeyRow
}

const USE = ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey']
const USE_AND_GRANT = [...USE.slice(0, -1), 'kms:CreateGrant', 'kms:DescribeKey']

/** Of a service that is called for each piece of data, and asks for its data key then. */
const DATA_KEYS = 'Decrypt GenerateDataKey'

/** Of a service that works on after the call: it looks at the key, leaves itself a grant, and gives it back. */
const GRANTS = `CreateGrant DescribeKey GenerateDataKeyWithoutPlaintext RetireGrant ${DATA_KEYS}`

const SERVICES: ReadonlyMap<string, AwsService> = new Map(
  [
    row('backup', 'Backup', GRANTS, [], { edition: 1, actions: USE_AND_GRANT }),
    row(
      'dynamodb',
      'DynamoDB',
      `Encrypt ReEncryptFrom ReEncryptTo ${GRANTS}`,
      ['aws:dynamodb:tableName', 'aws:dynamodb:subscriberId'],
      { edition: 1, actions: USE_AND_GRANT },
    ),
    row('ec2', 'EBS', GRANTS, ['aws:ebs:id'], { alias: 'ebs', edition: 2, actions: USE_AND_GRANT }),
    row('ecr', 'ECR', DATA_KEYS, ['aws:s3:arn', 'aws:ecr:arn'], { edition: 1, actions: USE_AND_GRANT }),
    row('elasticfilesystem', 'EFS', GRANTS, ['aws:elasticfilesystem:filesystem:id'], {
      edition: 1,
      actions: USE_AND_GRANT,
    }),
    row('glue', 'Glue', DATA_KEYS, ['glue_catalog_id'], { edition: 1, actions: USE_AND_GRANT }),
    row('kinesis', 'Kinesis', DATA_KEYS, ['aws:kinesis:arn'], { edition: 1, actions: USE }),
    row('lambda', 'Lambda', `Encrypt ${GRANTS}`, ['aws:lambda:FunctionArn'], { edition: 1, actions: USE_AND_GRANT }),
    row('logs', 'CloudWatch Logs', `Encrypt ${DATA_KEYS}`, ['aws:logs:arn']),
    row('rds', 'RDS', GRANTS, ['aws:rds:db-id', 'aws:ebs:id'], { edition: 2, actions: USE_AND_GRANT }),
    row('redshift', 'Redshift', GRANTS, ['aws:redshift:arn', 'aws:redshift:createtime'], {
      edition: 1,
      actions: USE_AND_GRANT,
    }),
    row('s3', 'S3', DATA_KEYS, ['aws:s3:arn'], { edition: 2, actions: USE }),
    row('sagemaker', 'SageMaker', GRANTS, ['aws:ebs:id', 'aws:s3:arn']),
    row('secretsmanager', 'Secrets Manager', DATA_KEYS, ['SecretARN', 'SecretVersionId'], {
      edition: 2,
      actions: USE_AND_GRANT,
    }),
    row('sns', 'SNS', DATA_KEYS, ['aws:sns:topicArn'], { edition: 1, actions: USE }),
    row('sqs', 'SQS', DATA_KEYS, ['aws:sqs:arn'], { edition: 1, actions: USE }),
    row('ssm', 'SSM', `Encrypt ${DATA_KEYS}`, ['PARAMETER_ARN'], { edition: 1, actions: USE }),
  ].map((service) => [service.code, service]),
)

/** In the order of their codes. */
export const AWS_SERVICES: readonly AwsService[] = [...SERVICES.values()]

const BY_ALIAS: ReadonlyMap<string, AwsService> = new Map(
  AWS_SERVICES.flatMap((service) => (service.managed === undefined ? [] : [[service.managed.alias, service]])),
)

const PRINCIPAL = /^(?<code>[a-z0-9-]+)(?:\.(?:[a-z]+-){2,3}[0-9]+)?\.amazonaws\.com$/
const PREFIX = 'alias/aws/'

/**
 * @param principal such as `s3.amazonaws.com`, or with a Region, `logs.eu-west-1.amazonaws.com`
 * @returns `undefined` for a service that is not in the table, and for anything else
 */
export function findService(principal: string): AwsService | undefined {
  return SERVICES.get(PRINCIPAL.exec(principal)?.groups?.['code'] ?? '')
}

/** @returns the service whose AWS managed key has this alias, or `undefined` when there is none */
export function serviceOfAlias(aliasName: string): AwsService | undefined {
  return aliasName.startsWith(PREFIX) ? BY_ALIAS.get(aliasName.slice(PREFIX.length)) : undefined
}

/** Whether it works on under a grant after whoever called it has gone. */
export function isWorkingByGrant({ actions }: AwsService): boolean {
  return actions.has('CreateGrant')
}

/** What `kms:ViaService` says of a call through the service; the suffix is the same in every partition. */
export function formatViaService({ code }: AwsService, region: string): string {
  return `${code}.${region}.amazonaws.com`
}

function row(
  code: string,
  title: string,
  actions: string,
  contextKeys: readonly string[],
  managed?: Omit<ManagedKeyRow, 'alias'> & Partial<Pick<ManagedKeyRow, 'alias'>>,
): AwsService {
  return {
    code,
    title,
    actions: new Set(actions.split(' ').toSorted()),
    contextKeys,
    ...(managed === undefined ? {} : { managed: { alias: code, ...managed } }),
  }
}
