// Developer metadata and data filters. Data only.

import { message, type Of, oneOf } from '../schema.ts';
import { GridRange } from './base.ts';
import { DeveloperMetadataLocation, DeveloperMetadataLocationType, DeveloperMetadataVisibility } from './cells.ts';

export const DeveloperMetadataLocationMatchingStrategy = oneOf(
  'DeveloperMetadataLookup.DeveloperMetadataLocationMatchingStrategy',
  'DEVELOPER_METADATA_LOCATION_MATCHING_STRATEGY_UNSPECIFIED',
  'EXACT_LOCATION',
  'INTERSECTING_LOCATION',
);

export const DeveloperMetadataLookup = message('DeveloperMetadataLookup', {
  locationMatchingStrategy: DeveloperMetadataLocationMatchingStrategy,
  locationType: DeveloperMetadataLocationType,
  metadataId: 'int',
  metadataKey: 'string',
  metadataLocation: DeveloperMetadataLocation,
  metadataValue: 'string',
  visibility: DeveloperMetadataVisibility,
});

export const DataFilter = message('DataFilter', {
  a1Range: 'string',
  developerMetadataLookup: DeveloperMetadataLookup,
  gridRange: GridRange,
});
export type DataFilter = Of<typeof DataFilter>;
