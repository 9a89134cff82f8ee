// Requests about tables, charts, slicers, comments: the table of their handlers.

import { addCommentReply, deleteComment, deleteCommentReply, insertComment, updateCommentPost } from './comments.ts';
import type { Handlers } from './context.ts';
import {
  addChart,
  addSlicer,
  deleteEmbeddedObject,
  updateChartSpec,
  updateEmbeddedObjectBorder,
  updateEmbeddedObjectPosition,
  updateSlicerSpec,
} from './embedded.ts';
import { addTable, appendCells, deleteTable, updateTable } from './tables.ts';

export const OBJECT_KINDS: Handlers = {
  addChart,
  addCommentReply,
  addSlicer,
  addTable,
  appendCells,
  deleteComment,
  deleteCommentReply,
  deleteEmbeddedObject,
  deleteTable,
  insertComment,
  updateChartSpec,
  updateCommentPost,
  updateEmbeddedObjectBorder,
  updateEmbeddedObjectPosition,
  updateSlicerSpec,
  updateTable,
};
