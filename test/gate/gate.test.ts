import { describe, expect, test } from 'vitest'
import type { GateResult } from '../../functions/domain/gate/result.ts'
import { Gone, Unreadable } from '../../functions/faults.ts'
import { gate } from '../../functions/gate/gate.ts'
import type { GateQuestion } from '../../functions/gate/ports.ts'
import { imageManifest } from '../policy/image/manifests.ts'
import { basic, enhanced, ports, question, REPOSITORY, startGateRegistry } from './registry.ts'

const CHART = imageManifest(undefined, {
  config: { mediaType: 'application/vnd.cncf.helm.config.v1+json', digest: `sha256:${'c'.repeat(64)}`, size: 2 },
})
const here = startGateRegistry()

type Asked = { readonly result: GateResult; readonly said: readonly string[]; readonly calls: readonly string[] }

async function ask(change: Partial<GateQuestion> = {}, onPause?: (waited: number) => void): Promise<Asked> {
  const said: string[] = []
  const before = here.aws.calls.length
  const result = await gate(question(here, change), ports(here, onPause), (what) => said.push(what))
  return { result, said, calls: here.aws.calls.slice(before).map(({ operation }) => operation) }
}

const at = (tag: string): Partial<GateQuestion> => ({ name: { tag } })

describe('a scan that is there', () => {
  test('of an image for one platform takes two calls, of which none is a pull', async () => {
    here.scan(here.image('1.4.2'), basic('CVE-2026-1', 'CRITICAL'), basic('CVE-2026-2', 'LOW'))
    const { result, said, calls } = await ask()
    expect(result).toMatchObject({ verdict: 'fail', scanning: 'basic', counts: { CRITICAL: 1, LOW: 1 } })
    expect([said, calls]).toEqual([[], ['DescribeImages', 'DescribeImageScanFindings']])
    expect(result.platforms[0]?.scannedAt).toBe('2026-11-20T09:00:00.000Z')
  })

  test('of enhanced scanning is known by its shape, whatever its status', async () => {
    const digest = here.image('enhanced', 'enhanced')
    for (const status of ['ACTIVE', 'COMPLETE']) {
      here.aws.ecr.putScan(REPOSITORY, digest, {
        status: { status },
        enhancedFindings: [enhanced('CVE-2026-1', 'HIGH', '3.0.15')],
      })
      const { result } = await ask({ name: { digest } })
      expect(result).toMatchObject({ verdict: 'fail', scanning: 'enhanced', upgrades: [{ to: '3.0.15', closes: 1 }] })
      expect(result.image.tag).toBeUndefined()
    }
  })

  test('of every page: one that is on the last is not missed', async () => {
    const low = Array.from({ length: 1_500 }, (_, index) => basic(`CVE-2026-${index}`, 'LOW', `p${index}`))
    here.scan(here.image('long', 'long'), ...low, basic('CVE-2025-9', 'CRITICAL'))
    const { result } = await ask(at('long'))
    expect([result.verdict, result.findings.length, result.findings[0]?.id]).toEqual(['fail', 1_501, 'CVE-2025-9'])
  })

  test('of an index is that of each platform', async () => {
    const [digest, amd, arm] = here.index('2.0.0')
    here.scan(amd)
    here.scan(arm, basic('CVE-2026-1', 'CRITICAL'))
    const { result } = await ask(at('2.0.0'))
    expect(result).toMatchObject({ verdict: 'fail', image: { digest, index: true } })
    expect(result.findings[0]?.platforms).toEqual(['linux/arm64'])
    expect(result.platforms.map((one) => one.digest)).toEqual([amd, arm])
  })
})

describe('a scan that is not there', () => {
  test('is waited for, ever more rarely, and judged once it is', async () => {
    const digest = here.image('soon', 'soon')
    here.aws.ecr.putScan(REPOSITORY, digest, { status: { status: 'IN_PROGRESS' } })
    const waits: number[] = []
    const { result, said, calls } = await ask(at('soon'), (waited) => {
      waits.push(waited)
      if (waited > 5_000) here.scan(digest, basic('CVE-2026-1', 'CRITICAL'))
    })
    expect([result.verdict, waits]).toEqual(['fail', [1_000, 2_500, 4_750, 8_125]])
    expect(said).toEqual(Array.from({ length: 4 }, () => 'the scan is IN_PROGRESS'))
    // The tag is looked at again, since it may have moved.
    expect(calls.at(-1)).toBe('DescribeImages')
    expect(result.moved).toBeUndefined()
  })

  test('is unknown when the time is over, and never waited for longer', async () => {
    here.image('never', 'never')
    const waits: number[] = []
    const { result, said } = await ask(at('never'), (waited) => waits.push(waited))
    expect([result.verdict, waits.at(-1)]).toEqual(['unknown', 60_000])
    expect(result.reasons).toEqual([
      expect.stringMatching(/^It is not scanned, and was not within 60 s\. Have the registry scan on push/),
    ])
    expect(said[0]).toBe('no scan yet')
  })

  test('is not waited for where it has failed, is not supported or archived', async () => {
    const digest = here.image('failed', 'failed')
    for (const status of ['FAILED', 'UNSUPPORTED_IMAGE', 'SCAN_ELIGIBILITY_EXPIRED', 'IMAGE_ARCHIVED', 'NEW_WORD']) {
      here.aws.ecr.putScan(REPOSITORY, digest, { status: { status, description: 'Why.' } })
      const { result, said } = await ask({ name: { digest } })
      expect([result.verdict, said, result.platforms[0]?.status]).toEqual(['unknown', [], status])
    }
  })

  test('of one platform of an index alone is read again', async () => {
    const [, amd, arm] = here.index('half')
    here.scan(amd)
    const { calls, said } = await ask(at('half'), () => here.scan(arm))
    expect(calls.filter((operation) => operation === 'DescribeImageScanFindings')).toHaveLength(3)
    expect(said).toEqual(['linux/arm64: no scan yet'])
  })

  test('of several says how many there are', async () => {
    here.index('none')
    expect((await ask({ ...at('none'), timeout: 1_000 })).said[0]).toBe('linux/amd64: no scan yet, and 1 more')
  })
})

describe('a scan of Inspector that has just begun', () => {
  const active = (digest: string, change: object = {}) => {
    const { status, ...scan } = { status: 'ACTIVE', enhancedFindings: [], ...change }
    here.aws.ecr.putScan(REPOSITORY, digest, { ...scan, status: { status } })
  }
  /** ECR tells nothing of when it was complete. */
  const untold = () =>
    here.aws.faults.inject({
      ...{ service: 'ecr', operation: 'DescribeImageScanFindings', times: 99 },
      error: { body: JSON.stringify({ imageScanStatus: { status: 'ACTIVE' }, imageScanFindings: { findings: [] } }) },
    })
  const push = (tag: string, ago: number): string => here.image(tag, tag, new Date(here.aws.clock.now() - ago))

  test('is not taken at its word that it found nothing, until five minutes after the push', async () => {
    push('settling', 0)
    untold()
    const { result, said } = await ask({ ...at('settling'), timeout: 600_000 })
    expect([result.verdict, said[0]]).toEqual(['pass', 'the scan is ACTIVE'])
    expect((await ask(at('settling'))).said).toEqual([])
  })

  test('has its findings judged as soon as they are there', async () => {
    const digest = push('found', 0)
    untold()
    const { result } = await ask(at('found'), () => {
      here.aws.faults.clear()
      active(digest, { enhancedFindings: [enhanced('CVE-2026-1', 'CRITICAL')] })
    })
    expect(result.verdict).toBe('fail')
  })

  test('is unknown where there is no time to wait; one that says when it was complete is believed', async () => {
    push('hasty', 0)
    untold()
    expect((await ask({ ...at('hasty'), timeout: 0 })).result).toMatchObject({ verdict: 'unknown' })
    here.aws.faults.clear()
    active(push('told', 0), { completedAt: new Date(here.aws.clock.now()) })
    expect((await ask(at('told'))).said).toEqual([])
  })
})

describe('a scan that is asked for', () => {
  test('is started where there is none, waited for, and judged', async () => {
    here.image('start', 'start')
    const { result, said, calls } = await ask({ ...at('start'), startScan: 'missing' })
    expect([result.verdict, said[0]]).toEqual(['pass', 'a scan was started'])
    expect(calls.filter((operation) => operation === 'StartImageScan')).toHaveLength(1)
    expect((await ask({ ...at('start'), startScan: 'missing' })).calls).not.toContain('StartImageScan')
  })

  test('again within a day shows the last one; it is no throttle, and not asked for twice', async () => {
    const { said, calls } = await ask({ ...at('start'), startScan: 'always' })
    expect(said).toEqual([expect.stringContaining('basic scanning allows no more: that scan counts')])
    expect(calls.filter((operation) => operation === 'StartImageScan')).toHaveLength(1)
  })

  test('under enhanced scanning is none: what it knows counts', async () => {
    here.aws.ecr.setScanType('ENHANCED')
    const digest = here.image('inspector', 'inspector')
    here.scanEnhanced(digest, enhanced('CVE-2026-1', 'HIGH'))
    const { result, said } = await ask({ ...at('inspector'), startScan: 'always' })
    here.aws.ecr.setScanType('BASIC')
    expect([result.verdict, said]).toEqual(['fail', [expect.stringContaining('enhanced scanning scans by itself')]])
  })

  test('that ECR cannot do is said', async () => {
    here.image('unsupported', 'unsupported')
    here.aws.faults.inject({
      service: 'ecr',
      operation: 'StartImageScan',
      error: { code: 'UnsupportedImageTypeException' },
    })
    const { said } = await ask({ ...at('unsupported'), startScan: 'missing', timeout: 0 })
    expect(said).toEqual(['ECR cannot scan it'])
  })

  test('and may not be asked for is an error', async () => {
    here.aws.faults.inject({ service: 'ecr', operation: 'StartImageScan', error: { code: 'AccessDeniedException' } })
    await expect(ask({ ...at('unsupported'), startScan: 'missing' })).rejects.toThrow(Unreadable)
    here.aws.faults.inject({
      service: 'ecr',
      operation: 'StartImageScan',
      error: { code: 'ValidationException', message: 'No.' },
    })
    await expect(ask({ ...at('unsupported'), startScan: 'missing' })).rejects.toThrow(
      'ECR answered ValidationException to StartImageScan',
    )
  })
})

describe('what ECR answers without saying what it found', () => {
  const complete = { imageScanStatus: { status: 'COMPLETE' } }
  test.each([
    ['nothing of findings', complete, 'unknown'],
    ['empty findings', { ...complete, imageScanFindings: {} }, 'unknown'],
    ['no status', { imageScanFindings: { findings: [] } }, 'unknown'],
    ['neither', {}, 'unknown'],
    ['findings, and no counts', { ...complete, imageScanFindings: { findings: [basic('CVE-1', 'CRITICAL')] } }, 'fail'],
    ['counts, and no findings', { ...complete, imageScanFindings: { findingSeverityCounts: { CRITICAL: 1 } } }, 'fail'],
    [
      'more counts than findings',
      { ...complete, imageScanFindings: { findingSeverityCounts: { CRITICAL: 2, TOTAL: 2 }, findings: [] } },
      'fail',
    ],
    [
      'a severity that nobody knows',
      { ...complete, imageScanFindings: { findings: [{ name: 'CVE-1', severity: 'SEVERE' }] } },
      'pass',
    ],
    [
      'no findings and empty counts',
      { ...complete, imageScanFindings: { findings: [], findingSeverityCounts: {} } },
      'pass',
    ],
    [
      'what is suppressed, counted or not',
      {
        ...complete,
        imageScanFindings: {
          enhancedFindings: [{ ...enhanced('CVE-1', 'CRITICAL'), status: 'SUPPRESSED' }],
          findingSeverityCounts: { CRITICAL: 1 },
        },
      },
      'pass',
    ],
  ] as const)('%s', async (_, answer, verdict) => {
    here.aws.faults.inject({
      service: 'ecr',
      operation: 'DescribeImageScanFindings',
      error: { body: JSON.stringify(answer) },
      times: 9,
    })
    expect((await ask({ timeout: 0 })).result.verdict).toBe(verdict)
  })
})

describe('an image that is not there', () => {
  test('yet is waited for', async () => {
    const { result, said } = await ask(at('fresh'), () => {
      const digest = here.image('fresh', 'fresh')
      here.scan(digest)
    })
    expect([result.verdict, said]).toEqual(['pass', ['prod/api has no tag fresh yet']])
  })

  test('is Gone after half a minute', async () => {
    const waits: number[] = []
    await expect(ask(at('nothing'), (waited) => waits.push(waited))).rejects.toThrow(
      new Gone('prod/api has no image with the tag nothing'),
    )
    expect(waits.at(-1)).toBe(30_000)
    const digest = `sha256:${'0'.repeat(64)}`
    await expect(ask({ name: { digest }, timeout: 0 })).rejects.toThrow(`prod/api has no image with the ${digest}`)
  })

  test('for want of a repository is Gone at once', async () => {
    const repository = { ...question(here).repository, repository: 'nothing' }
    await expect(ask({ repository }, () => expect.unreachable())).rejects.toThrow('the repository is not there')
  })
})

test('a tag that moves while its scan is waited for: what it named at first is judged, and that is said', async () => {
  const first = here.image('moving', 'first')
  const { result } = await ask(at('moving'), () => {
    here.image('moving', 'second')
    here.scan(first, basic('CVE-2026-1', 'CRITICAL'))
  })
  expect(result.image.digest).toBe(first)
  expect([result.verdict, result.moved]).toEqual(['fail', expect.stringMatching(/^sha256:/)])
  expect(result.moved).not.toBe(first)
})

test('where the tag went cannot always be asked, and it does not matter', async () => {
  const digest = here.image('blind', 'blind')
  const { result } = await ask(at('blind'), () => {
    here.scan(digest)
    here.aws.faults.inject({ service: 'ecr', operation: 'DescribeImages', error: { code: 'AccessDeniedException' } })
  })
  expect([result.verdict, result.moved]).toEqual(['pass', undefined])
  const other = here.image('gone', 'gone')
  const asked = await ask({ name: { digest: other } }, () => here.scan(other))
  expect(asked.calls.filter((operation) => operation === 'DescribeImages')).toHaveLength(1)
})

test('a chart is unknown, and no scan of it is asked for', async () => {
  const { digest } = here.aws.ecr.putImage({ repositoryName: REPOSITORY, imageManifest: CHART.text })
  const { result, calls } = await ask({ name: { digest } })
  expect(result.reasons).toEqual(['It is a Helm chart, not an image: nothing scans it.'])
  expect(calls).not.toContain('DescribeImageScanFindings')
})

test('one platform that cannot be read hides nothing that another tells', async () => {
  const [, amd, arm] = here.index('denied')
  here.scan(amd, basic('CVE-2026-1', 'CRITICAL'))
  here.scan(arm)
  const when = ({ imageId }: { imageId?: { imageDigest?: string } }) => imageId?.imageDigest === arm
  const deny = () =>
    here.aws.faults.inject({
      service: 'ecr',
      operation: 'DescribeImageScanFindings',
      when,
      error: { code: 'AccessDeniedException' },
    })
  deny()
  const { result } = await ask(at('denied'))
  expect([result.verdict, result.platforms[1]?.problem]).toEqual([
    'fail',
    'Its scan could not be read: ECR answered AccessDeniedException to DescribeImageScanFindings.',
  ])
  here.scan(amd)
  deny()
  expect((await ask(at('denied'))).result.verdict).toBe('unknown')
})

test('an answer that is no JSON at all is a fault, never a pass', async () => {
  here.aws.faults.inject({ service: 'ecr', operation: 'DescribeImages', error: { body: '<html>' } })
  await expect(ask()).rejects.toThrow(Unreadable)
})

describe('an image that is compared with another', () => {
  test('counts what it adds', async () => {
    const [old, next] = [here.image('main', 'main'), here.image('pr-1', 'pr-1')]
    here.scan(old, basic('CVE-2026-1', 'CRITICAL'))
    here.scan(next, basic('CVE-2026-1', 'CRITICAL'), basic('CVE-2026-2', 'HIGH'))
    const { result, calls } = await ask({ ...at('pr-1'), newSince: { tag: 'main' } })
    expect(result).toMatchObject({ verdict: 'fail', counts: { HIGH: 1 }, newSince: { name: 'main', digest: old } })
    expect(calls).toHaveLength(4)
    here.scan(next, basic('CVE-2026-1', 'CRITICAL'))
    expect((await ask({ ...at('pr-1'), newSince: { digest: old } })).result).toMatchObject({
      verdict: 'pass',
      newSince: { name: old },
    })
  })

  test('that is itself, not scanned, or not there, is unknown', async () => {
    expect((await ask({ ...at('main'), newSince: { tag: 'main' } })).result.verdict).toBe('unknown')
    here.image('unscanned', 'unscanned')
    expect((await ask({ ...at('main'), newSince: { tag: 'unscanned' } })).result.reasons[0]).toMatch(
      /^What is new since unscanned is not known/,
    )
    await expect(ask({ ...at('main'), newSince: { tag: 'gone-1' } })).rejects.toThrow(
      new Gone('prod/api has no gone-1 to compare with'),
    )
  })
})

test('rules on the image are asked for last, and no fault of ours is hidden', async () => {
  const asked = gate(question(here), { ...ports(here), rules: async () => [] }, () => {})
  expect((await asked).rules).toEqual([])
  const broken = { ...ports(here), scan: () => Promise.reject(new TypeError('ours')) }
  await expect(gate(question(here), broken, () => {})).rejects.toThrow('ours')
  here.aws.ecr.putScan(REPOSITORY, here.image('late', 'late'), { status: { status: 'PENDING' } })
  const real = ports(here)
  let asks = 0
  const find: typeof real.find = (...args) => (asks++ > 0 ? Promise.reject(new TypeError('ours')) : real.find(...args))
  await expect(gate(question(here, at('late')), { ...real, find }, () => {})).rejects.toThrow('ours')
})

describe('what an image is built upon', () => {
  const [LOWEST] = (JSON.parse(imageManifest().text) as { layers: { digest: string }[] }).layers
  const layered = (sourceLayerHash: string | undefined) => {
    const { packageVulnerabilityDetails: details, ...rest } = enhanced('CVE-2026-1', 'HIGH', '3.0.15')
    const vulnerablePackages = details?.vulnerablePackages?.map((one) => ({ ...one, sourceLayerHash }))
    return { ...rest, packageVulnerabilityDetails: { ...details, vulnerablePackages } }
  }

  test('is looked for by a scan of layers alone, with one call more; whatever keeps it from being read', async () => {
    const digest = here.image('built', 'built')
    const name = { digest }
    here.scanEnhanced(digest, layered(LOWEST?.digest))
    const scanned = await ask({ name, kind: 'scan' })
    expect(scanned.calls).toEqual(['DescribeImages', 'DescribeImageScanFindings', 'BatchGetImage'])
    expect(scanned.result.builtUpon).toEqual({ text: 'the lowest layer', findings: 1, fixable: 1 })
    expect((await ask({ name })).calls).not.toContain('BatchGetImage')

    here.aws.faults.inject({
      service: 'ecr',
      operation: 'BatchGetImage',
      error: { code: 'AccessDeniedException', status: 400 },
    })
    expect((await ask({ name, kind: 'scan' })).result).not.toHaveProperty('builtUpon')
    here.aws.faults.clear()

    const [index, amd] = here.index('built-multi')
    here.scanEnhanced(amd, layered(LOWEST?.digest))
    expect((await ask({ name: { digest: index }, kind: 'scan' })).result).not.toHaveProperty('builtUpon')
  })
})
