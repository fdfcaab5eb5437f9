import type { IsCommonPassword } from "@concord/core/person";

/**
 * The 49,000 passwords that leaked most often, as zxcvbn ships them (MIT). Loaded when the first
 * password is chosen: the list would slow every cold start.
 */
export function commonPasswords(): IsCommonPassword {
  let loading: Promise<ReadonlySet<string>> | undefined;
  return async (password) => {
    loading ??= load();
    return (await loading).has(password);
  };
}

async function load(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import("@zxcvbn-ts/language-common");
  return new Set(dictionary["passwords-common"].map((word) => String(word).toLowerCase()));
}
