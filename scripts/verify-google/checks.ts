// All checks, in any order: run.ts decides which comes when.

import {
  answersInOrder,
  growsBesideOthers,
  keepsOrder,
  namesData,
  refusesWhole,
  takesLargeBodies,
  takesLongUrls,
  tellsDates,
} from './batch-checks.ts';
import type { Check } from './check.ts';
import { tellsFormats, tellsRules, tellsValidation } from './format-checks.ts';
import { keepsNamedRangeId, keepsOtherIds, keepsSheetId } from './id-checks.ts';
import { allowsScopes, countsNoRefusals, limitsMetadata, reopensInAMinute } from './limit-checks.ts';
import {
  appliesOnce,
  fencesForGood,
  hidesFromOthers,
  isSeenAtOnce,
  leavesNoMarker,
  refusesUsedId,
  removesById,
  saysNotFound,
} from './marker-checks.ts';
import { clears, formatsDates, masksFormat } from './mask-checks.ts';
import { keepsCellsOfTable, namesTableColumns, pivotsOverNothing, tellsCharts } from './object-checks.ts';
import {
  appendsBelow,
  appendsToTable,
  cutsRanges,
  groupsBlocks,
  masksReply,
  showsBatch,
  tellsBlocks,
} from './place-checks.ts';
import { countsPlaces, insertsAtEnd, replacesText, sortsRows } from './structure-checks.ts';
import { putsBack, tellsEntered, tellsTitles } from './undo-checks.ts';

export const CHECKS: readonly Check[] = [
  groupsBlocks,
  appendsBelow,
  showsBatch,
  masksReply,
  masksFormat,
  formatsDates,
  refusesWhole,
  allowsScopes,
  cutsRanges,
  keepsOrder,
  tellsBlocks,
  refusesUsedId,
  appliesOnce,
  leavesNoMarker,
  fencesForGood,
  removesById,
  isSeenAtOnce,
  hidesFromOthers,
  saysNotFound,
  keepsSheetId,
  keepsNamedRangeId,
  appendsToTable,
  clears,
  tellsTitles,
  tellsEntered,
  putsBack,
  tellsFormats,
  tellsValidation,
  tellsRules,
  namesData,
  answersInOrder,
  tellsDates,
  keepsOtherIds,
  takesLongUrls,
  takesLargeBodies,
  growsBesideOthers,
  insertsAtEnd,
  countsPlaces,
  replacesText,
  sortsRows,
  namesTableColumns,
  keepsCellsOfTable,
  pivotsOverNothing,
  tellsCharts,
  limitsMetadata,
  countsNoRefusals,
  reopensInAMinute,
];
