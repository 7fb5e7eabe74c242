import { describe, expect, test } from 'vitest'
import { consoleUrl, objectUrl, pullReference, repositoryArn, shortName } from '../../functions/domain/registry.ts'
import { DIGEST, image } from '../builders.ts'

describe('where an image is', () => {
  test.each([
    ['ap-northeast-1', 'aws', 'ap-northeast-1.console.aws.amazon.com', 'amazonaws.com'],
    ['cn-north-1', 'aws-cn', 'cn-north-1.console.amazonaws.cn', 'amazonaws.com.cn'],
    ['us-gov-west-1', 'aws-us-gov', 'us-gov-west-1.console.amazonaws-us-gov.com', 'amazonaws.com'],
  ])('in %s', (region, partition, host, suffix) => {
    expect(repositoryArn(image({ region }))).toBe(`arn:${partition}:ecr:${region}:123456789012:repository/prod/api`)
    expect(new URL(consoleUrl(image({ region }))).host).toBe(host)
    expect(pullReference(image({ region }))).toBe(`123456789012.dkr.ecr.${region}.${suffix}/prod/api@${DIGEST}`)
  })

  test('a name from outside cannot leave its place in the link', () => {
    const url = new URL(consoleUrl(image({ repository: 'a?b#c/d', digest: 'x?y' })))
    expect(url.search).toBe('?region=ap-northeast-1')
    expect(url.pathname).toContain('/a%3Fb%23c/')
  })

  test('an object of a bucket has a page, whatever it is called', () => {
    expect(objectUrl('cn-north-1', 'b', 'sweep/1/a&b?.html')).toBe(
      'https://cn-north-1.console.amazonaws.cn/s3/object/b?region=cn-north-1&prefix=sweep/1/a%26b%3F.html',
    )
  })

  test('a repository and the registry have pages of their own', () => {
    const { digest: _, ...repository } = image({ tags: [] })
    expect(new URL(consoleUrl(repository)).pathname).toBe('/ecr/repositories/private/123456789012/prod/api')
    expect(new URL(consoleUrl({ ...repository, repository: undefined })).pathname).toBe(
      '/ecr/private-registry/repositories',
    )
  })

  test('is shown by its first tag, or by a short digest', () => {
    expect(shortName(image({ tags: ['b', 'a'] }))).toBe('prod/api:b')
    expect(shortName(image({ tags: [] }))).toBe('prod/api@sha256:4a4a4a4a4a4a')
  })
})
