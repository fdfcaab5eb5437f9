import type { LifecycleStage } from "../partner/index.ts";
import type { FocusTopic } from "./schema.ts";

/** What each topic is about, as an agenda and the criteria say it. */
export const FOCUS_TITLES: Readonly<Record<FocusTopic, string>> = {
  "market-entry": "Market entry: the first customers, and where to find the next",
  enablement: "Enablement: who can sell and deliver, and who learns it next",
  "fast-feedback": "Fast feedback: what both sides learned, and what changes at once",
  optimisation: "Optimisation: what to do more of, what to stop",
  governance: "Governance: decisions, roles and risks of the partnership",
  roadmap: "Roadmap: where both sides want to stand in a year",
};

const EARLY: readonly FocusTopic[] = ["market-entry", "enablement", "fast-feedback"];
const MATURE: readonly FocusTopic[] = ["optimisation", "governance", "roadmap"];

/** What a review of a partner in this stage is about, where its segment says nothing else. */
export const FOCUS_PRESETS: Readonly<Record<LifecycleStage, readonly FocusTopic[]>> = {
  onboarding: EARLY,
  growing: EARLY,
  established: MATURE,
  strategic: MATURE,
};
