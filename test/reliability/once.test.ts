import { describe, expect, test } from 'vitest'
import { flaws } from './events.ts'
import { shuffled, useRig } from './rig.ts'

const rig = await useRig()

describe('told once', () => {
  test('the same event five times in one burst is one message', async () => {
    const image = rig.image(flaws(3))
    const event = rig.scan(image, flaws(3))
    await rig.happens(event, event, event, event, event)
    expect(rig.messages(image)).toHaveLength(1)
  })

  test('the same event five times over two days is one message', async () => {
    const image = rig.image(flaws(3))
    const event = rig.scan(image, flaws(3))
    for (let time = 0; time < 5; time++) {
      await rig.happens(event)
      rig.wait(12 * 3_600)
    }
    expect(rig.published(image)).toHaveLength(1)
    expect(rig.messages(image)).toHaveLength(1)
  })

  test('a daily re-scan that finds the same is one message in a week', async () => {
    const image = rig.image(flaws(3))
    for (let day = 0; day < 7; day++) {
      rig.shows(image, flaws(3))
      await rig.happens(rig.scan(image, flaws(3)))
      rig.wait(24 * 3_600)
    }
    expect(rig.messages(image)).toHaveLength(1)
  })

  test.each([1, 2, 3])('a scan with 200 finding events at once is one message, in random order %d', async (seed) => {
    const found = [...flaws(20, 'CRITICAL'), ...flaws(180, 'HIGH', 100)]
    const image = rig.image(found)
    const events = [rig.scan(image, found), ...found.map((flaw) => rig.finding(image, flaw))]
    await rig.happens(...shuffled(events, seed))
    expect(rig.messages(image)).toHaveLength(1)
    expect(rig.named(image).size).toBe(200)
  })

  test('finding events that come minutes before their scan event wait for it', async () => {
    const found = flaws(50)
    const image = rig.image(found)
    rig.put(...found.map((flaw) => rig.finding(image, flaw)))
    rig.wait(90)
    await rig.happens(rig.scan(image, found))
    expect(rig.messages(image)).toHaveLength(1)
  })

  test('finding events whose scan event never comes are told all the same, in one message', async () => {
    const found = flaws(30)
    const image = rig.image(found)
    await rig.happens(...found.map((flaw) => rig.finding(image, flaw)))
    expect(rig.messages(image)).toHaveLength(1)
    expect(rig.named(image).size).toBe(30)
  })

  test('images whose events interleave are one message each, with their own findings', async () => {
    const images = [2, 5, 9, 14].map((count) => ({ count, image: rig.image(flaws(count, 'HIGH', 1_000 * count)) }))
    const events = images.flatMap(({ count, image }) => {
      const found = flaws(count, 'HIGH', 1_000 * count)
      return [rig.scan(image, found), ...found.map((flaw) => rig.finding(image, flaw))]
    })
    await rig.happens(...shuffled(events, 4))
    for (const { count, image } of images) {
      expect(rig.messages(image)).toHaveLength(1)
      expect([...rig.named(image)].toSorted()).toEqual(flaws(count, 'HIGH', 1_000 * count).map(({ id }) => id))
    }
  })

  test('findings that ECR shows only by and by are one message once it shows all that the scan counted', async () => {
    const found = flaws(12)
    const image = rig.image(found.slice(0, 4))
    rig.afterNext('scan-alert', () => rig.shows(image, found))
    await rig.happens(rig.scan(image, found))
    expect(rig.named(image).size).toBe(12)
    expect(rig.messages(image)).toHaveLength(1)
  })

  test('findings that are announced while the scan goes on are not told piece by piece', async () => {
    const found = flaws(12)
    const image = rig.image(found.slice(0, 4))
    rig.afterNext('scan-alert', () => {
      rig.shows(image, found)
      rig.put(...found.slice(4).map((flaw) => rig.finding(image, flaw)), rig.scan(image, found))
    })
    await rig.happens(...found.slice(0, 4).map((flaw) => rig.finding(image, flaw)))
    expect(rig.named(image).size).toBe(12)
    expect(rig.messages(image)).toHaveLength(1)
  })
})

describe('news is told', () => {
  test('a new CVE of an image that was clean', async () => {
    const image = rig.image([])
    await rig.happens(rig.scan(image, []))
    expect(rig.messages(image)).toHaveLength(0)
    rig.wait(40 * 86_400)
    rig.shows(image, flaws(1, 'CRITICAL'))
    await rig.happens(rig.finding(image, flaws(1, 'CRITICAL')[0] as never))
    expect(rig.messages(image)).toHaveLength(1)
  })

  test('a finding that became worse, once', async () => {
    const image = rig.image(flaws(2, 'HIGH'))
    await rig.happens(rig.scan(image, flaws(2, 'HIGH')))
    rig.wait(86_400)
    rig.shows(image, flaws(2, 'CRITICAL'))
    const again = rig.scan(image, flaws(2, 'CRITICAL'))
    await rig.happens(again, again)
    const [, worse, ...more] = rig.published(image)
    expect(worse?.severity).toBe('CRITICAL')
    expect(worse?.items.map(({ change, notes }) => [change, notes[0]])).toEqual([
      ['new', 'was HIGH'],
      ['new', 'was HIGH'],
    ])
    expect(more).toEqual([])
  })

  test('what an event of three days ago says and ECR contradicts is not', async () => {
    const image = rig.image([])
    await rig.happens(rig.scan(image, flaws(5), { at: rig.now - 3 * 86_400_000 }))
    expect(rig.published(image)).toEqual([])
    expect(rig.outcomes.map(({ outcome }) => outcome)).toEqual(['unconfirmed'])
  })
})
