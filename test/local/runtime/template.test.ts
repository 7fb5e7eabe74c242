import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { loadTemplate, type Template } from '../../../local/runtime/template.ts'
import { type Parts, writeAssembly } from './assembly.ts'

const PLACE = { account: '111122223333', region: 'eu-west-1', stack: 'Test', endpoint: 'http://127.0.0.1:1' }

function load(parts: Parts): Template {
  const { folder, remove } = writeAssembly(parts)
  onTestFinished(remove)
  return loadTemplate(folder, PLACE)
}

/** The value as a topic property comes out. */
function resolved(value: unknown, template: object = {}): unknown {
  const resources = {
    Topic: { Type: 'AWS::SNS::Topic', Properties: { value } },
    Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'work' } },
    Alarm: { Type: 'AWS::Strange::Thing' },
  }
  return load({ resources, template }).resources('AWS::SNS::Topic')[0]?.properties.value
}

const QUEUE_ARN = 'arn:aws:sqs:eu-west-1:111122223333:work'

describe('intrinsic functions', () => {
  const known: [string, unknown, unknown, object?][] = [
    ['a reference', { Ref: 'Queue' }, 'http://127.0.0.1:1/111122223333/work'],
    ['an attribute', { 'Fn::GetAtt': ['Queue', 'Arn'] }, QUEUE_ARN],
    ['an attribute as text', { 'Fn::GetAtt': 'Queue.Arn' }, QUEUE_ARN],
    ['the place', [{ Ref: 'AWS::AccountId' }, { Ref: 'AWS::Region' }], ['111122223333', 'eu-west-1']],
    ['the partition', { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':x']] }, 'arn:aws:x'],
    [
      'text with placeholders',
      { 'Fn::Sub': `\${AWS::Region}/\${Queue.Arn}/\${!Kept}` },
      `eu-west-1/${QUEUE_ARN}/\${Kept}`,
    ],
    [
      'text with variables',
      { 'Fn::Sub': [`\${A}-\${AWS::Region}`, { A: { Ref: 'AWS::StackName' } }] },
      'Test-eu-west-1',
    ],
    ['one of a list', { 'Fn::Select': ['3', { 'Fn::Split': [':', { 'Fn::GetAtt': ['Queue', 'Arn'] }] }] }, 'eu-west-1'],
    ['a parameter', { Ref: 'Size' }, 'small', { Parameters: { Size: { Type: 'String', Default: 'small' } } }],
    [
      'a mapping',
      { 'Fn::FindInMap': ['M', { Ref: 'AWS::Region' }, 'k'] },
      7,
      { Mappings: { M: { 'eu-west-1': { k: 7 } } } },
    ],
    ['no value', { a: 1, b: { Ref: 'AWS::NoValue' }, c: [{ Ref: 'AWS::NoValue' }, 2] }, { a: 1, c: [2] }],
    ['base64', { 'Fn::Base64': 'x' }, 'eA=='],
    ['zones', { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] }, 'eu-west-1a'],
    ['a condition of IAM', { Condition: { Bool: { a: 'true' } } }, { Condition: { Bool: { a: 'true' } } }],
  ]

  test.each(known)('%s', (_, value, expected, template) => {
    expect(resolved(value, template)).toEqual(expected)
  })

  const equals = (value: string) => ({ 'Fn::Equals': [{ Ref: 'AWS::Region' }, value] })
  const Conditions = {
    Here: equals('eu-west-1'),
    There: equals('us-east-1'),
    Both: { 'Fn::And': [{ Condition: 'Here' }, { Condition: 'There' }] },
    Either: { 'Fn::Or': [{ Condition: 'Here' }, { Condition: 'There' }] },
    Not: { 'Fn::Not': [{ Condition: 'There' }] },
  }

  test.each([
    ['Here', 'yes'],
    ['There', 'no'],
    ['Both', 'no'],
    ['Either', 'yes'],
    ['Not', 'yes'],
  ])('the condition %s chooses %s', (name, expected) => {
    expect(resolved({ 'Fn::If': [name, 'yes', 'no'] }, { Conditions })).toBe(expected)
  })

  test('a resource whose condition is false is not there', () => {
    const resources = {
      A: { Type: 'AWS::SQS::Queue', Condition: 'There' },
      B: { Type: 'AWS::SQS::Queue', Condition: 'Here' },
    }
    const template = load({ resources, template: { Conditions } })
    expect(template.resources('AWS::SQS::Queue').map(({ logicalId }) => logicalId)).toEqual(['B'])
  })

  const unknown: [string, unknown, RegExp][] = [
    [
      'an unknown function',
      { a: [{ 'Fn::Cidr': ['x'] }] },
      /Resources.Topic.Properties.value.a\[0\]: .* function Fn::Cidr/,
    ],
    ['an unknown resource', { Ref: 'Nobody' }, /value\.Ref: there is no resource Nobody/],
    ['a resource of an unknown type', { Ref: 'Alarm' }, /what refers to Alarm, a AWS::Strange::Thing/],
    ['an unknown attribute', { 'Fn::GetAtt': ['Queue', 'Colour'] }, /the attribute Colour of Queue/],
    ['an unknown condition', { 'Fn::If': ['Nope', 1, 2] }, /no condition Nope/],
    ['a wrong index', { 'Fn::Select': [2, ['a']] }, /no item 2 among 1/],
    ['an object where text belongs', { 'Fn::Join': ['', [{ a: 1 }]] }, /text was expected, not/],
    ['a parameter without default', { Ref: 'P' }, /parameter P has no default/],
    ['a missing mapping', { 'Fn::FindInMap': ['M', 'a', 'b'] }, /Mappings.M.a.b does not exist/],
  ]

  test.each(unknown)('%s is refused with its place', (_, value, message) => {
    expect(() => resolved(value, { Parameters: { P: { Type: 'String' } } })).toThrow(message)
  })
})

describe('the assembly', () => {
  test('names what has no name as CloudFormation does, the same in each run', () => {
    const resources = { LongQueue: { Type: 'AWS::SQS::Queue' } }
    const name = (): string | undefined => load({ resources }).resources('AWS::SQS::Queue')[0]?.identity.name
    expect(name()).toMatch(/^Test-LongQueue-[0-9A-F]{12}$/)
    expect(name()).toBe(name())
  })

  test('knows construct paths, outputs and assets', () => {
    const template = load({
      resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'work' } } },
      paths: { Queue: 'ScanAlert/Queue' },
      code: { Job: '' },
      template: { Outputs: { Url: { Value: { 'Fn::GetAtt': ['Queue', 'QueueName'] } } } },
    })
    expect(template.resources('AWS::SQS::Queue')[0]?.path).toBe('ScanAlert/Queue')
    expect(template.outputs()).toEqual({ Url: 'work' })
    expect(template.asset('Job.zip', 'here')).toMatch(/asset\.Job$/)
    expect(() => template.asset('other.zip', 'here')).toThrow(/at here: no asset .* other.zip/)
  })

  test('that is missing, or has no such stack, is said with what to do', () => {
    const { folder, remove } = writeAssembly({ resources: {} })
    onTestFinished(remove)
    expect(() => loadTemplate(join(folder, 'nowhere'), PLACE)).toThrow(/missing: run "npm run synth" first/)
    expect(() => loadTemplate(folder, { ...PLACE, stack: 'Other' })).toThrow(/no stack Other; there is: Test/)
  })
})
