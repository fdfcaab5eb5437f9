/** What stands where the name of an erased person stood. */
export const ERASED_NAME = "Erased person";

/** What stands where their address stood; no mail ever reaches it (RFC 2606). */
export const erasedAddress = (holder: string): string => `${holder.toLowerCase()}@erased.invalid`;
