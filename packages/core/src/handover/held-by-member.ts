import type { ActionItemStore } from "../action-item/index.ts";
import type { Permission } from "../actor/index.ts";
import type { RosterStore } from "../assignment/index.ts";
import { everyItem, type RequestContext } from "../context/index.ts";
import { type DevelopmentPlanStore, reassignStep } from "../development-plan/index.ts";
import type { GoalStore } from "../goal/index.ts";
import type { MemberId } from "../id/index.ts";
import type { Member, MemberStore } from "../member/index.ts";
import { type OpportunityStore, reassignFactReport } from "../opportunity/index.ts";
import { type PartnerStore, updatePartner } from "../partner/index.ts";
import type { ProgramStore } from "../program/index.ts";
import { changeFlagOwner, changeSourceOwner, type SourceStore } from "../source/index.ts";
import { actionItemsOf, assignmentsOf, goalsOf, type Held } from "./held.ts";
import type { DutyKind } from "./schema.ts";

export type HandoverStore = ActionItemStore &
  DevelopmentPlanStore &
  GoalStore &
  MemberStore &
  OpportunityStore &
  PartnerStore &
  ProgramStore &
  RosterStore &
  SourceStore;
type Context = RequestContext<HandoverStore>;
type Duties = AsyncGenerator<Held<Member>>;

/** What a receiver must be able to do. */
export const neededFor: Readonly<Record<DutyKind, Permission>> = {
  "partner-manager": "partner:update",
  "executive-sponsor": "review:sign",
  "data-steward": "fact-report:resolve",
  "plan-approval": "development-plan:approve",
  "fact-report": "fact-report:resolve",
  "action-item": "action-item:update",
  goal: "goal:update",
  source: "source:manage",
  "data-quality-flag": "data-quality-flag:waive",
  // The duty itself gives what its holder may do.
  "data-collector": "assignment:read",
  moderator: "assignment:read",
  "plan-signatory": "assignment:read",
};

/**
 * Everything a member answers for, one list after the other. Signatories are made before the decisions
 * that need one are given; flags come after the sources that name their owner.
 */
export const heldByMember = (ctx: Context, from: MemberId): readonly Duties[] => [
  partnersOf(ctx, from),
  assignmentsOf(ctx, { kind: "member", memberId: from }, ({ memberId }: Member) => ({
    kind: "member",
    memberId,
  })),
  planApprovalsOf(ctx, from),
  factReportsOf(ctx, from),
  actionItemsOf(ctx, { kind: "member", memberId: from }, ({ memberId }: Member) => ({
    kind: "member",
    memberId,
  })),
  goalsOf(ctx, { kind: "member", memberId: from }, ({ memberId }: Member) => ({
    vendor: memberId,
  })),
  sourcesOf(ctx, from),
  flagsOf(ctx, from),
];

const kindsByField = {
  partnerManagerId: "partner-manager",
  executiveSponsorId: "executive-sponsor",
  dataStewardId: "data-steward",
} as const;
const fields = ["partnerManagerId", "executiveSponsorId", "dataStewardId"] as const;

async function* partnersOf(ctx: Context, from: MemberId): Duties {
  for await (const listed of everyItem((page) => ctx.store.partners.list(page))) {
    const { partnerId, name } = listed;
    for (const field of fields.filter((one) => listed[one] === from)) {
      yield {
        duty: { kind: kindsByField[field], id: partnerId, partnerId, text: name, due: null },
        async giveTo({ memberId }) {
          const partner = await ctx.store.partners.get(partnerId);
          if (partner?.[field] !== from) return "gone";
          const changes: Partial<Record<typeof field, MemberId>> = { [field]: memberId };
          await updatePartner(ctx, { partnerId, ifVersion: partner.version, changes });
          return "moved";
        },
      };
    }
  }
}

async function* planApprovalsOf(ctx: Context, from: MemberId): Duties {
  const waiting = everyItem((page) => ctx.store.developmentPlans.waitingFor(from, page));
  for await (const { planId, partnerId, title, dueAt } of waiting) {
    yield {
      duty: { kind: "plan-approval", id: planId, partnerId, text: title, due: dueAt },
      async giveTo(to) {
        const refusal = await reassignStep(ctx, planId, { from, to });
        return refusal === "not-waiting" ? "gone" : (refusal ?? "moved");
      },
    };
  }
}

async function* factReportsOf(ctx: Context, from: MemberId): Duties {
  const reports = everyItem((page) => ctx.store.opportunities.listReportWork(from, page));
  for await (const { factReportId, partnerId, text, version } of reports) {
    yield {
      duty: { kind: "fact-report", id: factReportId, partnerId, text, due: null },
      async giveTo({ memberId: ownerId }) {
        await reassignFactReport(ctx, { partnerId, factReportId, ifVersion: version, ownerId });
        return "moved";
      },
    };
  }
}

async function* sourcesOf(ctx: Context, from: MemberId): Duties {
  for await (const listed of everyItem((page) => ctx.store.sources.list(page))) {
    if (listed.ownerId !== from) continue;
    const { sourceId, name } = listed;
    yield {
      duty: { kind: "source", id: sourceId, partnerId: null, text: name, due: null },
      async giveTo({ memberId: ownerId }) {
        const source = await ctx.store.sources.get(sourceId);
        if (source?.ownerId !== from) return "gone";
        await changeSourceOwner(ctx, { sourceId, ifVersion: source.version, ownerId });
        return "moved";
      },
    };
  }
}

async function* flagsOf(ctx: Context, from: MemberId): Duties {
  for await (const listed of everyItem((page) => ctx.store.flags.workOf(from, page))) {
    const { flagId, code, column, value } = listed;
    const text = `${code}: ${column} "${value}"`;
    yield {
      duty: { kind: "data-quality-flag", id: flagId, partnerId: null, text, due: null },
      async giveTo({ memberId: ownerId }) {
        const flag = await ctx.store.flags.get(flagId);
        if (flag?.ownerId !== from || flag.status !== "open") return "gone";
        await changeFlagOwner(ctx, { flagId, ifVersion: flag.version, ownerId });
        return "moved";
      },
    };
  }
}
