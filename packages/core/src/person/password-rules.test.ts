import { describe, expect, it } from "vitest";
import { requireGoodPassword } from "./password-rules.ts";

const owner = { email: "ada.lovelace@northwind.example", names: ["Ada Lovelace", "Fabrikam Ltd"] };
const listed = new Set(["password", "iloveyou", "monkey", "correct horse"]);
const verdict = (password: string) =>
  requireGoodPassword(async (word) => listed.has(word), password, owner).then(
    () => "good",
    (error: Error) => error.message,
  );

describe("a password", () => {
  it.each([
    "correct horse battery staple",
    "12 Äpfel",
    "nur-kleine-buchstaben",
    "ADA and the engine",
    "пароль на память",
  ])("%j is good: nothing says what it is made of", async (password) => {
    expect(await verdict(password)).toBe("good");
  });

  it.each([
    ["seven77", "It has fewer than 8 characters"],
    // Four letters, however many bytes or code units they are.
    ["𝐩𝐚𝐬𝐬", "It has fewer than 8 characters"],
    ["aaaaaaaaaaaa", "It repeats one or two characters"],
    ["abababababab", "It repeats one or two characters"],
    ["password", "It is among the passwords tried first"],
    ["PassWord", "It is among the passwords tried first"],
    ["ｐａｓｓｗｏｒｄ", "It is among the passwords tried first"],
    ["monkey2027!", "It is among the passwords tried first"],
    ["iloveyou!!!", "It is among the passwords tried first"],
    ["ada.lovelace@northwind.example", "It is your own address or name, or your organisation's"],
    ["Ada Lovelace", "It is your own address or name, or your organisation's"],
    ["lovelace ada", "It is your own address or name, or your organisation's"],
    ["adalovelace1815", "It is your own address or name, or your organisation's"],
    ["northwind", "It is your own address or name, or your organisation's"],
    ["Fabrikam-Ltd", "It is your own address or name, or your organisation's"],
  ])("%j is refused: %s", async (password, why) => {
    expect(await verdict(password)).toBe(why);
  });
});
