/** A defence taken away, by hand: whatever else survives, these may not. */
export interface NamedMutant {
  readonly name: string;
  /** From the root of the repository. */
  readonly path: string;
  /** Stands there exactly once. */
  readonly from: string;
  readonly to: string;
  /** Of which one has to fail. */
  readonly tests: readonly string[];
}

type Change = readonly [name: string, from: string, to: string];
const inFile = (
  path: string,
  tests: readonly string[],
  changes: readonly Change[],
): NamedMutant[] => changes.map(([name, from, to]) => ({ name, path, from, to, tests }));

const tenancy: readonly NamedMutant[] = [
  ...inFile(
    "packages/storage/src/isolation/egress-guard.ts",
    ["packages/storage/src/isolation/egress-guard.test.ts"],
    [
      [
        "a partition of any tenant is one's own",
        'typeof pk === "string" && pk.startsWith(own);',
        'typeof pk === "string" && pk.startsWith("T#");',
      ],
      [
        "a row stamped with another tenant passes",
        "return mayTouch && !isStamped && isListed;",
        "return mayTouch && isListed;",
      ],
      [
        "a row listed with another tenant passes",
        "return mayTouch && !isStamped && isListed;",
        "return mayTouch && !isStamped;",
      ],
      [
        "rows of an answer are not looked at",
        'for (const item of answer.items) checkFound("query", item);',
        "",
      ],
      ["a list may begin with another tenant", 'if (query.after) check("query", query.after);', ""],
      ["transactions are not looked at", "for (const write of writes) checkWrite(write);", ""],
      [
        "a cursor may name another tenant",
        "if (named.some((one) => one !== tenantId)) {",
        "if (named.length < 0) {",
      ],
    ],
  ),
  ...inFile(
    "packages/storage/src/isolation/pinnable-table.ts",
    ["packages/storage/src/isolation/egress-guard.test.ts", "test/isolation/policy.test.ts"],
    [
      [
        "a request serves a second tenant",
        "if (pinned !== undefined && pinned !== tenantId) {",
        "if (pinned === null) {",
      ],
    ],
  ),
  ...inFile(
    "packages/storage/src/isolation/system-partitions.ts",
    [
      "packages/storage/src/isolation/egress-guard.test.ts",
      "test/isolation/system-partitions.test.ts",
    ],
    [
      [
        "a membership may lead into another tenant",
        'return kind === "MEMBERSHIP" && tenant === tenantId;',
        'return kind === "MEMBERSHIP" && tenant !== undefined && tenantId !== undefined;',
      ],
    ],
  ),
  ...inFile(
    "packages/storage/src/isolation/tenant-tables.ts",
    ["packages/storage/src/isolation/tenant-tables.test.ts"],
    [
      [
        "one tenant works with the session of another",
        "const table = kept.get(tenantId) ?? connected();",
        "const table = [...kept.values()][0] ?? connected();",
      ],
    ],
  ),
  ...inFile(
    "packages/storage/src/isolation/tenant-memory.ts",
    ["packages/storage/src/isolation/tenant-memory.test.ts", "test/isolation/layers.test.ts"],
    [
      [
        "what is remembered is handed to another tenant",
        "for (const [how, pk] of reads(tenant.keys)) tenant.table.permits(how, pk);",
        "",
      ],
      ["what is remembered is every tenant's", "keys.prefix}`;", "keys.prefix.slice(0, 2)}`;"],
    ],
  ),
];

const rights = ["packages/core/src/actor/actor.test.ts", "test/authorization/permissions.test.ts"];
const authorization: readonly NamedMutant[] = [
  ...inFile("packages/core/src/actor/permission.ts", rights, [
    [
      "nobody is refused",
      "if (!holds(actor, permission, site)) raise(",
      "if (permission === undefined) raise(",
    ],
    [
      "a key does more than its scopes say",
      "permissionsOf(actor.scopes).includes(permission) &&",
      "",
    ],
    ["a key does more than who made it may", "isOfMember(actor.issuerRoles) &&", ""],
    [
      "a key of one partner reaches every partner",
      "isWithinKey(actor, permission, site)\n",
      "actor !== undefined\n",
    ],
    ["a duty counts everywhere", "(site === undefined || isAt(held, site)),", "true,"],
  ]),
  ...inFile("packages/core/src/actor/actor.ts", rights, [
    [
      "a person of one partner reaches another",
      "return only !== undefined && only !== partnerId;",
      "return only !== undefined && partnerId === undefined;",
    ],
  ]),
  ...inFile(
    "packages/core/src/login/login.ts",
    ["packages/core/src/login/login.test.ts", "packages/api/src/login/sessions.test.ts"],
    [
      [
        "a token outlives its login session",
        "if (!isTheirs || !isCurrent || !isOpen(session, wallNow)) raise(",
        "if (!isTheirs || !isCurrent) raise(",
      ],
      [
        "a token outlives the membership",
        "if (!isTheirs || !isCurrent || !isOpen(session, wallNow)) raise(",
        "if (!isTheirs || !isOpen(session, wallNow)) raise(",
      ],
      [
        "a token is good for the session of another person",
        "if (!isTheirs || !isCurrent || !isOpen(session, wallNow)) raise(",
        "if (!isCurrent || !isOpen(session, wallNow)) raise(",
      ],
    ],
  ),
];

const forged = [
  "packages/api/src/auth/access-token.test.ts",
  "packages/api/src/auth/verify-jws.test.ts",
];
const families = [
  "packages/core/src/login/login-session.test.ts",
  "packages/core/src/login/refresh-token.test.ts",
  "packages/core/src/one-time-token/one-time-token.test.ts",
  "packages/api/src/login/sessions.test.ts",
];
const tokens: readonly NamedMutant[] = [
  ...inFile("packages/api/src/auth/verify-jws.ts", forged, [
    [
      "a signature is not verified",
      "await compactVerify(compact, key, { algorithms: [algorithm] });",
      "await Promise.resolve(compactVerify);",
    ],
  ]),
  ...inFile("packages/api/src/auth/verify-access-token.ts", forged, [
    ["a token does not expire", "exp > now &&", ""],
    ["a token of another issuer is good", "iss === issuer &&", ""],
    ["a token is good before it was issued", "iat <= now + CLOCK_SKEW_SECONDS &&", ""],
    ["a token lives for as long as it says", "exp - iat <= ACCESS_TOKEN_SECONDS;", "true;"],
    [
      "a header may say more",
      'if (verified.headerText !== expected) raise("unauthenticated");',
      "",
    ],
    [
      "a payload may be spelled in another way",
      'if (JSON.stringify(payload) !== verified.payloadText) raise("unauthenticated");',
      "",
    ],
  ]),
  ...inFile("packages/api/src/auth/token-claims.ts", forged, [
    ["a token for somebody else is good", "aud: z.literal(TOKEN_AUDIENCE),", "aud: z.string(),"],
  ]),
  ...inFile("packages/core/src/login/login-session.ts", families, [
    [
      "an old refresh token is good for ever",
      'return { kind: isPredecessor && sinceRotation <= GRACE_MS ? "repeat" : "replayed" };',
      'return { kind: isPredecessor && sinceRotation <= GRACE_MS ? "repeat" : "repeat" };',
    ],
  ]),
  ...inFile("packages/core/src/login/refresh-login.ts", families, [
    [
      "a stolen refresh token leaves its family as it is",
      "          await loginSessions.end(membershipId, sessionId);\n",
      "",
    ],
  ]),
  ...inFile("packages/core/src/login/refresh-token.ts", families, [
    [
      "anybody makes refresh tokens",
      "return isOurs ? token : undefined;",
      "return isOurs || token.generation >= 0 ? token : undefined;",
    ],
  ]),
  ...inFile("packages/core/src/one-time-token/one-time-token.ts", families, [
    [
      "a token of one purpose is good for another",
      ".update(JSON.stringify([purpose, subject, generation]))",
      ".update(JSON.stringify([subject, generation]))",
    ],
    [
      "any token of the right length is the stored one",
      "return stored.length === given.length && timingSafeEqual(stored, given);",
      "return stored.length === given.length;",
    ],
  ]),
];

const repeated = [
  "packages/storage/src/aggregate.test.ts",
  "packages/api/src/http/conventions.test.ts",
];
const idempotency: readonly NamedMutant[] = [
  ...inFile("packages/storage/src/idempotency/effect-marker.ts", repeated, [
    [
      "a key has its effect twice",
      'expression: "attribute_not_exists(#pk) OR #expiresAt <= :now",',
      'expression: "attribute_not_exists(#pk) OR #expiresAt > :now OR #expiresAt <= :now",',
    ],
  ]),
  ...inFile("packages/storage/src/aggregate.ts", repeated, [
    [
      "an answer is lost with the attempt that was overtaken",
      "if (mark && failed.length > 0) marker?.giveBack();",
      "",
    ],
  ]),
  ...inFile("packages/api/src/http/run-route.ts", repeated, [
    [
      "another request gets the answer of a key",
      'if (recorded.requestDigest !== requestDigest) raise("idempotency-key-reused");',
      "",
    ],
    [
      "a key is shared by everybody",
      "digestOf(scope.principal, definition.operationId, key);",
      "digestOf(definition.operationId, key);",
    ],
    [
      "a key is good for ever",
      "if (!recorded || recorded.expiresAt * 1000 <= deps.wallNow().getTime()) return undefined;",
      "if (!recorded) return undefined;",
    ],
  ]),
];

const plans = ["packages/core/src/development-plan/approval.test.ts"];
const planRoutes = ["packages/api/src/development-plan/routes.test.ts"];
const approval: readonly NamedMutant[] = [
  ...inFile("packages/core/src/development-plan/approval.ts", plans, [
    [
      "who wrote a plan approves it",
      'if (hasWritten(plan, by.memberId)) raise("plan-self-approval");',
      "",
    ],
    [
      "any approver decides any step",
      "if (step.approverId !== by.memberId && step.escalatedToId !== by.memberId) {",
      "if (step.approverId === undefined) {",
    ],
    [
      "who is a signatory no more still decides",
      'if (isAsSignatory && !hasDuty(by, "plan-signatory", plan)) {',
      "if (isAsSignatory && hasDuty === undefined) {",
    ],
    ["a workflow of an earlier run decides", "plan.approval.attempt === attempt &&", ""],
  ]),
  ...inFile("packages/core/src/development-plan/get-plan.ts", planRoutes, [
    [
      "a decision is made on a plan that has changed",
      'return plan.version === ifVersion ? plan : raise("version-stale");',
      "return plan;",
    ],
    [
      "a partner reads the plan of another",
      'ctx.actor.kind === "partner-user" && ctx.actor.partnerId !== plan?.partnerId;',
      'ctx.actor.kind === "partner-user" && plan?.partnerId === undefined;',
    ],
  ]),
];

export const namedMutants: readonly NamedMutant[] = [
  ...tenancy,
  ...authorization,
  ...tokens,
  ...idempotency,
  ...approval,
];
