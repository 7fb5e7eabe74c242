import { describe, expect, test } from 'vitest'
import { argvOf, INPUTS, InputError } from '../../action/inputs.ts'

const RESULT = '/tmp/result.json'

/** As the runner passes inputs: names in capitals, hyphens as they are. */
const asEnv = (inputs: Readonly<Record<string, string>>): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]))

const argv = (inputs: Readonly<Record<string, string>>): readonly string[] =>
  argvOf({ PATH: '/bin', ...asEnv({ image: 'prod/api:1.4.2', ...inputs }) }, RESULT)

const END = [`--output=json=${RESULT}`, '--', 'prod/api:1.4.2']

describe('the command line of the inputs', () => {
  test('is the image alone where nothing else is given, so that steward.yaml says the rest', () => {
    expect(argv({})).toEqual(['gate', '--output=table', ...END])
  })

  test('has an option for each input', () => {
    const given = {
      ...Object.fromEntries(Object.keys(INPUTS).map((name) => [name, 'true'])),
      output: 'sarif=gate.sarif',
    }
    const words = argv(given)
    for (const name of Object.keys(INPUTS)) expect(words.some((word) => word.startsWith(`--${name}`))).toBe(true)
  })

  test('keeps values as they are, without an end for the shell to find', () => {
    const hostile = `0; rm -rf / $(id) \`id\` "' --on-unknown=pass`
    expect(argv({ 'max-high': hostile, 'new-since': '--rules' })).toEqual([
      ...['gate', `--max-high=${hostile}`, '--new-since=--rules', '--output=table'],
      ...END,
    ])
    expect(argvOf(asEnv({ image: '--on-unknown=pass' }), RESULT).slice(-2)).toEqual(['--', '--on-unknown=pass'])
  })

  test('leaves out what is empty, as an expression that yields nothing is', () => {
    expect(argv({ 'max-critical': '', timeout: '  \n' })).toEqual(['gate', '--output=table', ...END])
  })

  test.each([
    ['true', ['--fixable-only']],
    ['TRUE', ['--fixable-only']],
    ['false', []],
    ['False', []],
  ])('takes %s for a switch', (value, words) => {
    expect(argv({ 'fixable-only': value })).toEqual(['gate', ...words, '--output=table', ...END])
  })

  test('takes a format a line, and leaves out the table where the log has another', () => {
    expect(argv({ output: '\n  sarif=gate.sarif\n\n  junit=reports/a=b.xml\n' })).toEqual([
      ...['gate', '--output=sarif=gate.sarif', '--output=junit=reports/a=b.xml', '--output=table'],
      ...END,
    ])
    expect(argv({ output: 'markdown' })).toEqual(['gate', '--output=markdown', ...END])
  })
})

describe('inputs that do not fit', () => {
  test.each([
    [{ 'max-critcal': '0' }, 'There is no input "max-critcal". Did you mean max-critical?'],
    [{ nonsense: '0' }, 'There is no input "nonsense". There are: image, max-critical, '],
    [{ 'start-scan': 'yes' }, 'The input start-scan is "yes". Expected: true or false.'],
    [{ rules: '1' }, 'The input rules is "1". Expected: true or false.'],
    [{ image: ' ' }, 'The input image is missing: REPOSITORY:TAG'],
  ])('are told: %j', (inputs, message) => {
    expect(() => argv(inputs)).toThrow(InputError)
    expect(() => argv(inputs)).toThrow(message)
  })
})
