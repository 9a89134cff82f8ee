// Conditional formats, alternating colours and what they make of the effective format.

import type { sheets_v4 } from '@googleapis/sheets';
import { describe, expect, test } from 'vitest';
import { area, newSpreadsheet, openBench, verbsOf } from './clients.ts';

const bench = openBench();
const { batch, sheet, write, refused } = verbsOf(bench);

type Rule = sheets_v4.Schema$ConditionalFormatRule;

const green = { green: 1 };
const when = (type: string, values: string[] = [], range = area(0, 9, 0, 1)): Rule => ({
  ranges: [range],
  booleanRule: {
    condition: { type, ...(values.length > 0 && { values: values.map((userEnteredValue) => ({ userEnteredValue })) }) },
    format: { backgroundColor: green },
  },
});
const add = (rule: Rule, index?: number) => ({
  addConditionalFormatRule: { rule, ...(index !== undefined && { index }) },
});

describe('conditional formats', () => {
  const types = async (id: string) =>
    (await sheet(id, 'conditionalFormats')).conditionalFormats?.map(({ booleanRule }) => booleanRule?.condition?.type);

  test('are kept in order, moved, replaced and deleted with Google’s replies', async () => {
    const id = await newSpreadsheet(bench);
    const ranges = [{ sheetId: 0, startColumnIndex: 1, endColumnIndex: 2 }];
    const first = { ...when('BLANK'), ranges };
    expect(await batch(id, add(first, 0), add(when('NOT_BLANK'), 1), add(when('TEXT_EQ', ['x']), 99))).toEqual([
      {},
      {},
      {},
    ]);
    const kept: Rule = {
      ranges: [area(0, 1000, 1, 2)],
      booleanRule: {
        condition: { type: 'BLANK' },
        format: { backgroundColor: green, backgroundColorStyle: { rgbColor: green } },
      },
    };
    expect((await sheet(id, 'conditionalFormats')).conditionalFormats?.[0]).toEqual(kept);
    const move = { updateConditionalFormatRule: { sheetId: 0, index: 0, newIndex: 2 } };
    expect(await batch(id, move)).toEqual([
      { updateConditionalFormatRule: { newRule: kept, newIndex: 2, oldIndex: 0 } },
    ]);
    expect(await types(id)).toEqual(['NOT_BLANK', 'TEXT_EQ', 'BLANK']);
    const [reply] =
      (await batch(id, { updateConditionalFormatRule: { index: 2, rule: when('NUMBER_EQ', ['1']) } })) ?? [];
    expect(reply?.updateConditionalFormatRule).toMatchObject({ newIndex: 2, oldRule: kept });
    expect(reply?.updateConditionalFormatRule).not.toHaveProperty('oldIndex');
    expect(await batch(id, { deleteConditionalFormatRule: { index: 0 } })).toMatchObject([
      { deleteConditionalFormatRule: { rule: { booleanRule: { condition: { type: 'NOT_BLANK' } } } } },
    ]);
    expect(await types(id)).toEqual(['TEXT_EQ', 'NUMBER_EQ']);
    expect(await refused(id, { deleteConditionalFormatRule: { sheetId: 0, index: 2 } })).toBe(
      'Invalid requests[0].deleteConditionalFormatRule: No conditional format on sheet: 0 at index: 2',
    );
  });

  const point = (type: string, value?: string) => ({ type, color: { red: 1 }, ...(value !== undefined && { value }) });
  const scale = (minpoint?: object, maxpoint: object = point('MAX')): Rule => ({
    ranges: [area(0, 9, 0, 1)],
    gradientRule: { ...(minpoint && { minpoint }), maxpoint },
  });

  test('colour scales keep both spellings of colours and no needless value', async () => {
    const id = await newSpreadsheet(bench);
    await batch(id, add(scale(point('MIN', '2'), point('PERCENTILE', '90'))));
    const red = { color: { red: 1 }, colorStyle: { rgbColor: { red: 1 } } };
    expect((await sheet(id, 'conditionalFormats')).conditionalFormats?.[0]?.gradientRule).toEqual({
      minpoint: { type: 'MIN', ...red },
      maxpoint: { type: 'PERCENTILE', value: '90', ...red },
    });
  });

  const limited =
    'ConditionalFormatRule.format only supports bold, italic, strikethrough, foreground color and background color.';
  const styled = (format: object): Rule => ({
    ...when('BLANK'),
    booleanRule: { condition: { type: 'BLANK' }, format },
  });
  test.each<[string, Rule, string]>([
    ['font size', styled({ textFormat: { fontSize: 14 } }), limited],
    ['number format', styled({ numberFormat: { type: 'NUMBER' } }), limited],
    ['no ranges', { ...when('BLANK'), ranges: [] }, 'at least one range'],
    ['no kind', { ranges: [{}] }, 'must have a booleanRule or a gradientRule'],
    ['validation only', when('ONE_OF_LIST', ['a']), "ConditionType 'ONE_OF_LIST' is not supported"],
    ['no formula', when('CUSTOM_FORMULA', ['A1>1']), 'Invalid ConditionValue.userEnteredValue: A1>1'],
    ['broken formula', when('CUSTOM_FORMULA', ['=SUM((']), 'Invalid ConditionValue.userEnteredValue: =SUM(('],
    ['no minpoint', scale(), 'No interpolationPointType specified.'],
    ['no value', scale(point('NUMBER')), 'InterpolationPoint.value is required.'],
    ['bad value', scale(point('NUMBER', 'ten')), 'Invalid InterpolationPoint.value: ten'],
    ['unknown sheet', { ...when('BLANK'), ranges: [{ sheetId: 7 }] }, 'No grid with id: 7'],
  ])('refused: %s', async (_, rule, message) => {
    const id = await newSpreadsheet(bench);
    expect(await refused(id, add(rule))).toContain(message);
    expect(await sheet(id, 'conditionalFormats')).toEqual({});
  });

  test('two kinds in one rule and two instructions in one request are the parser’s to refuse', async () => {
    const id = await newSpreadsheet(bench);
    expect(await refused(id, add({ ...when('BLANK'), ...scale(point('MIN')) }))).toBe(
      "Invalid value at 'requests[0].add_conditional_format_rule.rule' (oneof), oneof field 'rule' is already set. Cannot set 'gradientRule'",
    );
    const both = { updateConditionalFormatRule: { index: 0, newIndex: 1, rule: when('BLANK') } };
    expect(await refused(id, both)).toContain("oneof field 'instruction' is already set");
  });

  test('nothing that says nothing is refused', async () => {
    const id = await newSpreadsheet(bench);
    await batch(id, add(styled({ textFormat: { bold: true, underline: false, fontSize: 0 } })));
    expect((await sheet(id, 'conditionalFormats')).conditionalFormats?.[0]?.booleanRule?.format).toEqual({
      textFormat: { bold: true },
    });
  });
});

describe('the effective format', () => {
  const backgrounds = async (id: string, range: string) => {
    const { data } = await sheet(id, 'data.rowData.values.effectiveFormat(backgroundColor,textFormat.bold)', [range]);
    return data?.[0]?.rowData?.map(({ values = [] }) => values.map((one) => one.effectiveFormat?.backgroundColor));
  };
  const white = { red: 1, green: 1, blue: 1 };

  // Which of the values a condition holds for, first to last.
  const values = [5, 10, 'Apple', '', '=1/0', '2024-05-01', true];
  test.each<[string, string[], number[]]>([
    ['NUMBER_GREATER', ['5'], [1, 5]],
    ['NUMBER_BETWEEN', ['10', '5'], [0, 1]],
    ['NUMBER_LESS_THAN_EQ', ['=2+3'], [0]],
    ['NUMBER_NOT_EQ', ['5'], [1, 5]],
    ['TEXT_CONTAINS', ['PL'], [2]],
    ['TEXT_STARTS_WITH', ['1'], [1]],
    ['TEXT_EQ', ['apple'], [2]],
    ['DATE_BEFORE', ['6/1/2024'], [5]],
    ['DATE_EQ', ['=DATE(2024,5,1)'], [5]],
    ['DATE_AFTER', ['5/1/2024'], []],
    ['NOT_BLANK', [], [0, 1, 2, 4, 5, 6]],
    ['CUSTOM_FORMULA', ['=$A1=$A$2'], [1]],
    ['CUSTOM_FORMULA', ['=ISERROR(A1)'], [4]],
    ['CUSTOM_FORMULA', ['=AND(ISNUMBER(A1),A1>A$1)'], [1, 5]],
  ])('is that of the rule where %s %j holds', async (type, given, rows) => {
    const id = await newSpreadsheet(bench);
    await write(
      id,
      'A1:A7',
      values.map((value) => [value]),
    );
    await batch(id, add(when(type, given)));
    const painted = (await backgrounds(id, 'A1:A7'))?.flatMap(([color], row) =>
      color && !('red' in color) ? [row] : [],
    );
    expect(painted).toEqual(rows);
  });

  test('the first rule that holds paints, over the cell’s own format and the bands', async () => {
    const id = await newSpreadsheet(bench);
    await write(id, 'A1:B4', [
      ['h', 'h'],
      [1, 1],
      [2, 2],
      [3, 3],
    ]);
    const [header, first, second] = [{ red: 0.1 }, { red: 0.2 }, { red: 0.3 }];
    const rowProperties = { headerColor: header, firstBandColor: first, secondBandColor: second };
    await batch(
      id,
      { addBanding: { bandedRange: { range: area(0, 4, 0, 2), rowProperties } } },
      {
        repeatCell: {
          range: area(3, 4, 1, 2),
          cell: { userEnteredFormat: { backgroundColor: { blue: 1 } } },
          fields: 'userEnteredFormat.backgroundColor',
        },
      },
      add(when('NUMBER_EQ', ['2'], area(0, 4, 1, 2)), 0),
      add(when('NUMBER_GREATER', ['0'], area(2, 3, 1, 2)), 1),
    );
    expect(await backgrounds(id, 'A1:B4')).toEqual([
      [header, header],
      [first, first],
      [second, green],
      [first, { blue: 1 }],
    ]);
  });

  test('a colour scale mixes its colours', async () => {
    const id = await newSpreadsheet(bench);
    await write(id, 'A1:A4', [[0], [50], [100], ['x']]);
    const gradientRule = {
      minpoint: { type: 'MIN', color: {} },
      midpoint: { type: 'PERCENT', value: '50', color: { red: 1 } },
      maxpoint: { type: 'NUMBER', value: '150', color: { red: 1, blue: 1 } },
    };
    await batch(id, add({ ranges: [area(0, 4, 0, 1)], gradientRule }));
    expect(await backgrounds(id, 'A1:A4')).toEqual([[{}], [{ red: 1 }], [{ red: 1, blue: 0.5 }], [white]]);
  });
});

describe('alternating colours', () => {
  const bands = { firstBandColorStyle: { rgbColor: { red: 1 } }, secondBandColor: { blue: 1 } };
  const both = {
    firstBandColor: { red: 1 },
    firstBandColorStyle: { rgbColor: { red: 1 } },
    secondBandColor: { blue: 1 },
    secondBandColorStyle: { rgbColor: { blue: 1 } },
  };

  test('are added, changed under a mask and deleted', async () => {
    const id = await newSpreadsheet(bench);
    const [reply] =
      (await batch(id, { addBanding: { bandedRange: { range: area(0, 4, 0, 3), rowProperties: bands } } })) ?? [];
    const { bandedRangeId = 0 } = reply?.addBanding?.bandedRange ?? {};
    expect(bandedRangeId).toBeGreaterThan(0);
    expect(reply).toEqual({
      addBanding: { bandedRange: { bandedRangeId, range: area(0, 4, 0, 3), rowProperties: both } },
    });
    const header = { headerColorStyle: { themeColor: 'ACCENT1' } };
    const update = { bandedRangeId, rowProperties: header, range: area(0, 5, 0, 3) };
    expect(
      await batch(id, { updateBanding: { bandedRange: update, fields: 'rowProperties.headerColor,range' } }),
    ).toEqual([{}]);
    const accent = { red: 0.25882354, green: 0.52156866, blue: 0.95686275 };
    expect((await sheet(id, 'bandedRanges')).bandedRanges).toEqual([
      { bandedRangeId, range: area(0, 5, 0, 3), rowProperties: { ...both, ...header, headerColor: accent } },
    ]);
    await batch(id, { deleteBanding: { bandedRangeId } });
    expect(await sheet(id, 'bandedRanges')).toEqual({});
    expect(await refused(id, { deleteBanding: { bandedRangeId } })).toContain(`No banding with id: ${bandedRangeId}`);
  });

  test('do not overlap, and keep the id a caller chose', async () => {
    const id = await newSpreadsheet(bench);
    const banding = (range: object, bandedRangeId: number) => ({
      addBanding: { bandedRange: { bandedRangeId, range, columnProperties: bands } },
    });
    await batch(id, banding(area(0, 4, 0, 3), 77), banding(area(4, 6, 0, 3), 78));
    expect(await refused(id, banding(area(3, 9, 2, 9), 79))).toBe(
      'Invalid requests[0].addBanding: You cannot add alternating background colors to a range that already has alternating background colors.',
    );
    expect(await refused(id, banding(area(7, 9, 2, 9), 77))).toContain('banding with id: 77');
    expect(await refused(id, { addBanding: { bandedRange: { range: area(7, 9, 0, 1) } } })).toContain(
      'At least one of',
    );
    expect((await sheet(id, 'bandedRanges.bandedRangeId')).bandedRanges).toEqual([
      { bandedRangeId: 77 },
      { bandedRangeId: 78 },
    ]);
  });
});
