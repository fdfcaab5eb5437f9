import { CycleMessage } from "@concord/core/cycle";
import { DomainError } from "@concord/core/error";
import { z } from "zod";
import { type CycleWorkDependencies, runCycleMessage } from "./run-cycle-message.ts";

const Batch = z.object({
  Records: z.array(z.object({ messageId: z.string(), body: z.string() })),
});

/**
 * The messages of one delivery from the queue. A message that fails is delivered again alone; one whose
 * cycle is gone is logged and done with.
 * @returns the messages that failed, as AWS asks for them
 */
export async function runCycleChunk(
  deps: CycleWorkDependencies,
  batch: unknown,
): Promise<{ batchItemFailures: { itemIdentifier: string }[] }> {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const { messageId, body } of Batch.parse(batch).Records) {
    try {
      await runCycleMessage(deps, CycleMessage.parse(JSON.parse(body)));
    } catch (error) {
      const isGone = error instanceof DomainError && error.kind === "not-found";
      deps.log({
        level: "error",
        message: isGone ? "cycle work dropped" : "cycle work failed",
        ...{ messageId, error: String(error) },
      });
      if (!isGone) batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
}
