// Runs of formats and of chips within the text of a cell, checked and as Google keeps them. Data in, data out.

import { pairColors, type Theme } from './colors.ts';
import { invalid } from './errors.ts';
import type { Chip, ChipRun, TextFormatRun } from './messages/format.ts';
import type { Scalar } from './workbook.ts';

/** The text that runs may lie on; only text has runs. */
function textOf(value: Scalar | undefined, name: string): string {
  if (typeof value !== 'string') throw invalid(`${name} can only be set on cells with text.`);
  return value;
}

function checkStart(name: string, startIndex: number, after: number, length: number): void {
  if (startIndex <= after)
    throw invalid(`${name}.startIndex[${startIndex}] must be greater than that of the run before.`);
  if (startIndex >= length) throw invalid(`${name}.startIndex[${startIndex}] is after the end of the text[${length}].`);
}

/** A start of 0 is left out. */
function startAt(startIndex: number): { startIndex?: number } {
  return startIndex === 0 ? {} : { startIndex };
}

export function checkedFormatRuns(
  value: Scalar | undefined,
  runs: readonly TextFormatRun[],
  theme: Theme,
): TextFormatRun[] {
  const { length } = textOf(value, 'TextFormatRun');
  let after = -1;
  return runs.map(({ startIndex = 0, format = {} }) => {
    checkStart('TextFormatRun', startIndex, after, length);
    after = startIndex;
    return { ...startAt(startIndex), format: pairColors(format, theme) };
  });
}

const DRIVE_FILE = /^https:\/\/(docs|drive|sheets|slides)\.google\.com\//;

function checkChip({ personProperties, richLinkProperties }: Chip): void {
  if (personProperties) {
    if (!personProperties.email) throw invalid('PersonProperties.email must be specified.');
    return;
  }
  if (!richLinkProperties?.uri) throw invalid('Chip must have personProperties or richLinkProperties specified.');
  if (!DRIVE_FILE.test(richLinkProperties.uri))
    throw invalid('Only links to Google Drive files can be written as chips.');
}

/** Chips stand on an `@` each; what lies between them becomes runs with an empty chip, as they are read. */
export function checkedChipRuns(value: Scalar | undefined, runs: readonly ChipRun[]): ChipRun[] {
  const text = textOf(value, 'ChipRun');
  const chips = runs.filter(({ chip = {} }) => Object.keys(chip).length > 0);
  const kept: ChipRun[] = [];
  let after = -1;
  let end = 0;
  for (const { startIndex = 0, chip = {} } of chips) {
    checkStart('ChipRun', startIndex, after, text.length);
    if (text[startIndex] !== '@') throw invalid(`ChipRun.startIndex[${startIndex}] must be at a placeholder "@".`);
    checkChip(chip);
    if (startIndex > end) kept.push({ ...startAt(end), chip: {} });
    kept.push({ ...startAt(startIndex), chip });
    after = startIndex;
    end = startIndex + 1;
  }
  if (chips.length > 0 && end < text.length) kept.push({ startIndex: end, chip: {} });
  return kept;
}
