// The documentation page in a real browser: it lists the tools and a call made on it is answered.

import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { expect, test } from 'vitest';
import { TOOLS } from '../../src/tools/index.ts';
import { temporaryFolder } from '../support/app.ts';
import { serve } from '../support/processes.ts';

const CHROMIUM = '/usr/bin/chromium';
const found = existsSync(CHROMIUM);
if (!found && process.env.CI === 'true') throw new Error(`${CHROMIUM} is missing: install the Debian package chromium`);
if (!found) process.stderr.write(`skipped: tests/browser needs ${CHROMIUM} (Debian package chromium)\n`);

test.runIf(found)('the API page lists every tool and tries one out', { timeout: 60_000 }, async () => {
  const { url } = await serve({ DATA_DIR: temporaryFolder(), TOOLSETS: 'all' });
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  try {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${url}/docs`);
    for (const { name, toolset } of TOOLS) await page.locator(`#operations-${toolset}-${name}`).waitFor();
    const operation = page.locator('#operations-core-search_spreadsheets');
    await operation.locator('.opblock-summary-control').click();
    await operation.locator('.try-out__btn').click();
    await operation.locator('textarea').fill('{"query":"demo"}');
    await operation.locator('.execute').click();
    const answer = operation.locator('.live-responses-table .highlight-code').first();
    await answer.waitFor();
    expect(await answer.textContent()).toContain('ServalSheets demo');
    expect(complaints).toEqual([]);
  } finally {
    await browser.close();
  }
});
