import { refOf } from "@concord/core/actor";
import {
  type ClassifiedPlaces,
  classifiedPlaces,
  type Disclosure,
  reveal,
} from "@concord/core/classification";
import { handlingOf, isUsual, readsOf, usualRules } from "@concord/core/confidentiality";
import type { PartnerId } from "@concord/core/id";
import type { ApiStore, Principal, RequestData } from "./context.ts";
import type { RouteDefinition } from "./route.ts";

/** Takes from an answer what its reader may not see, and remembers what of a close class is left in it. */
export interface Filter {
  /** Of what a list answers, each item. */
  readonly apply: (answer: unknown) => unknown;
  /**
   * Finds out what the last answer turned on: for which partners the reader answers.
   * @returns whether the answer is to be made again
   */
  readonly lookUp: (store: ApiStore) => Promise<boolean>;
  /** Writes down that the last answer was read. @throws where that fails: nothing is read unrecorded */
  readonly record: (store: ApiStore) => Promise<void>;
}

const PARTNERS_AT_ONCE = 100;
const RECORDS_AT_ONCE = 25;

/** Where an answer of this route holds something classified; undefined where it never does. */
export function classifiedIn({
  response: { body, source, mediaType, isList },
}: Pick<RouteDefinition, "response">): ClassifiedPlaces | undefined {
  const schema = mediaType === undefined ? body : source;
  const places = schema && classifiedPlaces(schema);
  return places && isList ? { fields: new Map(), members: new Map(), each: places } : places;
}

/** Undefined where there is nothing to filter: in the route, or in what the tenant says. */
export async function filterFor(
  data: Pick<RequestData, "confidentialityOf">,
  { tenantId, actor }: Pick<Principal, "tenantId" | "actor">,
  definition: Pick<RouteDefinition, "operationId" | "response">,
  params: Readonly<Record<string, string>>,
  { now, wallNow }: { readonly now: Date; readonly wallNow: Date },
): Promise<Filter | undefined> {
  const places = classifiedIn(definition);
  if (!places) return undefined;
  const inForce = await data.confidentialityOf(tenantId);
  if (isUsual(inForce)) return undefined;
  const answersFor = new Map<PartnerId, boolean>();
  let disclosures: readonly Disclosure[] = [];
  let asked: readonly PartnerId[] = [];
  const ofNone = handlingOf(inForce, null);
  const looking = {
    actor,
    place: params,
    handlingOf: (partnerId: PartnerId | null) =>
      partnerId === null ? ofNone : handlingOf(inForce, partnerId),
    answersFor: (partnerId: PartnerId) => answersFor.get(partnerId),
  };
  return {
    apply(answer) {
      const revealed = reveal(places, answer, looking);
      ({ disclosures, asked } = revealed);
      return revealed.value;
    },

    async lookUp({ partners }) {
      if (asked.length === 0 || actor.kind !== "member") return false;
      for (let at = 0; at < asked.length; at += PARTNERS_AT_ONCE) {
        const some = asked.slice(at, at + PARTNERS_AT_ONCE);
        for (const partnerId of some) answersFor.set(partnerId, false);
        for (const partner of await partners.getMany(some)) {
          const { partnerManagerId, executiveSponsorId, dataStewardId } = partner;
          const named = [partnerManagerId, executiveSponsorId, dataStewardId];
          answersFor.set(partner.partnerId, named.includes(actor.memberId));
        }
      }
      return true;
    },

    async record({ confidentialReads }) {
      const { readsKeptDays } = inForce.rules ?? usualRules;
      const reads = readsOf(disclosures, {
        by: refOf(actor),
        operationId: definition.operationId,
        ...{ now, wallNow, readsKeptDays },
        place: params["cycleId"] ?? params["period"] ?? params["partnerId"] ?? "",
      });
      for (let at = 0; at < reads.length; at += RECORDS_AT_ONCE) {
        await Promise.all(reads.slice(at, at + RECORDS_AT_ONCE).map(confidentialReads.record));
      }
    },
  };
}
