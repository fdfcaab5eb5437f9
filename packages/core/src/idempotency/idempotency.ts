import { z } from "zod";

/** What a request with an Idempotency-Key was answered, recorded in the transaction of its effect. */
export const RecordedAnswer = z.object({
  /** Digest of principal, route and key. */
  keyHash: z.string(),
  /** Digest of path and body; another request under the same key is refused. */
  requestDigest: z.string(),
  status: z.number().int(),
  etag: z.string().optional(),
  location: z.string().optional(),
  /** The body as JSON text. */
  body: z.string(),
  /** Epoch seconds. */
  recordedAt: z.number().int(),
  /** Epoch seconds; a key may be used anew after 24 hours. */
  expiresAt: z.number().int(),
});
export type RecordedAnswer = z.infer<typeof RecordedAnswer>;

/** Makes the answer to record from the state that is being saved. */
export type RecordAnswer = (next: unknown) => RecordedAnswer;

export interface IdempotencyRepository {
  find(keyHash: string): Promise<RecordedAnswer | undefined>;
  /** Goes through every answer of the last day. @param change undefined leaves one as it is */
  rewrite(change: (body: string) => string | undefined): Promise<void>;
}

export interface IdempotencyStore {
  readonly idempotency: IdempotencyRepository;
}

/** The effect of this request's Idempotency-Key is stored already; the recorded answer tells how it went. */
export class EffectRepeated extends Error {
  override readonly name = "EffectRepeated";
}
