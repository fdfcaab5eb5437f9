export {
  EffectRepeated,
  type IdempotencyRepository,
  type RecordAnswer,
  RecordedAnswer,
} from "./idempotency.ts";
