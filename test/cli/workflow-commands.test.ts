import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { annotate, inert } from '../../cli/workflow-commands.ts'

/** Whether a runner would take a line for a command, as its source reads it. @see https://github.com/actions/runner */
const isCommand = (line: string): boolean => line.trimStart().startsWith('::') || /##(?:vso)?\[/i.test(line)

const hostile = fc.string({ unit: fc.constantFrom(...':#[]%,\n \tvsoerror∶'), maxLength: 60 })

describe('inert', () => {
  it.each([
    ['::error::x', '∶:error::x'],
    ['  ::set-output name=x::y', '  ∶:set-output name=x::y'],
    ['fine\n\t::error::x', 'fine\n\t∶:error::x'],
    ['text ##[group]x', 'text #♯[group]x'],
    ['##vso[task.complete]', '#♯vso[task.complete]'],
    ['###[error]', '##♯[error]'],
    ['Foo::Bar 1.2 in C:: and ## heads', 'Foo::Bar 1.2 in C:: and ## heads'],
  ])('shows %j as %j', (text, shown) => {
    expect(inert(text)).toBe(shown)
  })

  it('leaves no line that a runner obeys, whatever is in it', () => {
    fc.assert(fc.property(hostile, (text) => !inert(text).split('\n').some(isCommand)))
  })
})

describe('annotate', () => {
  it('escapes as the runner reads it', () => {
    const told = annotate({ level: 'error', file: 'a,b:c', title: '50%, so: what', message: '100%\r\n::debug::, ok' })
    expect(told).toBe('::error file=a%2Cb%3Ac,title=50%25%2C so%3A what::100%25%0D%0A::debug::, ok\n')
  })

  it('is one command, whatever is in it, and says the same', () => {
    const read = (text: string): string =>
      text
        .replaceAll('%0D', '\r')
        .replaceAll('%0A', '\n')
        .replaceAll('%3A', ':')
        .replaceAll('%2C', ',')
        .replaceAll('%25', '%')
    fc.assert(
      fc.property(hostile, hostile, hostile, (file, title, message) => {
        const line = annotate({ level: 'warning', file, title, message })
        expect(line.indexOf('\n')).toBe(line.length - 1)
        const [, name = '', said = ''] = /^::(.*?)::(.*)\n$/.exec(line) ?? []
        const [, properties = ''] = /^warning (.*)$/.exec(name) ?? []
        const plain = (text: string): string => text.replace(/##(?=(?:vso)?\[)/gi, '#♯')
        expect(properties.split(',').map(read)).toEqual([`file=${plain(file)}`, `title=${plain(title)}`])
        expect(read(said)).toBe(plain(message))
      }),
    )
  })
})
