// The page's scripts. In the site the first of them is one of its own, and classic: it does not wait
// for the page to be read (bundle/vite.mjs).
import './start.js';
import { start } from './article.js';

start();
