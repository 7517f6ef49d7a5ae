// npm start: sets up, builds, and serves the page until Ctrl-C.
import path from 'node:path';
import { buildSite } from './build.mjs';
import { command, root, Stop, say, untilInterrupted } from './run.mjs';
import { serve } from './serve.mjs';

/** @param {string | undefined} text */
function readPort(text = '8080') {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65535) return port;
  throw new Stop(`PORT must be a whole number from 0 to 65535, not "${text}".`);
}

await command(async () => {
  const port = readPort(process.env.PORT);
  const trial = await serve({ root, port }); // a port that is taken is told before the build
  await trial.close();

  await buildSite();
  const site = await serve({ root: path.join(root, 'dist/site'), port });
  console.log(`Backprop is at http://localhost:${site.port}/ (Ctrl-C stops it)`);
  await untilInterrupted();
  say('');
  await site.close();
});
