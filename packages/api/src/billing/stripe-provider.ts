import { createHash } from "node:crypto";
import type { PaymentProvider } from "@concord/core/billing";
import { raise } from "@concord/core/error";
import type Stripe from "stripe";
import { eventOf, subscriptionOf } from "./stripe-objects.ts";
import type { StripeSettings } from "./stripe-settings.ts";

/** A signature is good for so long. */
const TOLERANCE_SECONDS = 300;
const TIMEOUT_MS = 10_000;
const RETRIES = 2;

export interface StripeOptions extends StripeSettings {
  /** Of Stripe's API, for tests alone. */
  readonly origin?: URL;
}

/**
 * The payment provider, as its own library speaks to it. The library is loaded when it is first needed:
 * most requests of the function never meet it.
 */
export function stripeProvider({
  secretKey,
  webhookSecret,
  prices,
  origin,
}: StripeOptions): PaymentProvider {
  let loaded: Promise<{ readonly client: Stripe; readonly library: typeof Stripe }> | undefined;
  const stripe = () => {
    loaded ??= import("stripe").then(({ default: library }) => ({
      library,
      client: new library(secretKey, {
        httpClient: library.createFetchHttpClient(),
        timeout: TIMEOUT_MS,
        maxNetworkRetries: RETRIES,
        telemetry: false,
        ...(origin
          ? { protocol: "http" as const, host: origin.hostname, port: Number(origin.port) }
          : {}),
      }),
    }));
    return loaded;
  };

  return {
    async createCustomer({ tenantId, name }) {
      const { client } = await stripe();
      const { id } = await client.customers.create(
        { name, metadata: { tenantId } },
        { idempotencyKey: `customer-${tenantId}` },
      );
      return id;
    },

    async checkoutUrl({ tenantId, customerId, edition, returnTo, key }) {
      const price = prices[edition] ?? raise("edition-not-sold");
      const { client } = await stripe();
      const metadata = { tenantId };
      const { url } = await client.checkout.sessions.create(
        {
          mode: "subscription",
          customer: customerId,
          client_reference_id: tenantId,
          line_items: [{ price, quantity: 1 }],
          metadata,
          subscription_data: { metadata },
          success_url: returnTo,
          cancel_url: returnTo,
        },
        { idempotencyKey: keyOf("checkout", tenantId, edition, returnTo, key) },
      );
      if (url === null) throw new Error("the checkout has no page");
      return url;
    },

    async portalUrl({ customerId, returnTo }) {
      const { client } = await stripe();
      const { url } = await client.billingPortal.sessions.create({
        customer: customerId,
        return_url: returnTo,
      });
      return url;
    },

    async subscription(subscriptionId) {
      const { client, library } = await stripe();
      try {
        return subscriptionOf(await client.subscriptions.retrieve(subscriptionId), prices);
      } catch (error) {
        if (error instanceof library.errors.StripeInvalidRequestError && error.statusCode === 404) {
          return undefined;
        }
        throw error;
      }
    },

    async readEvent(body, signature, wallNow) {
      const { client, library } = await stripe();
      try {
        const event = await client.webhooks.constructEventAsync(
          Buffer.from(body),
          signature,
          webhookSecret,
          TOLERANCE_SECONDS,
          undefined,
          wallNow.getTime(),
        );
        return eventOf(event);
      } catch (error) {
        if (error instanceof library.errors.StripeSignatureVerificationError) {
          raise("billing-signature-invalid");
        }
        throw error;
      }
    },
  };
}

/** The same for the same wish, so that a repeat gets the same page. */
const keyOf = (...parts: readonly string[]): string =>
  createHash("sha256").update(JSON.stringify(parts)).digest("hex");
