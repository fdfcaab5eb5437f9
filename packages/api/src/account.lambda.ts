import { randomBytes } from "node:crypto";
import { mintIds } from "@concord/core/id";
import { loginLimits } from "@concord/core/login-limit";
import { hashPassword } from "@concord/core/person";
import { defaultLimits } from "@concord/core/rate-limit";
import { z } from "zod";
import { createAccountHandler } from "./account-handler.ts";
import { SigningKeysText } from "./auth/signing-key.ts";
import { stripeProvider } from "./billing/stripe-provider.ts";
import { StripeSettingsText } from "./billing/stripe-settings.ts";
import { log, storesOfStage, TableEnvironment } from "./entry-point.ts";

const MIN_SECRET_LENGTH = 32;

const env = TableEnvironment.extend({
  /** Private JWKs as a JSON list, oldest first. */
  SIGNING_KEYS: SigningKeysText,
  CURSOR_SECRET: z.string().min(MIN_SECRET_LENGTH),
  /** One-time tokens are derived from it. */
  TOKEN_SECRET: z.string().min(MIN_SECRET_LENGTH),
  TOKEN_ISSUER: z.url(),
  STRIPE: StripeSettingsText,
  /** Separated by commas. */
  ALLOWED_ORIGINS: z
    .string()
    .default("")
    .transform((list) => list.split(",").filter((origin) => origin !== "")),
}).parse(process.env);

export const handler = createAccountHandler({
  openStores: storesOfStage(env),
  signingKeys: env.SIGNING_KEYS,
  issuer: env.TOKEN_ISSUER,
  limits: defaultLimits,
  loginLimits,
  hashPassword,
  cursorSecret: new TextEncoder().encode(env.CURSOR_SECRET),
  tokenSecret: new TextEncoder().encode(env.TOKEN_SECRET),
  singleSignOn: {
    publicUrl: () => env.TOKEN_ISSUER.replace(/\/$/, ""),
    allowsLoopback: false,
  },
  payments: env.STRIPE && stripeProvider(env.STRIPE),
  newSecret: () => randomBytes(32).toString("base64url"),
  allowedOrigins: env.ALLOWED_ORIGINS,
  now: () => new Date(),
  wallNow: () => new Date(),
  mint: mintIds(Date.now, Math.random),
  log,
  checksAnswers: false,
});
