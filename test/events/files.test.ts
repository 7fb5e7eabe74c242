import { describe, expect, it } from 'vitest'
import { InvalidEvent } from '../../functions/events/invalid-event.ts'
import { DETAIL_TYPES, parseEvent } from '../../functions/events/parse.ts'
import { changes } from '../../local/seed/changes.ts'
import { IMAGES, LATER_IMAGES, seedImage } from '../../local/seed/images.ts'
import { countsOf, SCANS } from '../../local/seed/scans.ts'
import { scanStages } from '../../local/seed/stages.ts'
import { FILES, LINKS, ROWS, SAMPLES, type Sample } from './files.ts'

const isMalformed = ({ file }: Sample): boolean => file.startsWith('malformed-')
const valid = SAMPLES.filter((sample) => !isMalformed(sample))
const parsed = valid.map((sample) => ({ ...sample, said: parseEvent(sample.event) }))
/** Cases about images that this registry does not have, or no longer. */
const ELSEWHERE = /^aws-docs-|-unknown-to-ecr|-in-china|^image-deleted|-that-is-gone/

const OUTCOMES = [
  ...['alerted', 'known', 'quiet', 'fixed', 'not-an-image', 'grouped', 'gone', 'elsewhere', 'no-consumer'],
  ...['foreign', 'invalid'],
]

describe('the sample events', () => {
  it('are listed in the table, each once, with a source and an outcome', () => {
    expect(ROWS.map(({ file }) => file).sort()).toEqual(FILES)
    for (const row of ROWS) {
      const [, source = ''] = /\[([^\]]+)\]/.exec(row.source) ?? []
      expect(LINKS.get(source), row.file).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//)
      for (const outcome of row.outcome.split(', then ')) expect(OUTCOMES, row.file).toContain(outcome)
    }
  })

  it('are named in kebab case and listed in the order of the story', () => {
    expect(FILES.filter((file) => !/^[a-z0-9]+(-[a-z0-9]+)*\.json$/.test(file))).toEqual([])
    expect(ROWS.map(({ file }) => file)).toEqual([...new Set(SAMPLES.map(({ file }) => file))])
  })

  it('show every detail type of which AWS has published the shape', () => {
    const shown = new Set(parsed.map(({ said }) => said.detailType))
    const withoutShape = ['ECR Artifact Action', 'Inspector2 AutoEnable']
    expect(DETAIL_TYPES.filter((type) => !shown.has(type) && !withoutShape.includes(type))).toEqual([])
  })

  it.each(SAMPLES.filter(isMalformed).map((sample) => [sample.file, sample.event]))('%s is refused', (_, event) => {
    expect(() => parseEvent(event)).toThrow(InvalidEvent)
  })

  it.each(ROWS.map(({ file, outcome }) => [file, outcome]))('%s parses as its outcome says: %s', (file, outcome) => {
    const types = parsed.filter((sample) => sample.file === file).map(({ said }) => said.type)
    const isAboutScan = types.every((type) => type === 'scan' || type === 'finding')
    expect(types.length > 0).toBe(outcome !== 'invalid')
    expect(types.includes('foreign')).toBe(outcome === 'foreign')
    if (outcome === 'no-consumer') expect(isAboutScan).toBe(false)
  })

  it('have an id each, the duplicate apart', () => {
    const ids = SAMPLES.filter(({ file }) => !file.startsWith('duplicate-')).map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const copy = SAMPLES.find(({ file }) => file.startsWith('duplicate-'))
    expect(copy?.event).toEqual(SAMPLES.find(({ file }) => file === copy?.file.replace('duplicate-of-', ''))?.event)
  })
})

describe('the images of the sample events', () => {
  const ours = parsed.filter(({ file }) => !ELSEWHERE.test(file))
  const isSeeded = (repository: string, digest: string): boolean =>
    [...IMAGES, ...LATER_IMAGES].some((image) => image.repository === repository && image.digest === digest)

  it('have digests of 64 hexadecimal digits, and are in the seed', () => {
    const images = ours.flatMap(({ file, said }) => {
      if ('image' in said) return [{ file, ...said.image }]
      if (!('digest' in said) || !said.digest) return []
      return [{ file, repository: said.repository ?? '', digest: said.digest }]
    })
    expect(images.length).toBeGreaterThan(40)
    for (const { file, repository, digest } of images) {
      expect(digest, file).toMatch(/^sha256:[0-9a-f]{64}$/)
      expect(isSeeded(repository, digest), `${file}: ${repository}@${digest}`).toBe(true)
    }
  })

  it('are in the account and region of the seed', () => {
    for (const { file, said } of ours) {
      if (said.type === 'scan' || said.type === 'finding') {
        expect(said.image, file).toMatchObject({ account: '123456789012', region: 'ap-northeast-1' })
      }
    }
  })
})

describe('the stages of the seed', () => {
  const sampleOf = (event: string) => parsed.find(({ id }) => id === event)

  it('name events that exist, with their files and times, in order', () => {
    for (const { file, event, time } of scanStages) expect(sampleOf(event), event).toMatchObject({ file, time })
    expect(scanStages.map(({ time }) => time)).toEqual(scanStages.map(({ time }) => time).sort())
  })

  it('are changes too, of events that exist, in order', () => {
    for (const { file, event, time } of changes) expect(sampleOf(event), event).toMatchObject({ file, time })
    expect(changes.map(({ time }) => time)).toEqual(changes.map(({ time }) => time).sort())
  })

  it('exist for every call that was done to the registry', () => {
    const staged = new Set(changes.map(({ event }) => event))
    const calls = parsed.filter(({ said }) => said.type === 'api-call' && said.error === undefined)
    // Its setting is what it was before.
    const without = calls.filter(({ id }) => !staged.has(id)).map(({ file }) => file)
    expect(without).toEqual(['call-with-hostile-names.json'])
  })

  it('exist for every scan of an image of the seed', () => {
    const staged = new Set(scanStages.map(({ event }) => event))
    const scans = parsed.filter(({ file, said }) => said.type === 'scan' && !ELSEWHERE.test(file))
    expect(scans.filter(({ id }) => !staged.has(id)).map(({ file }) => file)).toEqual([])
  })

  it.each(scanStages.map(({ file, event, scan }) => [file, event, scan] as const))(
    '%s brings the scan that the event speaks of, with as many findings',
    (file, event, name) => {
      const said = sampleOf(event)?.said
      const scan = SCANS[name]
      if (said?.type !== 'scan' && said?.type !== 'finding') throw new Error(`${file} is not about an image`)
      expect(said.image.digest).toBe(seedImage(scan.image).digest)
      if (said.type !== 'scan') return
      const withoutZeros = Object.fromEntries(Object.entries(said.counts).filter(([, count]) => count > 0))
      expect(withoutZeros).toEqual(countsOf(scan))
      expect(said.outcome === 'complete').toBe(['COMPLETE', 'ACTIVE'].includes(scan.status))
    },
  )

  it('of findings agree with the findings of the scan in force', () => {
    const stages = new Map(scanStages.map((stage) => [stage.event, stage]))
    let inForce = SCANS.payments.enhanced ?? []
    for (const { id, file, said } of parsed) {
      const scan = stages.get(id)?.scan
      if (scan?.startsWith('payments')) inForce = SCANS[scan].enhanced ?? []
      if (said.type !== 'finding' || said.image.repository !== 'prod/payments') continue
      for (const finding of said.findings) {
        const held = inForce.find((one) => one.id === finding.id && one.package === finding.package)
        expect(held !== undefined, `${file} ${finding.id}`).toBe(said.status === 'ACTIVE')
        if (held) expect(finding).toMatchObject({ severity: held.severity, score: held.score, inUse: 4 })
      }
    }
  })
})
