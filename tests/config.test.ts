// The environment as configuration: every fault at once, no secret in one, and the backend that follows from it.

import { describe, expect, test } from 'vitest';
import { configDocument, envExample } from '../scripts/documents.ts';
import { ConfigError, type Environment, parseConfig, SETTINGS } from '../src/config.ts';

const KEY = {
  type: 'service_account',
  client_email: 'robot@project.iam.gserviceaccount.com',
  private_key: '-----BEGIN PRIVATE KEY-----\nVERYSECRETMATERIAL\n-----END PRIVATE KEY-----\n',
};
const KEY_JSON = JSON.stringify(KEY);

function noFile(path: string): string {
  throw new Error(`ENOENT: ${path}`);
}

const parse = (env: Environment, readText = noFile) => parseConfig(env, readText);

function faultsOf(env: Environment, readText = noFile): ConfigError {
  try {
    parseConfig(env, readText);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('no fault was found');
}

test('the list of variables is this one', () => {
  expect(
    Object.entries(SETTINGS).map(([name, setting]) => [name, 'default' in setting ? setting.default : null]),
  ).toEqual([
    ['PORT', '3000'],
    ['HOST', '127.0.0.1'],
    ['SHEETS_BACKEND', null],
    ['DATA_DIR', null],
    ['EMULATOR_FAULTS', null],
    ['GOOGLE_API_ROOT_URL', null],
    ['GOOGLE_ACCESS_TOKEN', null],
    ['GOOGLE_SERVICE_ACCOUNT_KEY', null],
    ['GOOGLE_APPLICATION_CREDENTIALS', null],
    ['API_TIMEOUT_MS', '20000'],
    ['REQUEST_DEADLINE_MS', '50000'],
    ['MAX_CONCURRENT_REQUESTS', '20'],
    ['RETRY_ENABLED', 'true'],
    ['RETRY_MAX_ATTEMPTS', '3'],
    ['CIRCUIT_BREAKER_FAILURE_THRESHOLD', '5'],
    ['CIRCUIT_BREAKER_SUCCESS_THRESHOLD', '2'],
    ['CIRCUIT_BREAKER_TIMEOUT', '60000'],
    ['CIRCUIT_BREAKER_RESET_TIMEOUT', '30000'],
    ['QUERY_TIMEOUT_MS', '5000'],
    ['CACHE_ENABLED', 'true'],
    ['CACHE_TTL_MS', '10000'],
    ['CACHE_MAX_BYTES', '67108864'],
    ['TOOLSETS', 'core,structure,format'],
    ['READ_ONLY', 'false'],
    ['ADAPTIVE_BATCHING', 'true'],
    ['THROTTLE_ENABLED', 'true'],
    ['QUOTA_HEADROOM', '0.9'],
    ['QUOTA_READS_PER_MINUTE_PER_USER', '60'],
    ['QUOTA_WRITES_PER_MINUTE_PER_USER', '60'],
    ['QUOTA_READS_PER_MINUTE_PER_PROJECT', '300'],
    ['QUOTA_WRITES_PER_MINUTE_PER_PROJECT', '300'],
    ['FALLBACK_ENABLED', 'true'],
    ['FALLBACK_MAX_STALE_MS', '3600000'],
    ['EXACTLY_ONCE', 'markers'],
    ['OUTBOX_MAX_ENTRIES', '100000'],
    ['OUTBOX_MAX_AGE_MS', '86400000'],
    ['UNDO_ENABLED', 'true'],
    ['UNDO_MAX_AGE_MS', '86400000'],
    ['UNDO_MAX_BYTES', '268435456'],
    ['ALLOW_EXTERNAL_FORMULAS', 'false'],
    ['LEDGER_RETENTION_MS', '604800000'],
    ['LOG_LEVEL', 'INFO'],
  ]);
});

test('an empty environment gives every default, typed', () => {
  const { config, warnings } = parse({ HOME: '/home/ann' });
  expect(config).toMatchObject({
    PORT: 3000,
    HOST: '127.0.0.1',
    API_TIMEOUT_MS: 20_000,
    REQUEST_DEADLINE_MS: 50_000,
    LOG_LEVEL: 'INFO',
    GOOGLE_API_ROOT_URL: undefined,
  });
  expect(warnings).toEqual([]);
});

test('a blank value counts as absent and blanks around a value are cut', () => {
  const { config } = parse({ PORT: '  ', LOG_LEVEL: ' DEBUG ', GOOGLE_ACCESS_TOKEN: '' });
  expect([config.PORT, config.LOG_LEVEL, config.backend.kind]).toEqual([3000, 'DEBUG', 'embedded']);
});

describe('faults', () => {
  test('are reported all at once, each with its variable, its problem and what is accepted', () => {
    const { faults } = faultsOf({
      PORT: '65536',
      HOST: '0.0.0.0',
      SHEETS_BACKEND: 'excel',
      GOOGLE_API_ROOT_URL: 'localhost:4010',
      GOOGLE_SERVICE_ACCOUNT_KEY: '/no/such/file.json',
      API_TIMEOUT_MS: '5s',
      REQUEST_DEADLINE_MS: '99',
      LOG_LEVEL: 'info',
    });
    expect(faults.map((fault) => fault.variable)).toEqual([
      'PORT',
      'HOST',
      'SHEETS_BACKEND',
      'GOOGLE_API_ROOT_URL',
      'API_TIMEOUT_MS',
      'REQUEST_DEADLINE_MS',
      'LOG_LEVEL',
      'GOOGLE_SERVICE_ACCOUNT_KEY',
    ]);
    expect(faults[0]).toEqual({
      variable: 'PORT',
      problem: '"65536" is not valid',
      accepted: 'an integer from 0 to 65535',
    });
    expect(faults[6]).toEqual({
      variable: 'LOG_LEVEL',
      problem: '"info" is not valid',
      accepted: 'ERROR, WARN, INFO, DEBUG',
    });
    expect(faults.every((fault) => fault.problem !== '' && fault.accepted !== '')).toBe(true);
  });

  test('stand one a line in the message', () => {
    const error = faultsOf({ PORT: 'x', LOG_LEVEL: 'y' });
    expect(error.message.split('\n')).toEqual([
      'PORT: "x" is not valid; accepted: an integer from 0 to 65535',
      'LOG_LEVEL: "y" is not valid; accepted: ERROR, WARN, INFO, DEBUG',
    ]);
  });

  test.each(['-1', '1.5', '1e3', '0x10', '30 00', '٣'])('PORT=%s is refused', (port) => {
    expect(faultsOf({ PORT: port }).faults.map((fault) => fault.variable)).toEqual(['PORT']);
  });

  test.each([
    ['PORT', '0', '65535'],
    ['API_TIMEOUT_MS', '100', '600000'],
    ['REQUEST_DEADLINE_MS', '100', '3600000'],
  ])('%s reaches from %s to %s', (name, min, max) => {
    for (const value of [min, max]) expect(parse({ [name]: value }).config).toMatchObject({ [name]: Number(value) });
    for (const value of [Number(max) + 1, Number(min) - 1])
      expect(faultsOf({ [name]: String(value) }).faults).toHaveLength(1);
  });

  test.each(['127.0.0.1', '::1', 'localhost'])('HOST=%s is this machine', (host) => {
    expect(parse({ HOST: host }).config.HOST).toBe(host);
  });

  test.each(['0.0.0.0', '::', '127.8.8.8', 'example.org', '127.0.0.1.example.org', 'localhost.example.org'])(
    'HOST=%s is refused: callers are not authenticated',
    (host) => {
      expect(faultsOf({ HOST: host }).faults[0]?.accepted).toContain('only this machine may call');
    },
  );

  test.each(['http://127.0.0.1:4010', 'https://proxy.example/google/'])('GOOGLE_API_ROOT_URL=%s', (url) => {
    expect(parse({ GOOGLE_API_ROOT_URL: url, GOOGLE_ACCESS_TOKEN: 't' }).config.GOOGLE_API_ROOT_URL).toBe(url);
  });

  test.each([
    'ftp://a',
    'file:///etc/passwd',
    'sheets',
    'http://user:hidden@proxy.example/',
    'http://hidden@proxy.example/',
    'https://proxy.example/?key=hidden',
    'https://proxy.example/?',
    'https://proxy.example/#hidden',
  ])('GOOGLE_API_ROOT_URL=%s is refused, its value unseen', (url) => {
    const error = faultsOf({ GOOGLE_API_ROOT_URL: url, GOOGLE_ACCESS_TOKEN: 't' });
    expect(error.faults.map((fault) => fault.variable)).toEqual(['GOOGLE_API_ROOT_URL']);
    expect(error.message).toContain('without user name, password, query and fragment');
    expect(error.message).not.toContain('hidden');
  });

  test.each(['two words', 'line\nhidden', 'hidd\u00e9n', 'tab\thidden', 'zero\u200bhidden'])(
    'GOOGLE_ACCESS_TOKEN=%j is refused, its value unseen',
    (token) => {
      const error = faultsOf({ GOOGLE_ACCESS_TOKEN: token });
      expect(error.faults.map((fault) => fault.variable)).toEqual(['GOOGLE_ACCESS_TOKEN']);
      expect(error.message).toContain('printable ASCII');
      expect(error.message).not.toMatch(/hidd|words/);
    },
  );

  test('GOOGLE_API_ROOT_URL without a credential is refused: the embedded backend would answer in its place', () => {
    const env = { GOOGLE_API_ROOT_URL: 'http://127.0.0.1:4010' };
    const { faults } = faultsOf(env);
    expect(faults.map((fault) => fault.variable)).toEqual(['GOOGLE_API_ROOT_URL']);
    for (const name of ['GOOGLE_ACCESS_TOKEN', 'GOOGLE_SERVICE_ACCOUNT_KEY', 'SHEETS_BACKEND=google'])
      expect(faults[0]?.accepted).toContain(name);
    expect(parse({ ...env, SHEETS_BACKEND: 'embedded' }).config.backend.kind).toBe('embedded');
    expect(parse({ ...env, SHEETS_BACKEND: 'google' }).config.backend.kind).toBe('google');
  });

  test.each([
    ['core', ['core']],
    ['share, CORE', ['share', 'core']],
    ['core,all', ['core', 'structure', 'format', 'objects', 'share']],
    [undefined, ['core', 'structure', 'format']],
  ])('TOOLSETS=%s', (value, expected) => {
    expect(parse(value === undefined ? {} : { TOOLSETS: value }).config.TOOLSETS).toEqual(expected);
  });

  test.each(['cores', 'core,,share', ','])('TOOLSETS=%s is refused', (value) => {
    expect(faultsOf({ TOOLSETS: value }).faults.map(({ variable }) => variable)).toEqual(['TOOLSETS']);
  });

  test.each(['please', '2'])('READ_ONLY=%s is refused: nobody knows what it means', (value) => {
    expect(faultsOf({ READ_ONLY: value }).faults.map(({ variable }) => variable)).toEqual(['READ_ONLY']);
  });

  test.each([
    ['broken JSON', KEY_JSON.slice(0, -4), 'not valid JSON'],
    ['JSON without an e-mail', JSON.stringify({ private_key: KEY.private_key }), 'lacks client_email'],
    ['base64 of other JSON', Buffer.from('{"secret":"VERYSECRETMATERIAL"}').toString('base64'), 'lacks client_email'],
    ['no file', 'VERYSECRETMATERIAL', 'no file of that name'],
  ])('hold nothing of a key: %s', (_, value, problem) => {
    const error = faultsOf({ GOOGLE_SERVICE_ACCOUNT_KEY: value });
    expect(error.faults).toHaveLength(1);
    expect(error.faults[0]?.problem).toContain(problem);
    expect(JSON.stringify([error, error.message, error.faults, error.stack])).not.toContain('VERYSECRET');
  });

  test('hold nothing of a key file that is no key', () => {
    const error = faultsOf({ GOOGLE_SERVICE_ACCOUNT_KEY: '/keys/sa.json' }, () => 'VERYSECRETMATERIAL');
    expect(error.message).toContain('not valid JSON');
    expect(error.message).not.toContain('VERYSECRET');
  });
});

describe('backend', () => {
  test('is embedded when nothing is configured, and says why', () => {
    expect(parse({}).config.backend).toEqual({ kind: 'embedded', why: 'no Google credential is configured' });
  });

  test('a ready access token', () => {
    expect(parse({ GOOGLE_ACCESS_TOKEN: 'ya29.t' }).config.backend).toEqual({
      kind: 'google',
      why: 'GOOGLE_ACCESS_TOKEN is set',
      credential: { kind: 'access_token', accessToken: 'ya29.t' },
    });
  });

  const ACCOUNT = {
    kind: 'google',
    why: `service account ${KEY.client_email}`,
    credential: { kind: 'service_account', key: { client_email: KEY.client_email, private_key: KEY.private_key } },
  };

  test('a service account by the path of its file', () => {
    const asked: string[] = [];
    const read = (path: string) => {
      asked.push(path);
      return KEY_JSON;
    };
    expect(parse({ GOOGLE_SERVICE_ACCOUNT_KEY: '/keys/sa.json' }, read).config.backend).toEqual(ACCOUNT);
    expect(asked).toEqual(['/keys/sa.json']);
  });

  test.each([
    ['in one piece', Buffer.from(KEY_JSON).toString('base64')],
    ['as base64url', Buffer.from(KEY_JSON).toString('base64url')],
    [
      'with line breaks',
      Buffer.from(KEY_JSON)
        .toString('base64')
        .replaceAll(/(.{76})/g, '$1\n'),
    ],
    ['not at all', KEY_JSON],
  ])('a service account inline, its JSON in base64 %s', (_, value) => {
    expect(parse({ GOOGLE_SERVICE_ACCOUNT_KEY: value }).config.backend).toEqual(ACCOUNT);
  });

  test('application default credentials by their file, or by the choice of google', () => {
    expect(parse({ GOOGLE_APPLICATION_CREDENTIALS: '/adc.json' }).config.backend).toEqual({
      kind: 'google',
      why: 'GOOGLE_APPLICATION_CREDENTIALS is set',
      credential: { kind: 'application_default' },
    });
    expect(parse({ SHEETS_BACKEND: 'google' }).config.backend).toEqual({
      kind: 'google',
      why: 'SHEETS_BACKEND=google',
      credential: { kind: 'application_default' },
    });
  });

  test('a credential of ours comes before the application default', () => {
    const env = { GOOGLE_ACCESS_TOKEN: 't', GOOGLE_APPLICATION_CREDENTIALS: '/adc.json', SHEETS_BACKEND: 'google' };
    expect(parse(env).config.backend).toMatchObject({ credential: { kind: 'access_token' } });
  });

  test('SHEETS_BACKEND=embedded wins over every credential', () => {
    const env = { SHEETS_BACKEND: 'embedded', GOOGLE_ACCESS_TOKEN: 't', GOOGLE_SERVICE_ACCOUNT_KEY: KEY_JSON };
    expect(parse(env).config.backend).toEqual({ kind: 'embedded', why: 'SHEETS_BACKEND=embedded' });
  });

  test('two credentials are refused: the account would be ambiguous', () => {
    const { faults } = faultsOf({ GOOGLE_ACCESS_TOKEN: 'ya29.t', GOOGLE_SERVICE_ACCOUNT_KEY: KEY_JSON });
    expect(faults).toEqual([
      {
        variable: 'GOOGLE_ACCESS_TOKEN',
        problem: 'GOOGLE_SERVICE_ACCOUNT_KEY is set too, so the account is ambiguous',
        accepted: 'one of the two',
      },
    ]);
  });
});

test.each([
  ['DATA_DIR itself', { DATA_DIR: '/srv/data', XDG_DATA_HOME: '/xdg', HOME: '/home/ann' }, '/srv/data'],
  ['XDG_DATA_HOME', { XDG_DATA_HOME: '/xdg', HOME: '/home/ann' }, '/xdg/servalsheets'],
  ['HOME', { HOME: '/home/ann' }, '/home/ann/.local/share/servalsheets'],
  ['neither', {}, './servalsheets'],
])('DATA_DIR follows from %s', (_, env, expected) => {
  expect(parse(env).config.DATA_DIR).toBe(expected);
});

describe('warnings', () => {
  test.each([
    ['SHEETS_BACKENDS', 'SHEETS_BACKEND'],
    ['SERVALSHEETS_PORT', 'PORT'],
    ['GOOGLE_ACCES_TOKEN', 'GOOGLE_ACCESS_TOKEN'],
    ['GOOGLE_SERVICE_ACCOUNT_KEYS', 'GOOGLE_SERVICE_ACCOUNT_KEY'],
    ['API_TIMEOUT', 'API_TIMEOUT_MS'],
    ['REQUEST_DEADLINE', 'REQUEST_DEADLINE_MS'],
    ['LOG_LEVL', 'LOG_LEVEL'],
    ['PORTS', 'PORT'],
    ['DATA_DIRS', 'DATA_DIR'],
    ['SHEET_BACKEND', 'SHEETS_BACKEND'],
    ['CIRCUIT_BREAKER_TIMEOUTS', 'CIRCUIT_BREAKER_TIMEOUT'],
  ])('%s is told with the nearest name, %s', (name, nearest) => {
    expect(parse({ [name]: 'x' }).warnings).toEqual([
      `${name} is not a setting of this version and is ignored; the nearest name is ${nearest}`,
    ]);
  });

  test('a name of ours like no setting is told without a guess', () => {
    expect(parse({ SERVAL_THEME_COLOUR: 'x' }).warnings).toEqual([
      'SERVAL_THEME_COLOUR is not a setting of this version and is ignored',
    ]);
  });

  test('a setting of the documents that this version does not read is told as such', () => {
    const names = ['UNDO_ENABLED', 'OPS_REQUIRE_TOKEN', 'METRICS_TOKEN'];
    const unread = names.filter((name) => !(name in SETTINGS));
    const env = Object.fromEntries(unread.map((name) => [name, 'x']));
    expect(unread.length).toBeGreaterThan(0);
    expect(parse(env).warnings).toEqual(
      unread.map((name) => `${name} is not supported by this version yet and is ignored`),
    );
  });

  test('names of other programs are left alone', () => {
    const env = {
      POST: 'x',
      PATHS: 'x',
      TERM_PROGRAM: 'x',
      GOOGLE_CLOUD_PROJECT: 'p',
      GOOGLE_API_KEY: 'k',
      API_KEY_OF_SOMETHING: 'k',
      LOG_DIR: '/var/log',
      HOSTNAME: 'box',
      HOSTTYPE: 'x86_64',
      REQUEST_METHOD: 'GET',
      DATA_SOURCE: 'x',
      PORTAGE_DIR: 'x',
      PATH: '/bin',
      HOME: '/root',
      XDG_DATA_HOME: '/x',
    };
    expect(parse(env).warnings).toEqual([]);
  });

  test('never show a value', () => {
    expect(parse({ GOOGLE_ACCESS_TOKEM: 'ya29.hidden' }).warnings.join()).not.toContain('hidden');
  });
});

test('the generated texts name every variable', () => {
  for (const name of Object.keys(SETTINGS)) {
    expect(envExample()).toContain(`\n# ${name}=`);
    expect(configDocument()).toContain(`| \`${name}\` |`);
  }
});
