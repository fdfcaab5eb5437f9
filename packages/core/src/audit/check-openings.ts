import { z } from "zod";
import type { StoredEvent } from "../event/index.ts";
import type { EntryCheck } from "./check-entries.ts";
import type { AuditedState, Openings } from "./schema.ts";

/** Of cycles that were kicked off before their record was digested, the event does not hold it. */
const KickedOff = z.object({ openingsDigest: z.string() });

export interface OpeningsCheck {
  /** To be told of a cycle before its reviews. @returns false where enough was read */
  cycle(state: AuditedState, trail: readonly StoredEvent[]): Promise<boolean>;
  review(state: AuditedState): void;
  /** To be called when every review was seen. */
  missing(): void;
}

/**
 * The reviews that a kick-off made, against the record of its chunks: they have no event before somebody
 * changes them. The record is what the event that ended the kick-off says.
 */
export function checkOpenings({ audit, findings, goesOn }: EntryCheck): OpeningsCheck {
  const recorded = new Map<string, Openings["reviews"]>();
  const seen = new Set<string>();
  return {
    async cycle({ object, partition }, trail) {
      const event = trail.find(({ type }) => type === "cycle.kicked-off");
      const { data } = KickedOff.safeParse(event?.data);
      if (!data) return true;
      const { digest, reviews } = await audit.openings(partition);
      recorded.set(object.id, reviews);
      if (digest !== data.openingsDigest) {
        findings.add(
          "state-altered",
          `Cycle ${object.id}`,
          "the record of its reviews is not what its kick-off left",
        );
      }
      return goesOn(1);
    },

    review({ object, openingDigest }) {
      const { type, id } = object;
      const [cycleId = ""] = id.split(".");
      const ofCycle = recorded.get(cycleId);
      if (!ofCycle) return;
      seen.add(id);
      const opened = ofCycle.get(id);
      if (!ofCycle.has(id) || opened === null) {
        findings.add("state-altered", `${type} ${id}`, "its cycle was kicked off without it");
      } else if (opened !== undefined && opened !== openingDigest) {
        findings.add("state-altered", `${type} ${id}`, "it is not what its kick-off made");
      }
    },

    missing() {
      for (const reviews of recorded.values()) {
        for (const [id, opened] of reviews) {
          if (typeof opened !== "string" || seen.has(id)) continue;
          findings.add("state-missing", `Review ${id}`, "a kick-off made it, and it is not there");
        }
      }
    },
  };
}
