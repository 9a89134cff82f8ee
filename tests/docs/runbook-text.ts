// What a runbook says, taken apart: commands with the answers it promises, settings with their direction, names in code.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { ROOT } from '../support/app.ts';

export interface Command {
  readonly text: string;
  /** The situation that the block's info string names. */
  readonly situation: string;
  /** What the lines with an arrow promise; `…` stands for anything. */
  readonly prints: readonly string[];
  /** What "answers 404" promises; otherwise it must be below 300. */
  readonly status: number | undefined;
}

export interface Assignment {
  readonly name: string;
  readonly value: string;
  /** First word of what is said about it: raises, lowers, keeps. */
  readonly verb: string;
}

export interface Block {
  readonly language: string;
  readonly label: string;
  readonly body: string;
}

export interface Runbook {
  readonly name: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  readonly commands: readonly Command[];
  readonly assignments: readonly Assignment[];
  /** Code within sentences. */
  readonly names: readonly string[];
}

const FOLDER = join(ROOT, 'docs/runbooks');

export function readRunbooks(): Runbook[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.md'))
    .map((name) => readRunbook(name, readFileSync(join(FOLDER, name), 'utf8')));
}

function readRunbook(name: string, text: string): Runbook {
  const blocks = [...text.matchAll(/^```(\S*) ?(.*)\n([\s\S]*?)^```$/gm)].map(
    ([, language = '', label = '', body = '']) => ({ language, label, body }),
  );
  const prose = text.replaceAll(/^```[\s\S]*?^```$/gm, '');
  const commands = blocks.filter(({ language }) => language === 'sh').flatMap(commandsOf);
  const assigned = blocks.filter(({ language }) => language === 'env').flatMap(({ body }) => envAssignments(body));
  return {
    name,
    text,
    blocks,
    commands,
    assignments: [...assigned, ...blocks.flatMap(({ body }) => shellAssignments(body))],
    names: [...prose.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code),
  };
}

function commandsOf({ label, body }: Block): Command[] {
  const commands: { text: string; situation: string; prints: string[]; status: number | undefined }[] = [];
  for (const line of body.trimEnd().split('\n')) {
    const last = commands.at(-1);
    const [, printed] = /^# -> (.+)$/.exec(line) ?? [];
    const [, status] = /^# answers (\d{3})\b/.exec(line) ?? [];
    if (last && printed !== undefined) last.prints.push(printed);
    else if (last && status !== undefined) last.status = Number(status);
    else if (!line.startsWith('#')) commands.push({ text: line, situation: label, prints: [], status: undefined });
  }
  return commands;
}

/** Lines of an env block, each with a comment that says where it moves the setting. */
function envAssignments(body: string): Assignment[] {
  return body
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [[name, value] = ['', '']] = Object.entries(parseEnv(line));
      return { name, value: value ?? '', verb: /# (\w+)/.exec(line)?.[1] ?? '' };
    });
}

/** `kubectl set env` under a comment that says where it moves the settings. */
function shellAssignments(body: string): Assignment[] {
  return [...body.matchAll(/^# (\w+)[^\n]*\nkubectl set env (.*)$/gm)].flatMap(([, verb = '', rest = '']) =>
    [...rest.matchAll(/([A-Z][A-Z_]+)=(\S+)/g)].map(([, name = '', value = '']) => ({
      name,
      value,
      verb: verb.toLowerCase(),
    })),
  );
}

/** Whether the text holds the promised line: its parts, in order, on one line. */
export function holds(text: string, promised: string): boolean {
  const parts = promised.split('…').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(parts.join('.*'), 'i').test(text);
}
