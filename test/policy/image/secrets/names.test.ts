import { describe, expect, test } from 'vitest'
import { assignmentsIn, isLiteral, sensitiveWord } from '../../../../functions/policy/image/secrets/names.ts'

describe('a name', () => {
  // Takes minutes where an expression goes back and forth: the time that a test may take ends it.
  test.each([
    ['DB_PASSWORD', 'password'],
    ['PGPASSWORD', 'password'],
    ['dbPassword', 'password'],
    ['--db-password', 'password'],
    ['DB_PASS', 'password'],
    ['MYSQL_PWD', 'password'],
    ['SSH_PASSPHRASE', 'password'],
    ['CLIENT_SECRET', 'secret'],
    ['secret', 'secret'],
    ['DJANGO_SECRET_KEY', 'secret'],
    ['SECRET_KEY_BASE', 'secret'],
    ['NPM_TOKEN', 'token'],
    ['authToken', 'token'],
    ['STRIPE_API_KEY', 'key'],
    ['APIKEY', 'key'],
    ['com.example.api-key', 'key'],
    ['AWS_SECRET_ACCESS_KEY', 'key'],
    ['STORAGE_ACCOUNT_KEY', 'key'],
    ['GOOGLE_APPLICATION_CREDENTIALS', 'credentials'],
  ])('%s says %s', (name, word) => {
    expect(sensitiveWord(name)).toBe(word)
  })

  // Each from an image that many build upon, or a setting about a secret.
  test.each([
    'PATH',
    'PWD',
    'OLDPWD',
    'GPG_KEY',
    'GPG_KEYS',
    'RABBITMQ_PGP_KEY_ID',
    'PUBLIC_KEY',
    'DB_PASSWORD_FILE',
    'TOKEN_URL',
    'SECRET_NAME',
    'SECRET_ARN',
    'PASSWORD_MIN_LENGTH',
    'BYPASS',
    'COMPASS',
    'MAX_TOKENS',
    'PHPIZE_DEPS',
    'key',
    '',
  ])('%j says nothing of a secret', (name) => {
    expect(sensitiveWord(name)).toBeUndefined()
  })
})

describe('a value', () => {
  test.each(['hunter2', '"hunter2"', 'changeme', '12345', 'a/b+c=', '/9j4AAQSkZJRg==', 'C0mpl.ex!'])(
    '%s is there to be read',
    (value) => {
      expect(isLiteral(value)).toBe(true)
    },
  )

  test.each([
    '',
    '""',
    "''",
    ' ',
    '$TOKEN',
    '"$TOKEN"',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as a shell has it
    'x${TOKEN}',
    '$(cat /run/secrets/token)',
    '`cat token`',
    '{{ vault_token }}',
    '/run/secrets/db',
    './config/token',
    '~/.aws/credentials/x',
    'keys/service.json',
    'C:\\secrets\\db',
    'file:/etc/token',
    'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db',
    'arn:aws-cn:ssm:cn-north-1:123456789012:parameter/db',
    'true',
    'No',
    '1',
    'null',
    '****',
    'xxxx',
    '<password>',
    'dummy',
  ])('%j is none', (value) => {
    expect(isLiteral(value)).toBe(false)
  })
})

describe('a command', () => {
  test.each([
    ['ENV DB_PASSWORD=hunter2', [['DB_PASSWORD', 'hunter2']]],
    ['/bin/sh -c #(nop)  ARG TOKEN=abc', [['TOKEN', 'abc']]],
    [
      '|2 A=1 TOKEN=abc /bin/sh -c make',
      [
        ['A', '1'],
        ['TOKEN', 'abc'],
      ],
    ],
    ['RUN export TOKEN="a b";make', [['TOKEN', '"a b"']]],
    ["RUN login --password='x y' -u me", [['password', "'x y'"]]],
    [
      'RUN curl "https://example.com/?token=abc&key=d"',
      [
        ['token', 'abc'],
        ['key', 'd'],
      ],
    ],
    ['RUN --mount=type=secret,id=npm_token,target=/x make', [['mount', 'type=secret,id=npm_token,target=/x']]],
    ['RUN test a == b', []],
    ['COPY a b', []],
  ])('%s', (command, pairs) => {
    expect(assignmentsIn(command).map(({ name, value }) => [name, value])).toEqual(pairs)
  })

  test.each(['a="', "a='", 'a=', '-', '"a=', 'aaaa'])('made of %s alone is looked through', (part) => {
    expect(Array.isArray(assignmentsIn(part.repeat(500_000)))).toBe(true)
  })
})
