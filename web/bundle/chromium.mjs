// A Chromium of its own, with a profile that nobody else uses: for the tests, and for what is made
// from pictures of the element.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import puppeteer from 'puppeteer-core';

const ARGUMENTS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * @param {string} executablePath
 * @param {string[]} [flags] more of Chromium's arguments
 */
export async function launch(executablePath, flags = []) {
  const profile = mkdtempSync(path.join(tmpdir(), 'backprop-chromium-'));
  const args = [...ARGUMENTS, ...flags];
  const browser = await puppeteer.launch({ executablePath, args, userDataDir: profile });
  const close = async () => {
    await browser.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  return { browser, close };
}

/**
 * Waits until the words of the page's elements have not changed for a second.
 * @param {import('puppeteer-core').Page} page
 */
export function settled(page) {
  return page.evaluate(async () => {
    const elements = [...document.querySelectorAll('backprop-demo')];
    let before = '';
    for (let still = 0; still < 60; still++) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const words = elements.map((one) => one.shadowRoot?.textContent).join();
      if (words !== before) still = 0;
      before = words;
    }
  });
}
