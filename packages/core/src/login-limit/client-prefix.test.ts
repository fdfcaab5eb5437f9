import { describe, expect, it } from "vitest";
import { clientPrefix } from "./client-prefix.ts";

describe("the prefix of a client's address", () => {
  it.each([
    ["203.0.113.7", "203.0.113.0/24"],
    ["203.0.113.250", "203.0.113.0/24"],
    ["::ffff:203.0.113.7", "203.0.113.0/24"],
    ["2001:db8:12:3456::1", "2001:db8:12:3400::/56"],
    ["2001:DB8:12:34ff:1:2:3:4", "2001:db8:12:3400::/56"],
    ["2001:db8:12:3500::1", "2001:db8:12:3500::/56"],
    ["2001:db8::1", "2001:db8:0:0::/56"],
    ["fe80::1%eth0", "fe80:0:0:0::/56"],
    ["::1", "0:0:0:0::/56"],
    ["1:2:3:4:5:6:7:8", "1:2:3:0::/56"],
  ])("of %s is %s", (address, prefix) => {
    expect(clientPrefix(address)).toBe(prefix);
  });

  it.each(["", "localhost", "1.2.3", "1::2::3", "1:2:3", "12345::1", "1:2:3:4:5:6:7:8:9", "1:::2"])(
    "of %j is the one that all share who have none",
    (address) => {
      expect(clientPrefix(address)).toBe("unknown");
    },
  );
});
