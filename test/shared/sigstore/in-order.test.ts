/** What fails first is said first, whatever fails first in time; and nothing fails unheard. */
import { put, drop, flipBit, pem } from "@pubpin/test-kit";
import { expect, test } from "vitest";
import { inOrder } from "../../../packages/shared/src/sigstore/in-order.ts";
import { MESSAGE, MESSAGE_SHA256, sigstore, tryBundle } from "../support/instance.ts";
import { codeOf } from "../support/refusal.ts";

function after<T>(milliseconds: number, act: () => T): Promise<T> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  }).then(act);
}

function failing(message: string): () => never {
  return () => {
    throw new Error(message);
  };
}

test("the values come in the order of the promises", async () => {
  const values = await inOrder([after(5, () => "slow"), Promise.resolve("quick")]);
  expect(values).toEqual(["slow", "quick"]);
});

test("the first rejection in order is thrown, though another came earlier", async () => {
  const promises = [after(5, () => 1), after(5, failing("second")), after(0, failing("third"))];
  await expect(inOrder(promises)).rejects.toThrow("second");
});

test("one wrong bundle has one verdict, however often it is judged", async () => {
  const wrong = {
    change: { promiseSignature: flipBit, checkpointSignature: flipBit, signature: flipBit },
  };
  const codes = await Promise.all(Array.from({ length: 8 }, () => codeOf(() => tryBundle(wrong))));
  expect(new Set(codes)).toEqual(new Set(["LOG_PROMISE_INVALID"]));
});

/** Two mistakes each: the first is found while promises about the second are on their way. */
const DOUBLY_WRONG = [
  [
    "PAYLOAD_TYPE_UNSUPPORTED",
    { change: { payloadType: () => "text/plain", sctSignature: flipBit } },
  ],
  [
    "PAYLOAD_TYPE_UNSUPPORTED",
    {
      change: { payloadType: () => "text/plain", leaf: put("spki", flipBit) },
    },
  ],
  [
    "DIGEST_ONLY",
    {
      message: MESSAGE,
      artifact: { sha256: MESSAGE_SHA256 },
      change: { leaf: put("spki", flipBit) },
    },
  ],
  ["TRUST_ROOT_UNKNOWN_KEY", { trust: drop("tlogs.0"), change: { sctSignature: flipBit } }],
  [
    "LOG_ENTRY_MISSING",
    {
      change: { bundle: put("verificationMaterial.tlogEntries", []), leafSignature: flipBit },
    },
  ],
] as const;

test.each(DOUBLY_WRONG)(
  "of two mistakes one is %s, and the other goes unheard by nobody",
  async (code, attempt) => {
    expect(await codeOf(() => tryBundle(attempt))).toBe(code);
    await after(20, () => undefined);
  },
);

test("a managed key that no engine takes goes unheard by nobody", async () => {
  const key = await sigstore.managedKey();
  const publicKeyPem = pem("PUBLIC KEY", flipBit(key.signer.spki));
  const expected = { kind: "key", publicKeyPem } as const;
  const attempt = { message: MESSAGE, key, expected, artifact: { sha256: MESSAGE_SHA256 } };
  expect(await codeOf(() => tryBundle(attempt))).toBe("DIGEST_ONLY");
  await after(20, () => undefined);
});
