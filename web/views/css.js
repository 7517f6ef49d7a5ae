// Style rules as templates, so that editors and the build know them; they are plain text.

/**
 * @param {TemplateStringsArray} texts
 * @param {...string | number} values
 * @returns {string}
 */
export function css(texts, ...values) {
  return String.raw({ raw: texts }, ...values);
}
