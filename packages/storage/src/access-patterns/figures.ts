import type { Figure, FigureChange } from "@concord/core/figure";
import { PartnerId } from "@concord/core/id";
import { withFigures } from "@concord/core/rollup";
import {
  AT,
  type Exercise,
  event,
  exercise,
  idOf,
  NOW,
  type Stores,
  SYSTEM,
} from "./access-patterns.ts";
import { rollup } from "./fact-values.ts";

const key = { partnerId: idOf(PartnerId), measure: "csat_percent", month: "2027-01" };
const figure = (changes: Partial<Figure> = {}): Figure => ({
  ...key,
  value: 84.5,
  of: 12,
  origin: "entered",
  by: SYSTEM,
  receivedAt: AT,
  version: 1,
  ...changes,
});
const change = (next: Figure): FigureChange => ({ next, event: event("figure.received") });
const months = (version: number) => [
  withFigures(
    key,
    version === 1 ? undefined : rollup({ version: version - 1 }),
    { csat_percent: { value: 84.5, of: 12, revision: version } },
    NOW,
  ),
];
const receive = async ({ tenant: { figures } }: Stores) => {
  if (!(await figures.save([change(figure())], months(1)))) throw new Error("the month is taken");
};
const nothing = async () => undefined;

export const figureExercises: readonly Exercise[] = [
  exercise("AP-423", receive, ({ tenant: { figures } }) => figures.get(key)),
  exercise("AP-424", receive, ({ tenant: { figures } }) => figures.getAll([key])),
  exercise("AP-425", receive, ({ tenant: { figures } }) =>
    figures.between(key.partnerId, "2027-01", "2027-03"),
  ),
  exercise("AP-426", nothing, receive),
  exercise("AP-427", receive, ({ tenant: { rollups } }) => rollups.month(key.partnerId, key.month)),
];
