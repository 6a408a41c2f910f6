// Debian's Chromium, driven by playwright-core, on an empty profile.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);

// Without these Chromium asks hosts of its maker, again and again.
const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export const sizes = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } };

export function startBrowser() {
  return chromium.launch({ executablePath: '/usr/bin/chromium-headless-shell', headless: true, args });
}

// A person's own window: a fresh context of the size, colour scheme and language asked for. Errors of its pages are collected in page.errors.
export async function openPage(browser, url, { size = 'desktop', scheme = 'light', locale = 'en-GB', reducedMotion = 'reduce', javaScriptEnabled = true } = {}) {
  const context = await browser.newContext({ baseURL: url, viewport: sizes[size], colorScheme: scheme, locale, reducedMotion, javaScriptEnabled, isMobile: false, hasTouch: size === 'phone' });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  page.errors = [];
  page.on('pageerror', (error) => page.errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy|Refused to/.test(message.text())) page.errors.push(message.text());
  });
  return page;
}

// What axe finds that is serious or critical: ["rule: help (selector)", …]; empty is what every page must give.
export async function seriousFindings(page) {
  const source = await readFile(require.resolve('axe-core/axe.min.js'), 'utf8');
  await page.evaluate(source); // through the debugger, so the page's Content-Security-Policy stays as it is
  const { violations } = await page.evaluate(() => globalThis.axe.run({ resultTypes: ['violations'] }));
  return violations
    .filter((v) => v.impact === 'serious' || v.impact === 'critical')
    .map((v) => `${v.id}: ${v.help} (${v.nodes.slice(0, 3).map((n) => n.target.join(' ')).join(', ')})`);
}
