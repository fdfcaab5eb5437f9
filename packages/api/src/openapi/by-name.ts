/** Orders entries by their names, code unit by code unit: the same description wherever it is written. */
export const byName = <T>([a]: readonly [string, T], [b]: readonly [string, T]): number =>
  a < b ? -1 : 1;
