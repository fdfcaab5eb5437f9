/** A provider as one tenant uses it. */
export interface ProviderClient {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** What ties one log-in at the provider to the browser that began it. */
export interface LoginProofs {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

/** What the provider says of who has logged in, after its signature and addressee were checked. */
export interface Assertion {
  readonly issuer: string;
  readonly subject: string;
  readonly email: string | undefined;
  /** True only where the provider says so in as many words. */
  readonly isEmailVerified: boolean;
  /** As the person is shown there. */
  readonly name: string | undefined;
}

export interface IdentityProvider {
  /** Where the browser is sent. Fails as "unavailable" where the provider does not answer. */
  loginUrl(client: ProviderClient, proofs: LoginProofs): Promise<string>;
  /**
   * Exchanges what the browser came back with. Fails as "unavailable" where the provider does not answer.
   * @param query of the address the browser came back to, as it is
   * @returns undefined where the provider refused, or anything it said does not hold
   */
  assertionOf(
    client: ProviderClient,
    proofs: LoginProofs,
    query: string,
  ): Promise<Assertion | undefined>;
  /** Whether the issuer answers with a usable description of itself. */
  isUsable(client: ProviderClient): Promise<boolean>;
}
