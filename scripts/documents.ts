// Documents that are derived from the code, so that they cannot drift from it.

import { SETTINGS, type Setting } from '../src/config.ts';
import { ERROR_TABLE } from '../src/errors.ts';
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

${sections.join('\n')}`;
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
