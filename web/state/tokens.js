// Words of code, as far as they are told apart: enough for short programs in Python, JavaScript and
// C++.

const TOKEN =
  /(?<comment>(?:#(?!include)|\/\/).*)|(?<string>'[^']*'|"[^"]*"|`[^`]*`)|(?<number>\b\d[\d.]*(?:e-?\d+)?\b)|(?<keyword>\b(?:import|as|def|return|for|while|do|break|in|const|let|if|else|using|int|double|void|auto|template|class|#include)\b|#include)|(?<name>[A-Za-z_]\w*)/g;

/**
 * @param {string} text a line
 * @returns {{ kind: string, text: string }[]} `kind` is empty for names and all between
 */
export function tokens(text) {
  const found = [];
  let at = 0;
  for (const match of text.matchAll(TOKEN)) {
    if (match.index > at) found.push({ kind: '', text: text.slice(at, match.index) });
    const [kind] = Object.entries(match.groups ?? {}).find(([, value]) => value) ?? [''];
    found.push({ kind: kind === 'name' ? '' : kind, text: match[0] });
    at = match.index + match[0].length;
  }
  if (at < text.length) found.push({ kind: '', text: text.slice(at) });
  return found;
}
