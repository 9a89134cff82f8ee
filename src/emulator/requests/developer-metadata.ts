// Requests about developer metadata. Which entries a filter selects is metadata.ts.

import { invalid } from '../errors.ts';
import { newId } from '../files.ts';
import { apply } from '../mask.ts';
import { DeveloperMetadata } from '../messages/cells.ts';
import { checkBudget, checkedLocation, matching } from '../metadata.ts';
import type { Book } from '../workbook.ts';
import { type Context, fieldsOf, type Handler } from './context.ts';

/** The entry as it is kept, or Google's refusal. */
function checkedEntry(book: Book, given: DeveloperMetadata): DeveloperMetadata {
  const { metadataId = 0, metadataKey, metadataValue, location = {}, visibility } = given;
  if (!metadataKey) throw invalid('Developer metadata must have a key specified.');
  if (visibility !== 'DOCUMENT' && visibility !== 'PROJECT') {
    throw invalid('Developer metadata must have a visibility specified.');
  }
  return {
    metadataId,
    metadataKey,
    ...(metadataValue ? { metadataValue } : {}),
    location: checkedLocation(book, location),
    visibility,
  };
}

/** Adds an entry under the caller's id or a new one; a used id is refused, which makes it a marker. */
export function insertMetadata({ book, change, random }: Context, given: DeveloperMetadata): DeveloperMetadata {
  const { metadataId = 0 } = given;
  if (metadataId < 0) throw invalid('Developer metadata id must be non-negative.');
  if (book.metadata.has(metadataId)) {
    const cause = 'because developer metadata with that ID already exists.';
    throw invalid(`Cannot add developer metadata with ID [${metadataId}] ${cause}`);
  }
  const id = metadataId > 0 ? metadataId : newId(random, (taken) => book.metadata.has(taken));
  const entry = checkedEntry(book, { ...given, metadataId: id });
  checkBudget(book, entry);
  change.setMetadata(book, entry.metadataId ?? 0, entry);
  return entry;
}

export const createDeveloperMetadata: Handler<'createDeveloperMetadata'> = (context, { developerMetadata = {} }) => ({
  developerMetadata: insertMetadata(context, developerMetadata),
});

export const deleteDeveloperMetadata: Handler<'deleteDeveloperMetadata'> = ({ book, change }, { dataFilter }) => {
  if (!dataFilter) throw invalid('dataFilter must be specified.');
  const deleted = matching(book, dataFilter);
  for (const one of deleted) change.setMetadata(book, one.metadataId ?? 0, undefined);
  return deleted.length > 0 ? { deletedDeveloperMetadata: deleted } : {};
};

export const updateDeveloperMetadata: Handler<'updateDeveloperMetadata'> = ({ book, change }, payload) => {
  const { dataFilters = [], developerMetadata = {}, fields } = payload;
  if (dataFilters.length === 0) throw invalid('Must specify at least one dataFilter.');
  const mask = fieldsOf(fields, DeveloperMetadata);
  const matched = new Set(dataFilters.flatMap((filter) => matching(book, filter)));
  const updated = [...matched].map((present) => {
    const { metadataId = 0 } = present;
    const next = checkedEntry(book, { ...apply(mask, present, developerMetadata), metadataId });
    // The budget is that of its new place without the entry as it was.
    change.setMetadata(book, metadataId, undefined);
    checkBudget(book, next);
    change.setMetadata(book, metadataId, next);
    return next;
  });
  return updated.length > 0 ? { developerMetadata: updated } : {};
};
