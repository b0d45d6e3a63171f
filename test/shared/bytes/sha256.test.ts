import * as fc from "fast-check";
import { hex, utf8 } from "@pubpin/test-kit";
import { describe, expect, test } from "vitest";
import { digest } from "../../../packages/shared/src/bytes/crypto.ts";
import { sha256 } from "../../../packages/shared/src/bytes/sha256.ts";

/** FIPS 180-4's examples and NIST's short messages (SHA256ShortMsg), by message. */
const VECTORS: readonly (readonly [message: Uint8Array, digest: string])[] = [
  [utf8(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
  [utf8("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
  [
    utf8("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
  ],
  [
    utf8(
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn" +
        "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
    ),
    "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1",
  ],
  [
    new Uint8Array(1_000_000).fill(0x61),
    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
  ],
  [Uint8Array.of(0xbd), "68325720aabd7c82f30f554b313d0570c95accbb7dc4b5aae11204c08ffe732b"],
  [
    Uint8Array.of(0xc9, 0x8c, 0x8e, 0x55),
    "7abc22c0ae5af26ce93dbb94433a0e0b2e119d014f8e7f65bd56c61ccccd9504",
  ],
  [new Uint8Array(55), "02779466cdec163811d078815c633f21901413081449002f24aa3e80f0b88ef7"],
  [new Uint8Array(56), "d4817aa5497628e7c77e6b606107042bbba3130888c5f47a375e6179be789fbb"],
  [new Uint8Array(57), "65a16cb7861335d5ace3c60718b5052e44660726da4cd13bb745381b235a1785"],
  [new Uint8Array(64), "f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b"],
];

describe("sha256", () => {
  test.each(VECTORS)("gives the published digest of message %#", (message, expected) => {
    expect(hex(sha256(message))).toBe(expected);
  });

  test("agrees with WebCrypto for every length around the ends of blocks", async () => {
    for (let length = 0; length <= 200; length++) {
      const message = Uint8Array.from({ length }, (_, index) => (index * 251 + length) & 0xff);
      expect(sha256(message)).toEqual(await digest("SHA-256", message));
    }
  });

  test("agrees with WebCrypto for bytes of any kind and number", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), async (bytes) => {
        expect(sha256(bytes)).toEqual(await digest("SHA-256", new Uint8Array(bytes)));
      }),
      { numRuns: 300 },
    );
  });

  test("hashes a view and not the memory around it", () => {
    const memory = utf8("xxabcxx");
    expect(sha256(memory.subarray(2, 5))).toEqual(sha256(utf8("abc")));
  });

  test("leaves its input as it was, and gives memory of its own", () => {
    const message = utf8("abc");
    const first = sha256(message);
    first.fill(0);
    expect(message).toEqual(utf8("abc"));
    expect(hex(sha256(message)).slice(0, 8)).toBe("ba7816bf");
  });
});
