// Start-up to the first tools/list on stdio and resident memory, beside a bare Node process; medians of 7.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const RUNS = 7;
const data = mkdtempSync(join(tmpdir(), 'servalsheets-bench-'));
const env = { PATH: process.env.PATH, HOME: data, DATA_DIR: data, PORT: '0', LOG_LEVEL: 'WARN' };

const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bench', version: '1' } },
};

interface Sample {
  readonly ms: number;
  readonly rssMiB: number;
}

async function lineWith(child: ChildProcess, text: string): Promise<void> {
  let seen = '';
  for await (const chunk of child.stdout ?? []) {
    seen += chunk;
    if (seen.includes(text)) return;
  }
  throw new Error(`ended without ${text}: ${seen}`);
}

function residentMiB(child: ChildProcess): number {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

async function stdio(): Promise<Sample> {
  const start = performance.now();
  const child = spawn(process.execPath, [join(root, 'src/main.ts'), 'stdio'], { env });
  const send = (message: object) => child.stdin.write(`${JSON.stringify(message)}\n`);
  send(INITIALIZE);
  send({ jsonrpc: '2.0', method: 'notifications/initialized' });
  send({ jsonrpc: '2.0', id: 2, method: 'tools/list' });
  await lineWith(child, '"id":2');
  const sample = { ms: performance.now() - start, rssMiB: residentMiB(child) };
  child.kill('SIGKILL');
  await once(child, 'close');
  return sample;
}

async function bareNode(): Promise<Sample> {
  const start = performance.now();
  const child = spawn(process.execPath, ['-e', 'console.log("up"); setInterval(() => {}, 1e6)'], { env });
  await lineWith(child, 'up');
  const sample = { ms: performance.now() - start, rssMiB: residentMiB(child) };
  child.kill('SIGKILL');
  await once(child, 'close');
  return sample;
}

async function http(): Promise<Sample> {
  const start = performance.now();
  const child = spawn(process.execPath, [join(root, 'src/main.ts'), 'serve'], { env });
  let text = '';
  for await (const chunk of child.stdout) {
    text += chunk;
    if (text.includes('Demo')) break;
  }
  await (await fetch(`${/http:\/\/[^\s]+/.exec(text)?.[0]}/v1/tools`)).text();
  const sample = { ms: performance.now() - start, rssMiB: residentMiB(child) };
  child.kill('SIGKILL');
  await once(child, 'close');
  return sample;
}

const median = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

const cases = { 'bare node': bareNode, 'stdio to tools/list': stdio, 'serve to GET /v1/tools': http };
const samples: Record<string, Sample[]> = {};
await stdio(); // creates the demo and fills the compile cache
for (let run = 0; run < RUNS; run++) {
  for (const [name, measure] of Object.entries(cases)) samples[name] = [...(samples[name] ?? []), await measure()];
}
rmSync(data, { recursive: true, force: true });

const base = median((samples['bare node'] ?? []).map(({ ms }) => ms));
const rows = Object.entries(samples).map(([name, own]) => {
  const ms = median(own.map((sample) => sample.ms));
  return {
    name,
    medianMs: Math.round(ms),
    timesBareNode: Number((ms / base).toFixed(1)),
    rssMiB: Math.round(median(own.map((sample) => sample.rssMiB))),
  };
});
const machine = `${cpus().length} x ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
const result = {
  what: `start-up, medians of ${RUNS} runs in turn`,
  date: new Date().toISOString().slice(0, 10),
  machine,
  rows,
};
writeFileSync(join(root, 'bench/results/startup.json'), `${JSON.stringify(result, null, 2)}\n`);
process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
