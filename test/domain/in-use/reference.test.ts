import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseReference } from '../../../functions/domain/in-use/reference.ts'

const HOST = '123456789012.dkr.ecr.ap-northeast-1.amazonaws.com'
const DIGEST = `sha256:${'4a'.repeat(32)}`
const HERE = { account: '123456789012', region: 'ap-northeast-1' }

describe('a reference to an image', () => {
  it.each([
    ['a tag', `${HOST}/prod/api:1.4.2`, { repository: 'prod/api', tag: '1.4.2' }],
    ['no tag: latest', `${HOST}/api`, { repository: 'api', tag: 'latest' }],
    ['a digest alone', `${HOST}/prod/api@${DIGEST}`, { repository: 'prod/api', digest: DIGEST }],
    ['both', `${HOST}/prod/api:1.4.2@${DIGEST}`, { repository: 'prod/api', tag: '1.4.2', digest: DIGEST }],
    ['a port', `${HOST}:443/prod/api:1`, { repository: 'prod/api', tag: '1' }],
    ['capitals in the host', `${HOST.toUpperCase()}/prod/api:V1`, { repository: 'prod/api', tag: 'V1' }],
    ['a scheme, as people paste it', `https://${HOST}/api:1`, { repository: 'api', tag: '1' }],
    ['how Kubernetes shows it', `docker-pullable://${HOST}/api@${DIGEST}`, { repository: 'api', digest: DIGEST }],
    ['blanks around it', ` ${HOST}/api:1\n`, { repository: 'api', tag: '1' }],
    ['a path of all that ECR allows', `${HOST}/a.b/c_d/e-f:1`, { repository: 'a.b/c_d/e-f', tag: '1' }],
  ])('is read with %s', (_, text, expected) => {
    expect(parseReference(text)).toEqual({ ...HERE, tag: undefined, digest: undefined, ...expected })
  })

  it.each([
    ['China', '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/api:1', 'cn-north-1'],
    ['GovCloud with FIPS', '123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/api:1', 'us-gov-west-1'],
    ['the dual-stack endpoint', '123456789012.dkr-ecr.eu-central-1.on.aws/api:1', 'eu-central-1'],
    ['dual-stack with FIPS', '123456789012.dkr-ecr-fips.us-east-1.on.aws/api:1', 'us-east-1'],
    ['the European sovereign cloud', '123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu/api:1', 'eusc-de-east-1'],
  ])('is one of a private registry by %s', (_, text, region) => {
    expect(parseReference(text)).toMatchObject({ account: '123456789012', region, repository: 'api', tag: '1' })
  })

  it.each([
    'docker.io/library/nginx:1.27',
    'nginx',
    'nginx:latest',
    '',
    '/',
    'public.ecr.aws/docker/library/node:22',
    'ghcr.io/team/app@sha256:abc',
    'localhost:5000/prod/api:1',
    'aws/codebuild/standard:7.0',
    HOST,
    `${HOST}/`,
    `${HOST}/prod/api:`,
    `${HOST}/prod/api@`,
    `${HOST}/prod/api@sha256:abc`,
    `${HOST}/prod/api:\${TAG}`,
    `${HOST}/Prod/API:1`,
    `${HOST}/prod/api:1:2`,
    `my-proxy.example/${HOST}/api:1`,
    '12345.dkr.ecr.ap-northeast-1.amazonaws.com/api:1',
    'dkr.ecr.ap-northeast-1.amazonaws.com/api:1',
  ])('is none of ours: %j', (text) => {
    expect(parseReference(text)).toBeUndefined()
  })

  it('comes back as what it was written from, whatever it was', () => {
    const names = fc.array(fc.constantFrom('a', 'b1', 'c-d', 'e.f', 'g_h'), { minLength: 1, maxLength: 4 })
    const tags = fc.stringMatching(/^\w[\w.-]{0,20}$/)
    fc.assert(
      fc.property(names, fc.option(tags), fc.boolean(), (path, tag, hasDigest) => {
        const repository = path.join('/')
        const text = `${HOST}/${repository}${tag === null ? '' : `:${tag}`}${hasDigest ? `@${DIGEST}` : ''}`
        expect(parseReference(text)).toEqual({
          ...HERE,
          repository,
          tag: tag ?? (hasDigest ? undefined : 'latest'),
          digest: hasDigest ? DIGEST : undefined,
        })
      }),
    )
  })

  it('takes a text of any length without hanging', () => {
    expect(parseReference(`${HOST}/${'a-/'.repeat(100_000)}:`)).toBeUndefined()
    expect(parseReference('1'.repeat(1_000_000))).toBeUndefined()
  })
})
