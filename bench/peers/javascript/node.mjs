// node.mjs FOLDER PEER VARIANT: a JavaScript peer in Node, by the protocol that README.md describes.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { answer, parse } from './workload.mjs';

const [folder, peerName, variant] = process.argv.slice(2);
const root = path.resolve(import.meta.dirname, '../../..');
const require = createRequire(path.join(root, 'build/peers/package.json'));

/** @param {string} file */
async function readBytes(file) {
  const { buffer, byteOffset, byteLength } = await readFile(path.resolve(root, file));
  return buffer.slice(byteOffset, byteOffset + byteLength);
}

/** @type {import('./workload.mjs').Host} */
const host = {
  variant,
  readBytes: /** @type {any} */ (readBytes),
  load: async (file) => require(path.join(root, 'build/peers/node_modules', file)),
  locate: (file) => path.join(root, 'build/peers/node_modules', file),
};

const { open } = await import(`./${peerName}.mjs`);
const peer = await open(host);
const read = async (/** @type {string} */ name) =>
  parse(name, new Float64Array(/** @type {any} */ (await readBytes(`${folder}/${name}.bin`))));
/** The wall clock's time or the processor's, whichever is less: other programs may be running. */
const start = () => {
  const wall = performance.now();
  const cpu = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return Math.min((performance.now() - wall) * 1e6, (user + system) * 1e3);
  };
};
for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await answer(peer, read, line, start)));
}
