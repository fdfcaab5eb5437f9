export interface ReadableMail {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Subject, addresses and plain text of a message as the outbox holds it. */
export function readMail(message: string): ReadableMail {
  const { headers, body } = partOf(message);
  return {
    from: decodedWords(headers.get("from") ?? ""),
    to: decodedWords(headers.get("to") ?? ""),
    subject: decodedWords(headers.get("subject") ?? ""),
    text: plainText(headers, body).trim(),
  };
}

interface Part {
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

function partOf(text: string): Part {
  const [head = "", ...rest] = text.replaceAll("\r\n", "\n").split("\n\n");
  const lines = head.replace(/\n[ \t]+/g, " ").split("\n");
  const headers = new Map(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  return { headers, body: rest.join("\n\n") };
}

function plainText(headers: ReadonlyMap<string, string>, body: string): string {
  const boundary = /boundary="?([^";]+)"?/.exec(headers.get("content-type") ?? "")?.[1];
  if (boundary !== undefined) {
    const parts = body
      .split(`--${boundary}`)
      .slice(1)
      .map((part) => partOf(part.trimStart()));
    const plain = parts.find((part) => /text\/plain/.test(part.headers.get("content-type") ?? ""));
    const chosen = plain ?? parts[0];
    return chosen ? plainText(chosen.headers, chosen.body) : "";
  }
  switch (headers.get("content-transfer-encoding")?.toLowerCase()) {
    case "base64":
      return Buffer.from(body, "base64").toString("utf8");
    case "quoted-printable":
      return quotedPrintable(body.replace(/=\n/g, ""));
    default:
      return body;
  }
}

const quotedPrintable = (text: string): string =>
  text.replace(/(?:=[0-9A-F]{2})+/gi, (bytes) =>
    Buffer.from(bytes.replaceAll("=", ""), "hex").toString("utf8"),
  );

/** RFC 2047 words, as headers with other letters than ASCII carry them. */
const decodedWords = (header: string): string =>
  header
    .replace(/\?=\s+=\?/g, "?==?")
    .replace(/=\?UTF-8\?([BQ])\?([^?]*)\?=/gi, (_, kind: string, text: string) =>
      kind.toUpperCase() === "B"
        ? Buffer.from(text, "base64").toString("utf8")
        : quotedPrintable(text.replaceAll("_", " ")),
    );
