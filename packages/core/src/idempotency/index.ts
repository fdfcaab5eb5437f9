export {
  EffectRepeated,
  type IdempotencyRepository,
  type IdempotencyStore,
  type RecordAnswer,
  RecordedAnswer,
} from "./idempotency.ts";
