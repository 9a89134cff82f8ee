// Requests about what a spreadsheet remembers beside its cells: named ranges and developer metadata.

import { ApiError, invalid } from '../errors.ts';
import { newId } from '../files.ts';
import type { DeveloperMetadata } from '../messages/cells.ts';
import { checkBudget, checkedLocation, matching } from '../metadata.ts';
import { printGridRange, resolveGridRange } from '../ranges.ts';
import type { Context, Handler } from './context.ts';

/** A letter or underscore first, no blanks, not a cell and not a boolean (Google, "Name a range of cells"). */
const NAME = /^(?!(?:[A-Za-z]{1,3}\d+|[Rr]\d*[Cc]\d*|true|false)$)[\p{L}_][\p{L}\p{N}_.]{0,249}$/iu;

export const addNamedRange: Handler<'addNamedRange'> = ({ book, change, random }, { namedRange = {} }) => {
  const { name = '', range = {}, namedRangeId } = namedRange;
  if (!NAME.test(name)) throw invalid(`Invalid name: ${name}`);
  const lower = name.toLowerCase();
  if (book.namedRanges.some((each) => each.name?.toLowerCase() === lower)) {
    throw invalid(`A named range with the name "${name}" already exists.`);
  }
  const taken = (id: string) => book.namedRanges.some((each) => each.namedRangeId === id);
  if (namedRangeId && taken(namedRangeId)) throw invalid(`Named range with id ${namedRangeId} already exists.`);
  const { sheet, rect } = resolveGridRange(book, range);
  const added = {
    namedRangeId: namedRangeId || String(newId(random, (id) => taken(String(id)))),
    name,
    range: {
      sheetId: sheet.id,
      startRowIndex: rect.startRow,
      endRowIndex: rect.endRow,
      startColumnIndex: rect.startColumn,
      endColumnIndex: rect.endColumn,
    },
  };
  change.setNamedRanges(book, [...book.namedRanges, added]);
  return { namedRange: { ...added, range: printGridRange(added.range) } };
};

export const deleteNamedRange: Handler<'deleteNamedRange'> = ({ book, change }, { namedRangeId = '' }) => {
  const left = book.namedRanges.filter((each) => each.namedRangeId !== namedRangeId);
  if (left.length === book.namedRanges.length) throw invalid(`No named range with id: ${namedRangeId}`);
  change.setNamedRanges(book, left);
  return undefined;
};

/** Adds an entry under the caller's id or a new one; a used id is refused, which makes it a marker. */
export function insertMetadata({ book, change, random }: Context, given: DeveloperMetadata): DeveloperMetadata {
  const { metadataId = 0, metadataKey, metadataValue, location = {}, visibility } = given;
  if (!metadataKey) throw invalid('Developer metadata must have a key specified.');
  if (visibility !== 'DOCUMENT' && visibility !== 'PROJECT') {
    throw invalid('Developer metadata must have a visibility specified.');
  }
  if (metadataId < 0) throw invalid('Developer metadata id must be non-negative.');
  if (book.metadata.has(metadataId)) {
    const cause = 'because developer metadata with that ID already exists.';
    throw invalid(`Cannot add developer metadata with ID [${metadataId}] ${cause}`);
  }
  const entry: DeveloperMetadata = {
    metadataId: metadataId > 0 ? metadataId : newId(random, (id) => book.metadata.has(id)),
    metadataKey,
    ...(metadataValue ? { metadataValue } : {}),
    location: checkedLocation(book, location),
    visibility,
  };
  checkBudget(book, entry);
  change.setMetadata(book, entry.metadataId ?? 0, entry);
  return entry;
}

export const createDeveloperMetadata: Handler<'createDeveloperMetadata'> = (context, { developerMetadata = {} }) => ({
  developerMetadata: insertMetadata(context, developerMetadata),
});

export const deleteDeveloperMetadata: Handler<'deleteDeveloperMetadata'> = ({ book, change }, { dataFilter }) => {
  if (!dataFilter) throw new ApiError(400, 'dataFilter must be specified.');
  const deleted = matching(book, dataFilter);
  for (const one of deleted) change.setMetadata(book, one.metadataId ?? 0, undefined);
  return deleted.length > 0 ? { deletedDeveloperMetadata: deleted } : {};
};
