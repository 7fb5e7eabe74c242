import type { LocalAws } from '../aws/server.ts'
import { seedImage } from './images.ts'
import { BATCH_PROFILE, publicKey, VAULT_KEY } from './signed-files.ts'

/** What signs for team-ledger beside its people: a key of KMS, whose private half is kept nowhere, and ECR itself. */
export function seedLedger(aws: LocalAws): void {
  aws.kms.createKey({ ...VAULT_KEY, publicKey: publicKey('vault'), description: 'Signs team-ledger/vault' })
  const { repository, digest } = seedImage('team-ledger/batch:4.0.0')
  aws.ecr.putSigning(repository, digest, [{ signingProfileArn: BATCH_PROFILE, status: 'COMPLETE' }])
  const repositoryFilters = [{ filter: repository, filterType: 'WILDCARD_MATCH' }]
  aws.call('ecr', 'PutSigningConfiguration', {
    signingConfiguration: { rules: [{ signingProfileArn: BATCH_PROFILE, repositoryFilters }] },
  })
}
