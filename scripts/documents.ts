// Documents that are derived from the code, so that they cannot drift from it.

import { SETTINGS, type Setting } from '../src/config.ts';
import { ERROR_TABLE } from '../src/errors.ts';
import { PROMPTS } from '../src/server/prompts.ts';
import { TEMPLATES } from '../src/server/resources.ts';
import { TOOLS } from '../src/tools/index.ts';
import type { JsonSchema } from '../src/tools/input.ts';

export function errorsDocument(): string {
  const rows = Object.entries(ERROR_TABLE).map(
    ([code, { status, retryable, hint }]) => `| \`${code}\` | ${status} | ${retryable ? 'yes' : 'no'} | ${hint} |`,
  );
  return `# Errors

Generated from \`src/errors.ts\` by \`npm run generate\`. REST answers these as RFC 9457 problem JSON with \`code\`, \`detail\`, \`hint\`, \`requestId\` and, where known, \`retryAfterMs\` and \`Retry-After\`; MCP answers \`isError\` with the same facts.

| code | status | worth repeating | what to do, unless the answer says something more specific |
|---|---|---|---|
${rows.join('\n')}
`;
}

export function toolsDocument(): string {
  const sections = TOOLS.map(
    (tool) => `## ${tool.name}

${tool.description}

Toolset ${tool.toolset}, access ${tool.access}, ${tool.annotations.idempotentHint ? 'safe to repeat' : 'not safe to repeat'}.

| argument | | meaning |
|---|---|---|
${argumentsOf(tool.inputSchema).join('\n')}

\`\`\`json
${JSON.stringify(tool.example)}
\`\`\`
`,
  );
  return `# Tools

Generated from \`src/tools/\` by \`npm run generate\`. The same tools are served to MCP clients, at \`POST /v1/tools/<name>\`, and by \`servalsheets call\`.

${sections.join('\n')}
## Resources

For MCP clients. A read goes the way of a tool call and is offered where the tool beside it is. A page of \`read_range\` that does not hold everything links to the whole ranges. Spreadsheets, sheets, names and used ranges are completed.

| URI | type | beside | what it is |
|---|---|---|---|
${TEMPLATES.map((one) => `| \`${one.uriTemplate}\` | ${one.mimeType} | \`${one.beside}\` | ${one.description} |`).join('\n')}

## Prompts

For MCP clients. One is offered where all tools that it names are.

| prompt | arguments | what it does |
|---|---|---|
${PROMPTS.map(promptRow).join('\n')}
`;
}

function promptRow({ name, description, arguments: args }: (typeof PROMPTS)[number]): string {
  const named = args.map((one) => `\`${one.name}\`${one.required ? '' : ' (optional)'}`);
  return `| \`${name}\` | ${named.join(', ')} | ${description} |`;
}

/** Text of `docs/guarantees.md`. */
export function guaranteesDocument(): string {
  const rows = TOOLS.flatMap(({ name, guarantee, queueable, undoable, inputSchema }) =>
    guarantee
      ? [
          `| \`${name}\` | ${guarantee.level}${guarantee.exception === undefined ? '' : `; ${guarantee.exception}`} | ${queueable ? 'kept, 202' : 'refused, 503'} | ${undoable ? 'yes' : 'no'} | ${Object.hasOwn(inputSchema.properties ?? {}, 'dryRun') ? 'yes' : 'no'} | ${guarantee.unsure} |`,
        ]
      : [],
  );
  return `# What a write promises

Generated from \`src/tools/\` by \`npm run generate\`. None of this was tried against the live API: [assumptions](assumptions.md) says what it rests on, and \`npm run verify:google\` tries it.

- **Acknowledged means written once.** A write that was answered \`applied\` is in the spreadsheet exactly once, whatever failed in between: lost answers, timeouts, a killed server, a full disk. One that was answered \`queued\` is in the ledger, and is made once, or ends as \`set_aside\`, \`expired\` or \`cancelled\`, which \`get_write\` tells.
- **An error means what it says.** Any error but \`outcome_unknown\` means that nothing was applied. After \`outcome_unknown\` the write is found out behind the answer; \`get_write\` with the \`writeId\` of the error tells.
- **Repeating with the key is safe.** The same call with the same \`Idempotency-Key\` header or \`idempotencyKey\` argument never writes twice; it is answered with the first answer for a day, across restarts.
- **Order.** Writes to one spreadsheet that reach one server process go out in the order in which they came. A write that ended in an error has no place in that order; repeated, it is a new one.

| tool | lost answers, repeated keys, crashes | while Google cannot be asked | undo_write | dryRun | after outcome_unknown |
|---|---|---|---|---|---|
${rows.join('\n')}

How: each batch carries a marker (developer metadata under an id of its own) that makes Google refuse the batch a second time, and has a row in the ledger before it is sent. [Architecture](architecture.md) says more.

**Undo.** What a write of a tool with *yes* replaces is kept before it is sent, for \`UNDO_MAX_AGE_MS\` and \`UNDO_MAX_BYTES\`, the oldest going first. \`undo_write\` puts it back if every cell is as that write left it; else it is \`conflict\` and nothing happens, unless \`force\`. Appended rows are blanked, not taken out: rows below would move. A write of more than 100,000 cells or 2 MB is not kept, and says so in its answer. Rows, columns and sheets that were deleted are gone. \`dryRun\` answers what the write would, and neither sends nor keeps anything.

## Where it ends

- Whoever edits the spreadsheet beside this server can move rows between the look and the write of \`upsert_rows\` and of \`write_range\` with \`expect\`: Google offers no condition on a write. Among the calls of one server process nothing comes in between.
- Two server processes that do not share a \`DATA_DIR\` know nothing of each other's keys.
- A copy of a ledger that is put back knows nothing of what came after it.
- With \`EXACTLY_ONCE=off\` no marker is written: a write whose answer is lost stays unknown, and repeating it may double it.
`;
}

function argumentsOf(schema: JsonSchema): string[] {
  const required = new Set(Array.isArray(schema.required) ? schema.required : []);
  return Object.entries(schema.properties ?? {}).map(([name, property]: [string, JsonSchema]) => {
    const fallback = property.default === undefined ? '' : `, default \`${JSON.stringify(property.default)}\``;
    return `| \`${name}\` | ${typeOf(property)}${required.has(name) ? '' : ', optional'}${fallback} | ${property.description ?? ''} |`;
  });
}

function typeOf(property: JsonSchema): string {
  const { enum: values, type, anyOf, items } = property;
  if (Array.isArray(values)) return values.join(' \\| ');
  if (Array.isArray(anyOf)) return anyOf.map(typeOf).join(' or ');
  if (type === 'array' && typeof items === 'object' && items !== null) return `array of ${typeOf(items as JsonSchema)}`;
  return String(type);
}

/** Text of `.env.example`. */
export function envExample(): string {
  const lines = Object.entries<Setting<unknown>>(SETTINGS).map(
    ([name, setting]) => `# ${setting.text}\n# Accepts ${setting.accepts}.\n# ${name}=${setting.default ?? ''}\n`,
  );
  return `# Settings of ServalSheets. Copy to .env and uncomment what you change. Generated: npm run generate\n\n${lines.join('\n')}`;
}

/** Text of `docs/config.md`. */
export function configDocument(): string {
  const rows = Object.entries<Setting<unknown>>(SETTINGS).map(
    ([name, setting]) =>
      `| \`${name}\` | ${setting.default === undefined ? '' : `\`${setting.default}\``} | ${setting.unit ?? ''} | ${setting.accepts} | ${setting.text} |`,
  );
  return `# Settings\n\nGenerated from \`src/config.ts\` by \`npm run generate\`. A \`.env\` file in the working folder is read at start; the environment wins over it.\n\n| variable | default | unit | accepts | meaning |\n|---|---|---|---|---|\n${rows.join('\n')}\n`;
}
