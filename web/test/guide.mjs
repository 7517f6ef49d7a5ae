// The snippets of docs/embedding.md.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../tools/run.mjs';

const guide = readFileSync(path.join(root, 'docs/embedding.md'), 'utf8');

/**
 * @param {string} heading of a section
 * @param {string} language of a snippet in it
 */
export function snippetOf(heading, language) {
  const section = guide.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
  const found = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'm').exec(section)?.[1];
  assert.ok(found, `${heading} has a snippet in ${language}`);
  return found;
}
