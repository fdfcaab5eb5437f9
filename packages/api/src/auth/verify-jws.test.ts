import { createSign, generateKeyPairSync } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CompactSign, type CryptoKey, generateKeyPair, importJWK, type JWK } from "jose";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { verifyJws } from "./verify-jws.ts";

const folder = process.env["CONCORD_REAL_DATA"] ?? "../shared/data";
const path = join(folder, "wycheproof/json_web_signature_test.json");

const Vectors = z.object({
  testGroups: z.array(
    z.object({
      comment: z.string(),
      public: z.looseObject({ alg: z.string().optional() }).optional(),
      tests: z.array(
        z.object({
          tcId: z.number(),
          comment: z.string(),
          jws: z.union([z.string(), z.looseObject({})]),
          result: z.enum(["valid", "invalid"]),
        }),
      ),
    }),
  ),
});

describe("a compact JWS", () => {
  const text = new TextEncoder();
  const sign = async (header: object, payload: string) => {
    const { publicKey, privateKey } = await generateKeyPair("RS256");
    const jws = await new CompactSign(text.encode(payload))
      .setProtectedHeader({ alg: "RS256", ...header })
      .sign(privateKey);
    return {
      jws,
      verify: (one: string) => verifyJws(one, { algorithm: "RS256", keyOf: () => publicKey }),
    };
  };

  it("gives the texts that were signed", async () => {
    const { jws, verify } = await sign({ kid: "k" }, "payload");
    expect(await verify(jws)).toMatchObject({
      header: { alg: "RS256", kid: "k" },
      payloadText: "payload",
    });
  });

  it("is refused in any other spelling of the same bytes", async () => {
    const { jws, verify } = await sign({}, "payload");
    const [head = "", body = "", signature = ""] = jws.split(".");
    const last = signature.at(-1) ?? "";
    // The last character of 256 bytes carries 4 bits of which 2 count: its neighbour decodes alike.
    const twin = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const other = twin[twin.indexOf(last) + 1] ?? "";
    for (const spelled of [
      `${jws}=`,
      ` ${jws}`,
      `${jws}\n`,
      `${head}.${body}.${signature.slice(0, -1)}${other}`,
      `${head}.${body}=.${signature}`,
      `${jws}.`,
      `${head}..${signature}`,
      `${head}.${body}.`,
      jws.replaceAll("-", "+").replaceAll("_", "/").concat("=="),
    ]) {
      expect(await verify(spelled)).toBeUndefined();
    }
  });

  it.each([{ crit: ["exp"], exp: 1 }, { b64: true }, { jku: "https://x.test" }, { jwk: {} }])(
    "is refused with the header %j, though its signature is good",
    async (header) => {
      const jws = Buffer.from(JSON.stringify({ alg: "RS256", ...header })).toString("base64url");
      const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
      const signed = `${jws}.${Buffer.from("payload").toString("base64url")}`;
      const signature = createSign("sha256").update(signed).sign(privateKey, "base64url");
      const key = (await importJWK(publicKey.export({ format: "jwk" }), "RS256")) as CryptoKey;
      const verify = (one: string) => verifyJws(one, { algorithm: "RS256", keyOf: () => key });
      expect(await verify(`${signed}.${signature}`)).toBeUndefined();
    },
  );
});

if (!existsSync(path)) {
  process.stderr.write(`Wycheproof's JWS vectors did not run: ${path} is not there\n`);
} else {
  const groups = Vectors.parse(JSON.parse(readFileSync(path, "utf8"))).testGroups.filter(
    (group) => group.public?.alg === "RS256",
  );

  describe("Wycheproof's JWS vectors of RS256", () => {
    it("are all there", () => {
      expect(groups.flatMap(({ tests }) => tests)).toHaveLength(233);
    });

    it.each(groups.map((group, index) => ({ index, group })))(
      "are decided as the file says, group $index ($group.comment)",
      async ({ group }) => {
        const key = (await importJWK({ ...group.public } as JWK, "RS256")) as CryptoKey;
        const decided = await Promise.all(
          group.tests.map(async ({ tcId, jws, comment }) => ({
            tcId,
            comment,
            result:
              typeof jws === "string" &&
              (await verifyJws(jws, { algorithm: "RS256", keyOf: () => key }))
                ? "valid"
                : "invalid",
          })),
        );
        expect(decided).toEqual(
          group.tests.map(({ tcId, comment, result }) => ({ tcId, comment, result })),
        );
      },
    );
  });
}
