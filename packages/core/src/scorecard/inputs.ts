import { createHash } from "node:crypto";
import type { Span } from "../calendar/index.ts";
import { countsIn } from "../metric/index.ts";
import type { Opportunity } from "../opportunity/index.ts";
import { CardInput, type InputChunk } from "./frozen.ts";

/** A line has at most 90 bytes, so that a chunk stays below 100 KB. */
const INPUTS_PER_CHUNK = 1_000;

const byId = (a: CardInput, b: CardInput): number => (a.opportunityId < b.opportunityId ? -1 : 1);

/** The facts that move any sum of the span, by id. */
export const inputsOf = (facts: Iterable<Opportunity>, span: Span): CardInput[] =>
  [...facts]
    .filter((fact) => countsIn(fact, span))
    .map((fact) => CardInput.parse(fact))
    .sort(byId);

const toLine = (input: CardInput): string =>
  [
    input.opportunityId,
    input.revision,
    input.outcome,
    input.engagedOn ?? "",
    input.closedOn ?? "",
    input.amountMinor ?? "",
    input.listAmountMinor ?? "",
  ].join("|");

/** @throws Error where a line is not what `toLine` writes */
function fromLine(line: string): CardInput {
  const [opportunityId, revision, outcome, engagedOn, closedOn, amount, listAmount, ...rest] =
    line.split("|");
  const input = CardInput.parse({
    opportunityId,
    revision: Number(revision),
    outcome,
    engagedOn: engagedOn === "" ? null : engagedOn,
    closedOn: closedOn === "" ? null : closedOn,
    amountMinor: amount === "" ? null : Number(amount),
    listAmountMinor: listAmount === "" ? null : Number(listAmount),
  });
  if (rest.length > 0 || toLine(input) !== line) throw new Error("not a line of an input list");
  return input;
}

export const digestOfText = (text: string): string =>
  createHash("sha256").update(text).digest("hex");

/** The list as it is stored; chunks carry the digest of the whole list. */
export function toChunks(inputs: readonly CardInput[]): {
  readonly inputsDigest: string;
  readonly chunks: InputChunk[];
} {
  const lines = inputs.map(toLine);
  const inputsDigest = digestOfText(lines.join("\n"));
  const chunks = Array.from({ length: Math.ceil(lines.length / INPUTS_PER_CHUNK) }, (_, chunk) => ({
    inputsDigest,
    chunk,
    lines: lines.slice(chunk * INPUTS_PER_CHUNK, (chunk + 1) * INPUTS_PER_CHUNK).join("\n"),
  }));
  return { inputsDigest, chunks };
}

export const textOf = (chunks: readonly InputChunk[]): string =>
  chunks.map(({ lines }) => lines).join("\n");

/** @throws Error where a stored line does not parse */
export const inputsOfChunk = ({ lines }: InputChunk): CardInput[] =>
  lines.split("\n").map(fromLine);
