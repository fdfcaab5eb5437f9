interface Area {
  /** Sources, as patterns from the root of the repository. */
  readonly mutate: readonly string[];
  /** The tests beside them and those that attack them, rather than every test that passes through. */
  readonly tests: readonly string[];
}

/** What is mutated, and who has to notice: a mutant that survives is a line which nobody would miss. */
export const areas: Readonly<Record<string, Area>> = {
  tenancy: {
    mutate: [
      "packages/storage/src/isolation/{egress-guard,pinnable-table,system-partitions}.ts",
      "packages/storage/src/isolation/{tenant-memory,tenant-tables}.ts",
      "packages/storage/src/{request-stores,system-contexts}.ts",
    ],
    tests: [
      "packages/storage/src/isolation/{egress-guard,pinnable-table,system-partitions}.test.ts",
      "packages/storage/src/isolation/{tenant-memory,tenant-tables}.test.ts",
      "packages/storage/src/system-contexts.test.ts",
      "test/isolation/system-partitions.test.ts",
    ],
  },
  authorization: {
    mutate: ["packages/core/src/actor/*.ts"],
    tests: ["packages/core/src/actor/*.test.ts", "test/authorization/permissions.test.ts"],
  },
  tokens: {
    mutate: [
      "packages/api/src/auth/{key-set,token-claims,token-signer,verify-access-token,verify-jws}.ts",
      "packages/api/src/auth/{authenticate,issue-access-token,signing-key}.ts",
      "packages/core/src/login/{login-session,refresh-login,refresh-token}.ts",
      "packages/core/src/one-time-token/one-time-token.ts",
    ],
    tests: [
      "packages/api/src/auth/{authenticate,key-set,signing-key,token-signer}.test.ts",
      "packages/api/src/auth/{verify-access-token,verify-jws}.test.ts",
      "packages/core/src/login/{login-session,refresh-login,refresh-token}.test.ts",
      "packages/core/src/one-time-token/one-time-token.test.ts",
    ],
  },
  idempotency: {
    mutate: [
      "packages/core/src/idempotency/idempotency.ts",
      "packages/storage/src/idempotency/*.ts",
      "packages/api/src/http/idempotency-key.ts",
    ],
    tests: [
      "packages/api/src/http/{conventions,idempotency-key}.test.ts",
      "packages/storage/src/aggregate.test.ts",
      "packages/storage/src/idempotency/*.test.ts",
    ],
  },
  approval: {
    mutate: [
      "packages/core/src/development-plan/{approval,approvers,development-plan,reassignment}.ts",
    ],
    tests: [
      "packages/core/src/development-plan/{approval,development-plan,reassignment,trail}.test.ts",
    ],
  },
};
