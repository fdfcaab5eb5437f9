/**
 * Who is told of which rows of the table, by the `entity` of the row. AWS advises at most two readers of a stream, and one where
 * the table is replicated: one function reads it and hands each change on to a queue of each of these. The local runtime does
 * the same by this list, and a test compares it with what the consumers handle.
 */
export const changeConsumers = {
  ProjectRanking: {
    entities: ["RollupMonth", "FrozenCard", "Review", "Partner"],
    events: ["INSERT", "MODIFY"],
    attributes: [
      ...["entity", "pk", "partnerId", "month", "period"],
      ...["cycleId", "programId", "programVersion", "revision"],
    ],
  },
  RecordChanges: { entities: ["Event", "ImportChunk"], events: ["INSERT"] },
  SendMail: {
    entities: ["Event", "Review", "SignUp", "LoginLink", "SecurityEvent"],
    events: ["INSERT"],
  },
  QueueJobs: { entities: ["Import", "Partner"], events: ["INSERT"] },
  StartApproval: {
    entities: ["Event"],
    events: ["INSERT"],
    typePrefix: "development-plan.",
  },
} satisfies Record<string, ChangeConsumer>;

type ChangeConsumer = {
  entities: string[];
  events: ("INSERT" | "MODIFY")[];
  /** Only rows whose `type` begins so. */
  typePrefix?: string;
  /** What of the row it reads, where it does not read all of it. */
  attributes?: string[];
};

export type ChangeConsumerName = keyof typeof changeConsumers;
