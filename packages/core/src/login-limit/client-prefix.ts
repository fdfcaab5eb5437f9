const HOME_GROUPS = 4;

/**
 * The network a request came from, as far as one subscriber holds it: of IPv4 the /24, of IPv6 the
 * /56, since that is what a home or an office is given (RFC 6177) and a /64 would give each of them
 * 256 buckets. An IPv4 address written as IPv6 (RFC 4291, 2.5.5.2) is an IPv4 address.
 * @returns "unknown" for what is no address, so that all such clients share a bucket
 */
export function clientPrefix(address: string): string {
  const v4 = /^(?:::ffff:)?(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/i.exec(address);
  if (v4) return `${v4.slice(1, 4).map(Number).join(".")}.0/24`;
  const groups = groupsOf(address);
  if (!groups) return "unknown";
  const home = groups.slice(0, HOME_GROUPS);
  const last = home[HOME_GROUPS - 1] ?? 0;
  const kept = [...home.slice(0, -1), last & 0xff00];
  return `${kept.map((group) => group.toString(16)).join(":")}::/56`;
}

/** The eight groups of an IPv6 address; undefined where it is none. */
function groupsOf(address: string): readonly number[] | undefined {
  const [bare = ""] = address.split("%");
  const halves = bare.split("::");
  if (halves.length > 2 || !/^[0-9a-f:]+$/i.test(bare)) return undefined;
  const [head = [], tail] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail ? missing < 1 : missing !== 0) return undefined;
  const all = [...head, ...Array.from({ length: missing }, () => "0"), ...(tail ?? [])];
  return all.every((group) => /^[0-9a-f]{1,4}$/i.test(group))
    ? all.map((group) => Number.parseInt(group, 16))
    : undefined;
}
