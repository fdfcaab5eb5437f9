import { auditedEntities } from "@concord/storage";
import { ACCOUNT_MAIL_ENTITIES, RANKING_ATTRIBUTES } from "@concord/workers";
import { expect, it } from "vitest";
import { changeConsumers } from "../infra/change-feed.ts";

it("what is audited, and what is mailed of accounts, is handed on", () => {
  expect(changeConsumers.RecordChanges.entities).toEqual([...auditedEntities]);
  expect(changeConsumers.SendMail.entities).toEqual(
    expect.arrayContaining([...ACCOUNT_MAIL_ENTITIES]),
  );
});

it("a ranking gets of a row all that it reads", () => {
  expect(new Set(changeConsumers.ProjectRanking.attributes)).toEqual(RANKING_ATTRIBUTES);
});
