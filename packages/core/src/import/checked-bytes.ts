import { refuse } from "./file-refused.ts";

const LINE_FEED = 10;
const MAX_LINE_BYTES = 200_000;

/**
 * Passes the bytes of a text file on and refuses what is none: another encoding than UTF-8, a NUL.
 * Knows the row and column of what it refuses.
 */
export async function* checkedBytes(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const place = placeOf();
  let isFirst = true;
  for await (const chunk of bytes) {
    if (chunk.length === 0) continue;
    if (isFirst && isUtf16(chunk)) {
      refuse("encoding-not-utf8", 1, "1", "The file is UTF-16; save it as CSV in UTF-8");
    }
    isFirst = false;
    const nul = chunk.indexOf(0);
    if (nul >= 0) {
      const { row, column } = place.at(chunk, nul);
      refuse("binary-content", row, column, "The file holds a NUL: it is not a text file");
    }
    try {
      decoder.decode(chunk, { stream: true });
    } catch {
      const { row, column } = place.at(chunk, firstBadByte(chunk, place.pending()));
      refuse("encoding-not-utf8", row, column, "The file is not UTF-8 here");
    }
    place.passed(chunk);
    yield chunk;
  }
  try {
    decoder.decode();
  } catch {
    const { row, column } = place.at(new Uint8Array(), 0);
    refuse("encoding-not-utf8", row, column, "The file ends in the middle of a character");
  }
}

const isUtf16 = ([first, second]: Uint8Array): boolean =>
  (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);

/** Remembers where the bytes that have passed end: rows, the open line, the names of the header. */
function placeOf() {
  let rows = 0;
  let line = new Uint8Array();
  let header: string[] | undefined;
  let tail = new Uint8Array();

  const lineTo = (chunk: Uint8Array, end: number): Uint8Array => {
    const start = chunk.lastIndexOf(LINE_FEED, end - 1) + 1;
    if (end > 0 && start > 0) return chunk.subarray(start, end);
    return Buffer.concat([line, chunk.subarray(0, end)]);
  };
  return {
    /** Bytes of a character that the next chunk goes on with. */
    pending: () => tail,
    passed(chunk: Uint8Array) {
      let at = chunk.indexOf(LINE_FEED);
      if (at >= 0 && header === undefined) header = cells(lineTo(chunk, at));
      const last = chunk.lastIndexOf(LINE_FEED);
      for (; at >= 0; at = chunk.indexOf(LINE_FEED, at + 1)) rows += 1;
      const open = last >= 0 ? chunk.subarray(last + 1) : Buffer.concat([line, chunk]);
      line = Uint8Array.from(open.subarray(0, MAX_LINE_BYTES));
      tail = Uint8Array.from(unfinished(Buffer.concat([tail, chunk.subarray(-3)])));
    },
    at(chunk: Uint8Array, offset: number): { row: number; column: string } {
      let row = rows + 1;
      for (
        let at = chunk.indexOf(LINE_FEED);
        at >= 0 && at < offset;
        at = chunk.indexOf(LINE_FEED, at + 1)
      ) {
        row += 1;
      }
      const before = cells(lineTo(chunk, offset)).length;
      const end = chunk.indexOf(LINE_FEED);
      const names = header ?? (row > 1 && end >= 0 ? cells(lineTo(chunk, end)) : []);
      return { row, column: row === 1 ? String(before) : names[before - 1] || String(before) };
    },
  };
}

const cells = (line: Uint8Array): string[] =>
  new TextDecoder()
    .decode(line)
    .split(",")
    .map((cell) => cell.trim().slice(0, 100));

/** The bytes at the end that begin a character without ending it. */
function unfinished(bytes: Uint8Array): Uint8Array {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes.at(-back) ?? 0;
    if (byte < 0x80) break;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return back < length ? bytes.subarray(-back) : new Uint8Array();
    }
  }
  return new Uint8Array();
}

/** Where the chunk stops being UTF-8, given the bytes that came before of an unfinished character. */
function firstBadByte(chunk: Uint8Array, pending: Uint8Array): number {
  const all = Buffer.concat([pending, chunk]);
  let from = 0;
  let to = all.length;
  // The longest prefix that decodes as an unfinished stream; prefixes of good prefixes are good.
  while (from < to) {
    const middle = Math.ceil((from + to) / 2);
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(all.subarray(0, middle), { stream: true });
      from = middle;
    } catch {
      to = middle - 1;
    }
  }
  return Math.max(0, from - pending.length);
}
