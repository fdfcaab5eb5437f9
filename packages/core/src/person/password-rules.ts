import { raise } from "../error/index.ts";

/** Whether the shipped list of common and breached passwords has it; asked in lower case. */
export type IsCommonPassword = (password: string) => Promise<boolean>;

/** Whose password it would be: what anybody knows of them is no secret. */
export interface PasswordOwner {
  readonly email: string;
  /** Of the person and of their tenants. */
  readonly names: readonly string[];
}

const MIN_LENGTH = 8;
/** A word is enough of a base to be recognised behind its digits. */
const MIN_BASE_LENGTH = 4;

/** As it is hashed, and without regard to case, which guessers vary first. */
const folded = (text: string): string => text.normalize("NFKC").toLowerCase();
const bare = (text: string): string => folded(text).replace(/[^\p{L}\p{N}]/gu, "");
const withoutTail = (text: string): string => text.replace(/[^\p{L}]+$/u, "");

/**
 * No rule says what a password is made of (NIST SP 800-63B, 3.1.1.2): it is long enough, on no list, no
 * listed word with digits and signs behind it, not one or two characters over and over, and not the
 * address or a name that everybody knows.
 * @throws DomainError password-unsuitable
 */
export async function requireGoodPassword(
  isCommon: IsCommonPassword,
  password: string,
  owner: PasswordOwner,
): Promise<void> {
  const text = folded(password);
  if ([...text].length < MIN_LENGTH) raise("password-unsuitable", "It has fewer than 8 characters");
  if (new Set(text).size <= 2) raise("password-unsuitable", "It repeats one or two characters");
  const base = withoutTail(text);
  const words = [text, ...(base.length >= MIN_BASE_LENGTH ? [base] : [])];
  for (const word of words) {
    if (await isCommon(word)) raise("password-unsuitable", "It is among the passwords tried first");
  }
  const told = new Set([bare(text), withoutTail(bare(text))]);
  if (knownOf(owner).some((word) => told.has(word))) {
    raise("password-unsuitable", "It is your own address or name, or your organisation's");
  }
}

function knownOf({ email, names }: PasswordOwner): readonly string[] {
  const [local = "", domain = ""] = email.split("@");
  const words = [
    email,
    local,
    domain,
    domain.split(".")[0] ?? "",
    ...names,
    ...names.map(reversed),
  ];
  return words.map(bare).filter((word) => word.length > 0);
}

const reversed = (name: string): string => name.split(/\s+/).toReversed().join(" ");
