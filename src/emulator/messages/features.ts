// What a sheet has beside its cells: names, protection, banding, tables, groups, comments. Data only.

import { list, message, type Of, oneOf } from '../schema.ts';
import { Color, ColorStyle, DimensionRange, GridRange } from './base.ts';
import { BooleanCondition } from './rules.ts';

export const NamedRange = message('NamedRange', { name: 'string', namedRangeId: 'string', range: GridRange });
export type NamedRange = Of<typeof NamedRange>;

export const Editors = message('Editors', {
  domainUsersCanEdit: 'bool',
  groups: list('string'),
  users: list('string'),
});
export type Editors = Of<typeof Editors>;

export const ProtectedRange = message('ProtectedRange', {
  description: 'string',
  editors: Editors,
  namedRangeId: 'string',
  protectedRangeId: 'int',
  range: GridRange,
  requestingUserCanEdit: 'bool',
  tableId: 'string',
  unprotectedRanges: list(GridRange),
  warningOnly: 'bool',
});
export type ProtectedRange = Of<typeof ProtectedRange>;

export const BandingProperties = message('BandingProperties', {
  firstBandColor: Color,
  firstBandColorStyle: ColorStyle,
  footerColor: Color,
  footerColorStyle: ColorStyle,
  headerColor: Color,
  headerColorStyle: ColorStyle,
  secondBandColor: Color,
  secondBandColorStyle: ColorStyle,
});
export type BandingProperties = Of<typeof BandingProperties>;

export const BandedRange = message('BandedRange', {
  bandedRangeId: 'int',
  bandedRangeReference: 'string',
  columnProperties: BandingProperties,
  range: GridRange,
  rowProperties: BandingProperties,
});
export type BandedRange = Of<typeof BandedRange>;

export const TableColumnDataValidationRule = message('TableColumnDataValidationRule', { condition: BooleanCondition });

export const ColumnType = oneOf(
  'TableColumnProperties.ColumnType',
  'COLUMN_TYPE_UNSPECIFIED',
  'DOUBLE',
  'CURRENCY',
  'PERCENT',
  'DATE',
  'TIME',
  'DATE_TIME',
  'TEXT',
  'BOOLEAN',
  'DROPDOWN',
  'FILES_CHIP',
  'PEOPLE_CHIP',
  'FINANCE_CHIP',
  'PLACE_CHIP',
  'RATINGS_CHIP',
);

export const TableColumnProperties = message('TableColumnProperties', {
  columnIndex: 'int',
  columnName: 'string',
  columnType: ColumnType,
  dataValidationRule: TableColumnDataValidationRule,
});
export type TableColumnProperties = Of<typeof TableColumnProperties>;

export const TableRowsProperties = message('TableRowsProperties', {
  firstBandColorStyle: ColorStyle,
  footerColorStyle: ColorStyle,
  headerColorStyle: ColorStyle,
  secondBandColorStyle: ColorStyle,
});

export const Table = message('Table', {
  columnProperties: list(TableColumnProperties),
  name: 'string',
  range: GridRange,
  rowsProperties: TableRowsProperties,
  tableId: 'string',
});
export type Table = Of<typeof Table>;

export const DimensionGroup = message('DimensionGroup', { collapsed: 'bool', depth: 'int', range: DimensionRange });
export type DimensionGroup = Of<typeof DimensionGroup>;

export const CommentsViewMode = oneOf(
  'CommentsViewMode',
  'COMMENTS_VIEW_MODE_UNSPECIFIED',
  'COMMENTS_VIEW_MODE_DEFAULT_FOR_CURRENT_ACCESS',
  'COMMENTS_VIEW_MODE_OMITTED',
  'COMMENTS_VIEW_MODE_INCLUDED',
);

export const CommentAction = oneOf(
  'Post.CommentActionType',
  'COMMENT_ACTION_TYPE_UNSPECIFIED',
  'NO_COMMENT_ACTION_CHANGE',
  'RESOLVE',
  'REOPEN',
);

export const PostAuthor = message('PostAuthor', {
  anonymous: 'bool',
  displayName: 'string',
  me: 'bool',
  user: 'string',
});

export const Post = message('Post', {
  assigneeEmail: 'string',
  author: PostAuthor,
  commentAction: CommentAction,
  content: 'string',
  contentHtml: 'string',
  createTime: 'string',
  deleted: 'bool',
  fromCopiedSpreadsheet: 'bool',
  fromImportedSpreadsheet: 'bool',
  postId: 'string',
  updateTime: 'string',
});
export type Post = Of<typeof Post>;

export const CommentThread = message('CommentThread', {
  anchorId: 'string',
  commentId: 'string',
  headPost: Post,
  plainTextQuote: 'string',
  replies: list(Post),
  status: 'string',
});
export type CommentThread = Of<typeof CommentThread>;
