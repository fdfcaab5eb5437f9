const MAX_LENGTH = 80;

const browsers: readonly (readonly [name: string, mark: RegExp])[] = [
  ["Edge", /\bEdg(?:A|iOS)?\/(\d+)/],
  ["Opera", /\bOPR\/(\d+)/],
  ["Firefox", /\b(?:Firefox|FxiOS)\/(\d+)/],
  ["Chrome", /\b(?:Chrome|CriOS)\/(\d+)/],
  ["Safari", /\bVersion\/(\d+)[\d.]* (?:Mobile\/\w+ )?Safari\//],
];
const systems: readonly (readonly [name: string, mark: RegExp])[] = [
  ["iPhone", /\biPhone\b/],
  ["iPad", /\biPad\b/],
  ["Android", /\bAndroid\b/],
  ["Windows", /\bWindows\b/],
  ["macOS", /\bMac OS X\b/],
  ["Linux", /\bLinux\b/],
];

/** What a User-Agent tells a person of the client, such as "Firefox 142 on Windows"; at most 80 printable characters. */
export function describeClient(userAgent: string | undefined): string {
  const text = (userAgent ?? "").replaceAll(/[^\x20-\x7e]/g, " ").trim();
  const found = browsers
    .map(([name, mark]) => [name, mark.exec(text)?.[1]] as const)
    .find(([, version]) => version !== undefined);
  if (!found) return (text.split(" ")[0] ?? "").slice(0, MAX_LENGTH) || "unknown client";
  const system = systems.find(([, mark]) => mark.test(text))?.[0];
  return `${found[0]} ${found[1]}${system ? ` on ${system}` : ""}`.slice(0, MAX_LENGTH);
}
