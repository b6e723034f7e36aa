/** How an emulator of each service uses softkms: what it does there, and three lines or so that do it. */

interface ServiceExample {
  readonly text: string
  readonly lines: readonly string[]
}

const ROLE = 'arn:aws:iam::111122223333:role/app'

export const SERVICE_EXAMPLES: Readonly<Record<string, ServiceExample>> = {
  backup: byGrant({
    text: 'A vault is sealed when it is made, and opened by AWS Backup itself when a job runs. AWS Backup sends the context of the service whose data it keeps.',
    name: 'backup',
    service: 'backup',
    alias: 'alias/aws/backup',
    context: [`{ 'aws:ebs:id': 'vol-1' }`],
    sourceArn: 'arn:aws:backup:eu-west-1:111122223333:backup-vault:nightly',
  }),
  dynamodb: {
    text: 'A table is under the key that DynamoDB owns, unless its creator names another one and lets DynamoDB have a grant on it.',
    lines: [
      `const dynamodb = kms.asService('dynamodb.amazonaws.com')`,
      `const EncryptionContext = { 'aws:dynamodb:tableName': 'orders', 'aws:dynamodb:subscriberId': '111122223333' }`,
      `const tableKey = await dynamodb.generateDataKey({`,
      `  KeyId: await dynamodb.ownedKey(),`,
      `  KeySpec: 'AES_256',`,
      `  EncryptionContext,`,
      `})`,
      `console.log(tableKey.Plaintext?.length) // 32`,
      `console.log((await kms.listKeys()).Keys) // []`,
    ],
  },
  ec2: byGrant({
    text: 'A volume gets a sealed data key when it is made. To attach it, its user lets EC2 have a grant, through which EC2 itself opens the data key, for this instance and this volume alone.',
    name: 'ec2',
    service: 'ec2',
    alias: 'alias/aws/ebs',
    context: [`{ 'aws:ebs:id': 'vol-1' }`],
    sourceArn: 'arn:aws:ec2:eu-west-1:111122223333:instance/i-1',
  }),
  ecr: forCaller({
    text: 'A layer is sealed when it is pushed, and opened when it is pulled.',
    name: 'ecr',
    service: 'ecr',
    alias: 'alias/aws/ecr',
    context: [
      `{`,
      `  'aws:s3:arn': 'arn:aws:s3:::layers/sha256-1',`,
      `  'aws:ecr:arn': 'arn:aws:ecr:eu-west-1:111122223333:repository/app',`,
      `}`,
    ],
  }),
  elasticfilesystem: byGrant({
    text: 'A file system is sealed when it is made, and opened by EFS itself while it is mounted.',
    name: 'efs',
    service: 'elasticfilesystem',
    alias: 'alias/aws/elasticfilesystem',
    context: [`{ 'aws:elasticfilesystem:filesystem:id': 'fs-1' }`],
    sourceArn: 'arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-1',
  }),
  glue: forCaller({
    text: 'The metadata of tables is sealed for the whole catalog of an account.',
    name: 'glue',
    service: 'glue',
    alias: 'alias/aws/glue',
    context: [`{ glue_catalog_id: '111122223333' }`],
  }),
  kinesis: forCaller({
    text: 'A record is sealed when it is put on a stream, and opened for whoever reads it.',
    name: 'kinesis',
    service: 'kinesis',
    alias: 'alias/aws/kinesis',
    context: [`{ 'aws:kinesis:arn': 'arn:aws:kinesis:eu-west-1:111122223333:stream/clicks' }`],
  }),
  lambda: byGrant({
    text: 'The environment of a function is sealed when it is configured, and opened by Lambda itself when it starts.',
    name: 'lambda',
    service: 'lambda',
    alias: 'alias/aws/lambda',
    context: [`{ 'aws:lambda:FunctionArn': 'arn:aws:lambda:eu-west-1:111122223333:function:app' }`],
    sourceArn: 'arn:aws:lambda:eu-west-1:111122223333:function:app',
  }),
  logs: {
    text: 'Events come in from anywhere, so CloudWatch Logs seals them as itself. The key policy names it, and the log groups for which it may.',
    lines: [
      `const sourceArn = 'arn:aws:logs:eu-west-1:111122223333:log-group:app'`,
      `const account = { Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 'kms:*', Resource: '*' }`,
      `const forLogs = {`,
      `  Effect: 'Allow',`,
      `  Principal: { Service: 'logs.eu-west-1.amazonaws.com' },`,
      `  Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey'],`,
      `  Resource: '*',`,
      `  Condition: { ArnEquals: { 'kms:EncryptionContext:aws:logs:arn': sourceArn } },`,
      `}`,
      `const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [account, forLogs] })`,
      `const { KeyMetadata } = await kms.createKey({ Policy })`,
      ``,
      `const logs = kms.asService('logs.eu-west-1.amazonaws.com', { sourceArn })`,
      `const EncryptionContext = { 'aws:logs:arn': sourceArn }`,
      `const batch = await logs.generateDataKey({ KeyId: KeyMetadata?.Arn, KeySpec: 'AES_256', EncryptionContext })`,
      `console.log(batch.Plaintext?.length) // 32`,
    ],
  },
  rds: byGrant({
    text: 'The storage of a database is sealed when it is made, and opened by RDS itself while it runs.',
    name: 'rds',
    service: 'rds',
    alias: 'alias/aws/rds',
    context: [`{ 'aws:rds:db-id': 'db-1', 'aws:ebs:id': 'vol-1' }`],
    sourceArn: 'arn:aws:rds:eu-west-1:111122223333:db:orders',
  }),
  redshift: byGrant({
    text: 'A cluster is sealed when it is made, and opened by Redshift itself while it runs.',
    name: 'redshift',
    service: 'redshift',
    alias: 'alias/aws/redshift',
    context: [
      `{`,
      `  'aws:redshift:arn': 'arn:aws:redshift:eu-west-1:111122223333:cluster:c',`,
      `  'aws:redshift:createtime': '1',`,
      `}`,
    ],
    sourceArn: 'arn:aws:redshift:eu-west-1:111122223333:cluster:c',
  }),
  s3: forCaller({
    text: 'An object under SSE-KMS has a data key of its own, whose context is the object. With a bucket key the context is the bucket, and S3 keeps the data key for a while.',
    name: 's3',
    service: 's3',
    alias: 'alias/aws/s3',
    context: [`{ 'aws:s3:arn': 'arn:aws:s3:::photos/cat.jpg' }`],
  }),
  sagemaker: byGrant({
    text: 'The volume of a training job is sealed in its user’s name, and opened by SageMaker itself while the job runs.',
    name: 'sagemaker',
    service: 'sagemaker',
    context: [`{ 'aws:ebs:id': 'vol-1' }`],
    sourceArn: 'arn:aws:sagemaker:eu-west-1:111122223333:training-job/one',
  }),
  secretsmanager: forCaller({
    text: 'Each version of a secret has a data key of its own. A rotation opens the current version and seals the next.',
    name: 'secrets',
    service: 'secretsmanager',
    alias: 'alias/aws/secretsmanager',
    context: [
      `{`,
      `  SecretARN: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:db',`,
      `  SecretVersionId: 'version-1',`,
      `}`,
    ],
  }),
  sns: forCaller({
    text: "What is published is sealed in its publisher’s name. To deliver to an encrypted queue SNS calls as itself, `kms.asService('sns.amazonaws.com', { sourceArn })`, and the policy of the queue’s key must name it.",
    name: 'sns',
    service: 'sns',
    alias: 'alias/aws/sns',
    context: [`{ 'aws:sns:topicArn': 'arn:aws:sns:eu-west-1:111122223333:news' }`],
  }),
  sqs: forCaller({
    text: 'A producer draws a data key, which the queue uses for some time; a consumer opens it.',
    name: 'sqs',
    service: 'sqs',
    alias: 'alias/aws/sqs',
    context: [`{ 'aws:sqs:arn': 'arn:aws:sqs:eu-west-1:111122223333:jobs' }`],
  }),
  ssm: {
    text: 'Parameter Store, of Systems Manager, seals a standard parameter with Encrypt; an advanced one has a data key.',
    lines: [
      `const ssm = kms.asService('ssm.amazonaws.com', { onBehalfOf: '${ROLE}' })`,
      `const EncryptionContext = { PARAMETER_ARN: 'arn:aws:ssm:eu-west-1:111122223333:parameter/app' }`,
      `const Plaintext = new TextEncoder().encode('secret')`,
      `const { CiphertextBlob } = await ssm.encrypt({ KeyId: 'alias/aws/ssm', Plaintext, EncryptionContext })`,
      `const opened = await ssm.decrypt({ CiphertextBlob, EncryptionContext })`,
      `console.log(new TextDecoder().decode(opened.Plaintext)) // secret`,
    ],
  },
}

interface ForCaller {
  readonly text: string
  /** Of the constant in the example. */
  readonly name: string
  readonly service: string
  readonly alias: string
  readonly context: readonly string[]
}

/** A service that draws and opens a data key for its caller. */
function forCaller({ text, name, service, alias, context: [first = '', ...rest] }: ForCaller): ServiceExample {
  return {
    text,
    lines: [
      ...asService(name, service),
      `const EncryptionContext = ${first}`,
      ...rest,
      `const { CiphertextBlob } = await ${name}.generateDataKey({`,
      `  KeyId: '${alias}',`,
      `  KeySpec: 'AES_256',`,
      `  EncryptionContext,`,
      `})`,
      `const { Plaintext } = await ${name}.decrypt({ CiphertextBlob, EncryptionContext })`,
      `console.log(Plaintext?.length) // 32`,
    ],
  }
}

interface ByGrant {
  readonly text: string
  readonly name: string
  readonly service: string
  /** Absent for a service that has no AWS managed key. */
  readonly alias?: string
  readonly context: readonly string[]
  readonly sourceArn: string
}

/** A service that leaves itself a grant, and works as itself then. */
function byGrant({ text, name, service, alias, context: [first = '', ...rest], sourceArn }: ByGrant): ServiceExample {
  return {
    text,
    lines: [
      ...(alias === undefined ? [`const { KeyMetadata } = await kms.createKey()`] : []),
      `const sourceArn = '${sourceArn}'`,
      `const EncryptionContext = ${first}`,
      ...rest,
      ...asService(name, service),
      `const { KeyId, CiphertextBlob } = await ${name}.generateDataKeyWithoutPlaintext({`,
      `  KeyId: ${alias === undefined ? 'KeyMetadata?.Arn' : `'${alias}'`},`,
      `  KeySpec: 'AES_256',`,
      `  EncryptionContext,`,
      `})`,
      `const { GrantId } = await ${name}.createGrant({`,
      `  KeyId,`,
      `  GranteeServicePrincipal: '${service}.amazonaws.com',`,
      `  RetiringServicePrincipal: '${service}.amazonaws.com',`,
      `  Operations: ['Decrypt'],`,
      `  Constraints: { EncryptionContextEquals: EncryptionContext, SourceArn: sourceArn },`,
      `})`,
      `const itself = kms.asService('${service}.amazonaws.com', { sourceArn })`,
      `const { Plaintext } = await itself.decrypt({ CiphertextBlob, EncryptionContext })`,
      `console.log(Plaintext?.length) // 32`,
      `await itself.retireGrant({ KeyId, GrantId })`,
    ],
  }
}

/** On one line where it fits. */
function asService(name: string, service: string): readonly string[] {
  const line = `const ${name} = kms.asService('${service}.amazonaws.com', { onBehalfOf: '${ROLE}' })`
  return line.length <= 120
    ? [line]
    : [`const onBehalfOf = '${ROLE}'`, `const ${name} = kms.asService('${service}.amazonaws.com', { onBehalfOf })`]
}
