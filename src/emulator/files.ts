// What Drive keeps about a file, and the making of files and workbooks. Knows no HTTP.

import type { Clock } from '../clock.ts';
import { createCalculation } from './calc/calculation.ts';
import type { Change } from './change.ts';
import { DEFAULT_PROPERTIES } from './defaults.ts';
import { MetadataTable } from './metadata-table.ts';
import { type Book, FormatTable } from './workbook.ts';

export const SPREADSHEET = 'application/vnd.google-apps.spreadsheet';
export const FOLDER = 'application/vnd.google-apps.folder';
/** The folder of files created without `parents`; `root` is its alias in queries and requests. */
export const ROOT_FOLDER = 'root';

/** Who may do what with a file. */
export interface Permission {
  readonly id: string;
  readonly type: 'user' | 'group' | 'domain' | 'anyone';
  readonly role: 'owner' | 'organizer' | 'fileOrganizer' | 'writer' | 'commenter' | 'reader';
  readonly emailAddress?: string;
  readonly domain?: string;
  readonly displayName?: string;
  readonly allowFileDiscovery?: boolean;
  readonly expirationTime?: string;
}

export interface DriveFile {
  /** The number the store knows it by; never printed. */
  readonly key: number;
  readonly id: string;
  readonly name: string;
  readonly mimeType: string;
  /** RFC 3339 in UTC with milliseconds. */
  readonly createdTime: string;
  readonly modifiedTime: string;
  /** Grows with every change. */
  readonly version: number;
  readonly parents: readonly string[];
  readonly trashed: boolean;
  readonly starred: boolean;
  readonly description?: string;
  /** Beside the owner's. */
  readonly permissions?: readonly Permission[];
  readonly appProperties?: Readonly<Record<string, string>>;
  readonly properties?: Readonly<Record<string, string>>;
}

const ID_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** 44 characters as Google's ids of spreadsheets have, the first of them 1. */
export function newFileId(random: () => number): string {
  let id = '1';
  while (id.length < 44) id += ID_LETTERS[Math.floor(random() * 64)];
  return id;
}

/** A positive id of 31 bits that is not taken. */
export function newId(random: () => number, taken: (id: number) => boolean): number {
  for (;;) {
    const id = 1 + Math.floor(random() * (2 ** 31 - 1));
    if (!taken(id)) return id;
  }
}

/** An empty workbook under the file's key and id; it has no sheet yet. */
export function newBook(file: DriveFile, clock: Clock): Book {
  return {
    key: file.key,
    id: file.id,
    properties: DEFAULT_PROPERTIES,
    namedRanges: [],
    sheets: [],
    metadata: new MetadataTable(),
    formats: new FormatTable(),
    calc: createCalculation(clock),
  };
}

/** Notes that a file's content or properties changed. */
export function touch(change: Change, file: DriveFile, wallMs: number): void {
  const modifiedTime = new Date(Math.max(wallMs, Date.parse(file.createdTime))).toISOString();
  change.setFile({ ...file, modifiedTime, version: file.version + 1 });
}
