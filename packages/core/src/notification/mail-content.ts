/** What a mail says, before it is anybody's. Every value is plain text, whoever wrote it. */
export interface MailDraft {
  readonly subject: string;
  readonly paragraphs: readonly (string | readonly string[])[];
  /** Where to go on. */
  readonly link: string;
}

export interface MailContent {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const SUBJECT_LENGTH = 150;

/** One line, whatever was written into it. */
const oneLine = (text: string): string => {
  const line = text.replace(/[\p{Cc}\u2028\u2029\s]+/gu, " ").trim();
  return line.length <= SUBJECT_LENGTH ? line : `${line.slice(0, SUBJECT_LENGTH - 1)}…`;
};

const named: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => named[sign] ?? sign);

/** Text and HTML say the same. */
export function toContent(draft: MailDraft, greetsWhom: string, from: string): MailContent {
  const { subject, paragraphs, link } = draft;
  const greeting = `Dear ${oneLine(greetsWhom)},`;
  const text = [
    greeting,
    ...paragraphs.map((part) =>
      typeof part === "string" ? part : part.map((line) => `- ${line}`).join("\n"),
    ),
    link,
    `-- \n${oneLine(from)}`,
  ].join("\n\n");
  const lines = paragraphs.map((part) =>
    typeof part === "string"
      ? `<p>${escaped(part).replaceAll("\n", "<br>")}</p>`
      : `<ul>${part.map((line) => `<li>${escaped(line)}</li>`).join("")}</ul>`,
  );
  const html = [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"></head><body>',
    `<p>${escaped(greeting)}</p>`,
    ...lines,
    `<p><a href="${escaped(link)}">${escaped(link)}</a></p>`,
    `<p>${escaped(oneLine(from))}</p>`,
    "</body></html>",
  ].join("\n");
  return { subject: oneLine(subject), text, html };
}
