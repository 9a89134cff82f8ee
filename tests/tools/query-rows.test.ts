// What query_rows means, through the front door: names, types, dates, parameters, bounds, and what it refuses.

import { describe, expect, test } from 'vitest';
import { DEMO_SPREADSHEET_ID } from '../../src/emulator/emulator.ts';
import { testApp } from '../support/app.ts';
import { queryApp } from '../support/query-app.ts';

describe('on the demo', () => {
  async function demo() {
    const app = await testApp();
    return async (sql: string, more: object = {}) =>
      (await app.rest('query_rows', { spreadsheet: DEMO_SPREADSHEET_ID, sql, ...more })).body;
  }

  const ANSWERED: [string, string, unknown[]][] = [
    [
      'an aggregate',
      'SELECT weather, count(*) FROM "seattle-weather" GROUP BY 1 ORDER BY 2 DESC LIMIT 2',
      [
        ['rain', 641],
        ['sun', 640],
      ],
    ],
    [
      'dates compare as text',
      `SELECT count(*), min(date) FROM "seattle-weather" WHERE date >= '2015-12-30'`,
      [[2, '2015-12-30']],
    ],
    [
      'date functions',
      `SELECT strftime('%Y', date) y, max(temp_max) FROM [seattle-weather] GROUP BY y ORDER BY y`,
      [
        ['2012', 34.4],
        ['2013', 33.9],
        ['2014', 35.6],
        ['2015', 35],
      ],
    ],
    ['text stays text', `SELECT iata, typeof(iata), rowid FROM airports WHERE iata = '01G'`, [['01G', 'text', 5]]],
    ['the median', 'SELECT median(wind), typeof(median(wind)) FROM `seattle-weather`', [[3, 'real']]],
    ['the table is a sheet in any case', 'SELECT count(*) FROM main.AirPorts', [[3376]]],
    [
      'a join across sheets',
      `
      SELECT b."Airport Name", count(*) n FROM birdstrikes b
      JOIN (SELECT DISTINCT state FROM airports) a ON a.state = 'WA'
      WHERE b."Origin State" = 'Washington' GROUP BY 1 ORDER BY n DESC LIMIT 1`,
      [['SEATTLE-TACOMA INTL', 103]],
    ],
    [
      'a subquery of another sheet',
      `
      SELECT count(*) FROM airports WHERE state IN (SELECT 'AK' FROM birdstrikes LIMIT 1)`,
      [[263]],
    ],
    ['a CTE is no sheet', `WITH airports AS (SELECT 1 AS one) SELECT * FROM airports`, [[1]]],
    [
      'rows of a CTE without its columns',
      'WITH c AS (SELECT 1 UNION ALL SELECT 2) SELECT count(*) FROM c, (SELECT 3)',
      [[2]],
    ],
    [
      'VALUES',
      "VALUES (1, NULL), (2.5, 'x')",
      [
        [1, null],
        [2.5, 'x'],
      ],
    ],
  ];
  test('what SELECT can do', async () => {
    const query = await demo();
    for (const [what, sql, rows] of ANSWERED) expect((await query(sql)).rows, what).toEqual(rows);
  });

  test('an answer tells its columns and where it came from', async () => {
    const query = await demo();
    expect(await query('SELECT iata, name AS "the name" FROM airports LIMIT 1')).toEqual({
      columns: ['iata', 'the name'],
      rows: [['00M', 'Thigpen']],
      source: 'live',
    });
  });

  test('more rows than the limit are told, with how to go on', async () => {
    const query = await demo();
    const sql = 'SELECT iata FROM airports ORDER BY iata';
    const first = await query(sql);
    expect(first.rows).toHaveLength(100);
    expect(first).toMatchObject({
      more: true,
      warnings: ['More rows follow; limit is 100 rows. Go on with ORDER BY ... LIMIT 100 OFFSET 100, or aggregate.'],
    });
    expect(await query(sql, { limit: 3376 })).not.toHaveProperty('more');
    expect((await query(`${sql} LIMIT 1 OFFSET 100`)).rows).not.toContainEqual(first.rows[99]);
  });

  test('an answer holds 10,000 tokens, and 25,000 with a limit', async () => {
    const query = await demo();
    const sql = `SELECT printf('%.*c', 1000, 'x') FROM airports`;
    const [few, many] = [await query(sql), await query(sql, { limit: 3_000 })];
    expect([few.rows.length, many.rows.length]).toEqual([39, 99]);
    expect(few.warnings).toEqual([expect.stringContaining('an answer holds no more')]);
    for (const [answer, tokens] of [
      [few, 10_000],
      [many, 25_000],
    ] as const) {
      expect(JSON.stringify(answer).length / 4).toBeLessThanOrEqual(tokens);
    }
  });
});

describe('on sheets of its own', () => {
  test('types', async () => {
    const app = await queryApp();
    const id = await app.book({
      S: [
        ['n', 'text', 'yes', 'day', 'at', 'time', 'error', 'none'],
        [5, "'007", true, '2024-02-29', '2024-02-29 13:05:00', '07:30:00', '=1/0', ''],
        [2.5, 'x', false, '1999-12-31', '2024-02-29 00:00:00', '23:59:59', '=NA()', ''],
        [],
        [9007199254740991, "'5", '', '', '', '', '', '=""'],
      ],
    });
    expect(await app.query(id, 'SELECT rowid, * FROM S')).toMatchObject({
      columns: ['rowid', 'n', 'text', 'yes', 'day', 'at', 'time', 'error', 'none'],
      rows: [
        [2, 5, '007', 1, '2024-02-29', '2024-02-29 13:05:00', '07:30:00', '#DIV/0!', null],
        [3, 2.5, 'x', 0, '1999-12-31', '2024-02-29 00:00:00', '23:59:59', '#N/A', null],
        [5, 9007199254740991, '5', null, null, null, null, null, null],
      ],
    });
    expect(await app.rows(id, 'SELECT typeof(n), typeof(text), typeof(yes), typeof(day), n/2 FROM S')).toEqual([
      ['integer', 'text', 'integer', 'text', 2],
      ['real', 'text', 'integer', 'text', 1.25],
      ['integer', 'text', 'null', 'null', 4503599627370495],
    ]);
    // No column makes a number of a text or a text of a number.
    expect(await app.rows(id, "SELECT count(*) FROM S WHERE text = 7 OR n = '5' OR text = 5")).toEqual([[0]]);
    expect(
      await app.rows(id, "SELECT julianday(day) - julianday(date(at)), time(time, '+1 hour') FROM S LIMIT 1"),
    ).toEqual([[0, '08:30:00']]);
  });

  test('values that JSON has no number for', async () => {
    const app = await queryApp();
    expect(
      await app.rows(await app.book({ S: [] }), "SELECT 9007199254740993, -9e999, x'00ff', 1e300, NULL, 'é😀'"),
    ).toEqual([['9007199254740993', '-Infinity', "x'00ff'", 1e300, null, 'é😀']]);
  });

  test('header: found as everywhere, rows above it left out, blank and repeated names told apart', async () => {
    const app = await queryApp();
    const id = await app.book({
      Titled: [['Report of 2024'], [], ['', 'Name', 'name', '', 'Name', 'rowid'], ['', 'a', 'b', 'c', 'd', 'e']],
      Bare: [
        [1, 2],
        [3, 4],
      ],
      Empty: [],
      Gap: [
        ['a', '', 'b'],
        [1, '', 2],
      ],
    });
    expect(await app.query(id, 'SELECT _rowid_, * FROM Titled')).toMatchObject({
      columns: ['rowid', 'Name', 'name (3)', '(D)', 'Name (2)', 'rowid'],
      rows: [[4, 'a', 'b', 'c', 'd', 'e']],
    });
    expect(await app.query(id, 'SELECT rowid, * FROM Bare')).toMatchObject({
      columns: ['rowid', 'A', 'B'],
      rows: [
        [1, 1, 2],
        [2, 3, 4],
      ],
    });
    expect(await app.query(id, 'SELECT * FROM Empty')).toMatchObject({ columns: ['A'], rows: [] });
    expect(await app.query(id, 'SELECT * FROM Gap')).toMatchObject({ columns: ['a', 'b'], rows: [[1, 2]] });
  });

  test('named ranges, tables and parts of sheets; a title wins', async () => {
    const app = await queryApp();
    const id = await app.book({
      'My "odd" sheet': [
        ['a', 'b', '', 'k', 'v'],
        [1, 2, '', 'x', 3],
        [4, 5, '', 'y', 6],
      ],
      Clash: [['who'], ['sheet']],
      'v1.2': [['p'], [1]],
      "It's!A1": [['q'], [2]],
    });
    const range = (sheetId: number, endColumnIndex: number, startColumnIndex = 0, startRowIndex = 0) => ({
      sheetId,
      startRowIndex,
      endRowIndex: 3,
      startColumnIndex,
      endColumnIndex,
    });
    await app.direct(`/${id}:batchUpdate`, {
      requests: [
        { addNamedRange: { namedRange: { name: 'Pairs', range: range(1, 5, 3) } } },
        { addNamedRange: { namedRange: { name: 'numbers', range: range(1, 2, 0, 1) } } },
        { addNamedRange: { namedRange: { name: 'clash', range: range(1, 2) } } },
        { addTable: { table: { name: 'Keyed', range: range(1, 5, 3) } } },
      ],
    });
    expect(await app.query(id, 'SELECT p.rowid, * FROM pairs p')).toMatchObject({
      columns: ['rowid', 'k', 'v'],
      rows: [
        [2, 'x', 3],
        [3, 'y', 6],
      ],
    });
    expect(await app.query(id, 'SELECT * FROM Numbers')).toMatchObject({
      columns: ['A', 'B'],
      rows: [
        [1, 2],
        [4, 5],
      ],
    });
    expect(await app.query(id, 'SELECT v FROM keyed WHERE k = ?', { parameters: ['y'] })).toMatchObject({
      rows: [[6]],
    });
    expect(await app.rows(id, 'SELECT who FROM clash')).toEqual([['sheet']]);
    expect(await app.rows(id, 'SELECT a, v FROM "My ""odd"" sheet"')).toEqual([
      [1, 3],
      [4, 6],
    ]);
    expect(await app.query(id, `SELECT * FROM "'My ""odd"" sheet'!D1:E2"`)).toMatchObject({
      columns: ['k', 'v'],
      rows: [['x', 3]],
    });
    expect(await app.rows(id, `SELECT p, q FROM "v1.2", "It's!A1"`)).toEqual([[1, 2]]);
    expect(await app.rows(id, 'SELECT p FROM v1.2')).toMatch(/^400 invalid_argument: SQLite: near ".2": syntax error/);
  });

  test('all that a statement names is read at once, and only that', async () => {
    const app = await queryApp();
    const id = await app.book({
      One: [
        ['id', 'x'],
        [1, 2],
      ],
      Two: [
        ['id', 'y'],
        [1, 3],
      ],
      Three: [['id'], [1]],
      Four: [['z'], [9]],
    });
    const from = app.sent.length;
    const sql = 'SELECT x, y, (SELECT count(*) FROM Three) FROM One, Two WHERE One.id = Two.id';
    expect(await app.rows(id, sql)).toEqual([[2, 3, 1]]);
    expect(app.sent.slice(from)).toEqual(['', '/values:batchGet', '/values:batchGet']);
    expect(await app.query(id, sql)).toMatchObject({ source: 'cache' });
    expect(await app.query(id, sql, { fresh: true })).toMatchObject({ source: 'live' });
    // USING needs the columns of its tables before it looks further.
    expect(await app.rows(id, 'SELECT x, y FROM One JOIN Two USING (id) WHERE id IN (SELECT id FROM Three)')).toEqual([
      [2, 3],
    ]);
  });

  test('two reads of different moments are told apart and made again', async () => {
    const app = await queryApp();
    const id = await app.book({
      S: [
        ['a', 'b'],
        [1, 'x'],
      ],
    });
    let reads = 0;
    app.onCall(async ({ url }) => {
      if (!url.includes('values:batchGet') || ++reads !== 2) return;
      // A row goes in between: what was a number stands beside a text.
      const insertRange = {
        range: { sheetId: 1, startRowIndex: 0, endRowIndex: 1, startColumnIndex: 0, endColumnIndex: 1 },
        shiftDimension: 'ROWS',
      };
      await app.direct(`/${id}:batchUpdate`, { requests: [{ insertRange }] });
    });
    expect(await app.query(id, 'SELECT * FROM S')).toMatchObject({
      columns: ['(A)', 'b'],
      rows: [
        ['a', 'x'],
        [1, null],
      ],
    });
    expect(reads).toBe(4);
  });

  test('an own write is seen', async () => {
    const app = await queryApp();
    const id = await app.book({ S: [['a'], [1]] });
    expect(await app.rows(id, 'SELECT sum(a) FROM S')).toEqual([[1]]);
    await app.rest('append_rows', { spreadsheet: id, sheet: 'S', rows: [[2]] });
    expect(await app.rows(id, 'SELECT sum(a) FROM S')).toEqual([[3]]);
  });

  const PARAMETERS: [string, string, unknown, unknown[] | RegExp][] = [
    ['by place', 'SELECT ?, ?', [1, 'x'], [[1, 'x']]],
    ['by number', 'SELECT ?2, ?1, ?2', [true, null], [[null, 1, null]]],
    ['by name', 'SELECT :a, @b, $a', { a: 0.5, b: '' }, [[0.5, '', 0.5]]],
    ['large', 'SELECT ? + 1, ?', [4294967296, 1e21], [[4294967297, 1e21]]],
    ['as JSON text', 'SELECT ?', '[7]', [[7]]],
    ['none', 'SELECT ?', undefined, /sql takes 1 parameter, and 0 are given/],
    ['too many', 'SELECT ?', [1, 2], /sql takes 1 parameter, and 2 are given/],
    ['one missing', 'SELECT :a, :b', { a: 1 }, /sql takes a parameter :b, which is not given/],
    ['one unknown', 'SELECT :a', { a: 1, toString: 2 }, /sql has no parameter :toString/],
    ['an inherited name', 'SELECT :toString', { a: 1 }, /sql takes a parameter :toString, which is not given/],
    ['with a colon', 'SELECT :a', { ':a': 1 }, /write names without their colon|:a, which is not given/],
    ['names for places', 'SELECT ?', { a: 1 }, /a parameter without a name: pass parameters as a list/],
    ['no scalar', 'SELECT ?', [[1]], /parameters/],
  ];
  test('parameters', async () => {
    const app = await testApp();
    for (const [what, sql, parameters, expected] of PARAMETERS) {
      const { status, body } = await app.rest('query_rows', { spreadsheet: DEMO_SPREADSHEET_ID, sql, parameters });
      if (Array.isArray(expected)) expect(body.rows, what).toEqual(expected);
      else expect(`${status} ${body.code}: ${body.detail}`, what).toMatch(expected);
    }
  });
});

describe('refuses', () => {
  const none = /^400 invalid_argument: query_rows runs one SELECT only: /;
  const REFUSED: [string, string, RegExp][] = [
    ['INSERT', 'INSERT INTO airports (iata) VALUES (1)', none],
    ['UPDATE', 'UPDATE airports SET iata = 1', none],
    ['DELETE', 'DELETE FROM airports', none],
    ['DELETE of nothing', 'DELETE FROM Nowhere', none],
    ['WITH ... DELETE', 'WITH x AS (SELECT 1) DELETE FROM airports WHERE iata IN x', none],
    ["REPLACE in a comment's shadow", '/* SELECT */ REPLACE INTO airports VALUES (1)', none],
    ['DELETE ... RETURNING', 'DELETE FROM airports RETURNING iata', none],
    ['CREATE', 'CREATE TABLE t AS SELECT 1', none],
    ['CREATE TEMP VIEW', 'CREATE TEMP VIEW v AS SELECT 1', none],
    ['DROP', 'DROP TABLE airports', none],
    ['PRAGMA', 'PRAGMA table_list', none],
    ['a pragma that writes', 'PRAGMA hard_heap_limit = 0', none],
    [
      'a pragma as a table',
      "SELECT * FROM pragma_table_info('airports')",
      /pragma_table_info|not authorized|SELECT only/,
    ],
    ['the schema', 'SELECT sql FROM sqlite_master', /access to sqlite_master\.sql is prohibited/],
    ['the pages', 'SELECT count(*) FROM sqlite_dbpage', /400 invalid_argument: /],
    ['ATTACH', "ATTACH '/etc/passwd' AS p", none],
    ['VACUUM INTO', "VACUUM INTO '/tmp/x'", none],
    ['BEGIN', 'BEGIN', none],
    ['COMMIT', 'COMMIT', none],
    ['EXPLAIN', 'EXPLAIN SELECT 1', none],
    ['EXPLAIN QUERY PLAN', 'EXPLAIN QUERY PLAN SELECT 1', none],
    ['two statements', 'SELECT 1; SELECT 2', none],
    ['a second one behind comments', 'SELECT 1 -- x\n;;/* y */; DELETE FROM airports', none],
    ['a broken second one', 'SELECT 1; SELEC', none],
    ['nothing', '  -- nothing\n ; /* at all */', none],
    ['loading', "SELECT load_extension('x')", /no such function: load_extension/],
    ['files', "SELECT readfile('/etc/passwd')", /no such function: readfile/],
    ['zero bytes', 'SELECT 1\0; DROP TABLE x', /expected text without zero bytes/],
    [
      'a syntax error, with its place',
      'SELECT 1 FORM airports',
      /near "airports": syntax error \(character 15 of sql: "airports"\)/,
    ],
    ['the place counts characters', "SELECT 'é😀' FORM airports x", /\(character 19 of sql: "airports x"\)/],
    [
      'an ambiguous column',
      'SELECT iata FROM airports a, airports b',
      /ambiguous column name: iata.*Columns of airports: iata, name,/,
    ],
    ['a wrong function', 'SELECT averge(latitude) FROM airports', /no such function: averge/],
    ['a value beyond all bounds', "SELECT length(printf('%.*c', 200000000, 'x'))", /^413 too_large: /],
    [
      'a row that no answer holds',
      "SELECT printf('%.*c', 200000, 'x')",
      /^413 too_large: The first row alone is longer than an answer may be \(10000 tokens\)\. .*substr/,
    ],
    ['a thousand brackets', `SELECT ${'('.repeat(5_000)}1${')'.repeat(5_000)}`, /^400 invalid_argument: SQLite: /],
  ];
  test('what is no single SELECT, and what SQLite refuses', async () => {
    const app = await queryApp();
    const id = await app.book({
      airports: [
        ['iata', 'name', 'latitude'],
        ['A', 'B', 3],
      ],
    });
    for (const [what, sql, expected] of REFUSED) expect(await app.rows(id, sql), what).toMatch(expected);
    expect(await app.rows(id, 'SELECT count(*) FROM airports')).toEqual([[1]]);
    expect(await app.rows('nonsense', 'SELECT 1')).toMatch(/^400 invalid_argument: "nonsense" is neither/);
    for (const sql of TAKEN) expect(await app.rows(id, sql), sql).toHaveLength(1);
  });

  const TAKEN = [
    'SELECT 1 -- and a comment',
    '/* first */ SELECT 1;',
    ';SELECT 1;;\n-- end',
    'SELECT \'a;b\', "name" FROM airports',
    "SELECT replace('delete', 'd', 'D')",
    'SELECT key, value FROM json_each(\'["x"]\')',
  ];

  test('unknown names, and tells those there are', async () => {
    const app = await testApp();
    const told = async (sql: string) => {
      const { status, body } = await app.rest('query_rows', { spreadsheet: DEMO_SPREADSHEET_ID, sql });
      return [status, body.detail, body.hint];
    };
    expect(await told('SELECT * FROM airprots')).toEqual([
      404,
      'There is no sheet, named range or table "airprots".',
      'Did you mean "airports"? Sheets: seattle-weather, birdstrikes, airports.',
    ]);
    expect(await told('SELECT a1 FROM a1')).toEqual([
      404,
      'There is no sheet, named range or table "a1".',
      'Sheets: seattle-weather, birdstrikes, airports.',
    ]);
    expect(await told('SELECT * FROM seattle.weather')).toEqual([
      400,
      'SQLite: no such table: seattle.weather.',
      'A name with a point in it stands in double quotes.',
    ]);
    expect(await told('SELECT w.temp_mx FROM "seattle-weather" w')).toEqual([
      400,
      'There is no column "w.temp_mx".',
      'Did you mean temp_max? Columns of "seattle-weather": date, precipitation, temp_max, temp_min, wind, weather. rowid is the row number.',
    ]);
    expect(await told('SELECT "sunny" FROM "seattle-weather"')).toEqual([
      400,
      'There is no column "sunny".',
      expect.stringMatching(/A text stands in single quotes\.$/),
    ]);
    expect((await told('SELECT Speed FROM birdstrikes'))[2]).toMatch(/"Cost Total \$", "Speed IAS in knots"/);
  });

  test('no large sheet: it is read in pieces', async () => {
    const app = await queryApp();
    const id = await app.book({ S: [['a'], [1]] });
    await app.direct(`/${id}:batchUpdate`, {
      requests: [
        {
          updateSheetProperties: {
            properties: { sheetId: 1, gridProperties: { rowCount: 1_200_000, columnCount: 1 } },
            fields: 'gridProperties',
          },
        },
        {
          updateCells: {
            start: { sheetId: 1, rowIndex: 1_100_000, columnIndex: 0 },
            rows: [{ values: [{ userEnteredValue: { numberValue: 5 } }] }],
            fields: 'userEnteredValue',
          },
        },
      ],
    });
    const from = app.sent.length;
    expect(await app.rows(id, 'SELECT rowid, a FROM S')).toEqual([
      [2, 1],
      [1_100_001, 5],
    ]);
    expect(app.sent.slice(from)).toHaveLength(5);
  });
});
