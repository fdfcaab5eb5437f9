/** What is left of a spelling without case, blanks and signs: `GTXPro` and `GTX Pro` are the same. */
export const cleanName = (text: string): string =>
  text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
