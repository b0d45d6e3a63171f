/** Certificates, keys and timestamps in which one element has a form that DER forbids. */
import * as fc from "fast-check";
import { base64, type Bytes, concat, derAt, editDer, membersOf, sequence } from "@pubpin/test-kit";
import { PubpinError } from "@pubpin/shared";
import { beforeAll, describe, expect, test } from "vitest";
import { parseTimestamp } from "../../../packages/shared/src/sigstore/timestamp-token.ts";
import { parseCertificate } from "../../../packages/shared/src/x509/certificate.ts";
import {
  authorityKeyIdentifierOf,
  KEY_PURPOSE,
  requireEndEntity,
  subjectKeyIdentifierOf,
} from "../../../packages/shared/src/x509/extensions.ts";
import { readSigner } from "../../../packages/shared/src/x509/fulcio.ts";
import { parsePem } from "../../../packages/shared/src/x509/pem.ts";
import { parsePublicKey } from "../../../packages/shared/src/x509/public-key.ts";
import { parseScts } from "../../../packages/shared/src/x509/sct.ts";
import { MESSAGE, ours, PUBLISHER, sigstore } from "../support/instance.ts";
import {
  type ForbiddenForm,
  forbiddenForms,
  LENGTHS_AND_TAGS,
  type Path,
} from "../support/der-paths.ts";
import { codeOf } from "../support/refusal.ts";

const made = new Map<string, Bytes>();

function derOf(name: string): Bytes {
  const der = made.get(name);
  if (der === undefined) throw new Error(`${name} was not made`);
  return der;
}

beforeAll(async () => {
  const { certificate } = await sigstore.issue(PUBLISHER);
  const stamped = {
    message: MESSAGE,
    log: "rekor2",
    timestamps: [{ embedCertificate: true }],
  } as const;
  const { timestamps } = await sigstore.sign(stamped);
  const rsa = await sigstore.managedKey("RSA-2048");
  made.set("a signing certificate", certificate);
  made.set("an intermediate", ours.ca.chain[0] ?? certificate);
  made.set("a timestamp authority", ours.tsa.chain[0] ?? certificate);
  made.set("a timestamp", timestamps[0] ?? certificate);
  made.set("a timestamp's content", derAt(derOf("a timestamp"), CONTENT_OF_TIMESTAMP));
  made.set("a key on P-256", ours.ctLog.signer.spki);
  made.set("an Ed25519 key", ours.rekor2.signer.spki);
  made.set("an RSA key", rsa.signer.spki);
});

/** Reads all of a signing certificate that is ever read. */
function readAll(der: Bytes): void {
  const leaf = parseCertificate(der, "certificate");
  requireEndEntity(leaf, KEY_PURPOSE.codeSigning, "certificate");
  readSigner(leaf, "certificate");
  parseScts(leaf, leaf.publicKey.spki, "certificate");
  subjectKeyIdentifierOf(leaf, "certificate");
  authorityKeyIdentifierOf(leaf, "certificate");
}

const certificate = (der: Bytes): unknown => parseCertificate(der, "certificate");
const key = (der: Bytes): unknown => parsePublicKey(der, "key");
const timestamp = (der: Bytes): unknown => parseTimestamp(der, "timestamp");
const content = (der: Bytes): unknown =>
  timestamp(editDer(derOf("a timestamp"), CONTENT_OF_TIMESTAMP, () => der));
const CONTENT_OF_TIMESTAMP: Path = [1, 1, 0, 2, 1, 0, 0];

/** Parts of a timestamp that nothing is taken from: their structure is checked, their values are not. */
const UNREAD: readonly Path[] = [
  [0, 0],
  [1, 1, 0, 1],
  [1, 1, 0, 3],
  [1, 1, 0, 4, 0, 1, 0],
  [1, 1, 0, 4, 0, 3, 1, 1],
  [1, 1, 0, 4, 0, 3, 3, 1, 0],
];

/** The same for its content: accuracy, nonce and name of the authority. */
const UNREAD_CONTENT: readonly Path[] = [[5], [7]];

function isRead({ what, path }: ForbiddenForm, name: string): boolean {
  const unread =
    name === "a timestamp" ? UNREAD : name === "a timestamp's content" ? UNREAD_CONTENT : [];
  const isStructural = LENGTHS_AND_TAGS.some(([kind]) => kind === what);
  return isStructural || !unread.some((start) => start.every((step, at) => step === path[at]));
}

describe.each([
  ["a signing certificate", certificate],
  ["an intermediate", certificate],
  ["a timestamp authority", certificate],
  ["a key on P-256", key],
  ["an Ed25519 key", key],
  ["an RSA key", key],
  ["a timestamp", timestamp],
  ["a timestamp's content", content],
] as const)("%s", (name, parse) => {
  test("is read as it is", () => {
    expect(() => parse(derOf(name))).not.toThrow();
  });

  test("is refused with any one element in a form that DER forbids", async () => {
    const forms = forbiddenForms(derOf(name)).filter((form) => isRead(form, name));
    expect(forms.length).toBeGreaterThan(20);
    const outcomes = await Promise.all(
      forms.map(
        async ({ what, path, der }) =>
          `${what} at ${path.join(".")}: ${await outcomeOf(() => parse(der))}`,
      ),
    );
    const allowed = /: (?:(?:DER|TIMESTAMP|CERTIFICATE)_INVALID|KEY_UNSUPPORTED)$/;
    expect(outcomes.filter((outcome) => !allowed.test(outcome))).toEqual([]);
  });

  test("is refused wherever it is cut off", async () => {
    const whole = derOf(name);
    for (let length = 0; length < whole.length; length++) {
      expect(await codeOf(() => parse(whole.slice(0, length)))).toBe("DER_INVALID");
    }
  });

  test("is refused or read, whatever byte of it is another: nothing else ever happens", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 255 }), async (place, change) => {
        const whole = derOf(name);
        const at = place % whole.length;
        const altered = whole.with(at, (whole[at] ?? 0) ^ change);
        await settled(() => parse(altered));
      }),
      { numRuns: 400 },
    );
  });
});

/** The code of the error that a function throws, or that it throws none. */
async function outcomeOf(run: () => unknown): Promise<string> {
  return Promise.resolve()
    .then(run)
    .then(
      () => "accepted",
      (error: unknown) => (error instanceof PubpinError ? error.code : String(error)),
    );
}

/** Expects a value, or an error of the library's own. */
async function settled(run: () => unknown): Promise<void> {
  expect(await outcomeOf(run)).toMatch(/^(?:accepted|[A-Z0-9_]+)$/);
}

test("bytes of any kind are refused as certificates, keys, timestamps and PEM", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 80 }), async (bytes) => {
      const inside = sequence(bytes);
      for (const parse of [certificate, key, timestamp]) {
        expect(await codeOf(() => parse(new Uint8Array(bytes)))).toBeTruthy();
        expect(await codeOf(() => parse(inside))).toBeTruthy();
      }
      expect(await codeOf(() => parsePem(base64(bytes), "text"))).toBe("PEM_INVALID");
    }),
    { numRuns: 200 },
  );
});

/** Where a certificate has its extensions, and those of them whose content is DER. */
const EXTENSIONS: Path = [0, 7, 0];
const IN_DER = /^2\.5\.29\.|\.1\.(?:8|9|1\d|2\d)$|^1\.3\.6\.1\.4\.1\.11129\./;

test("an extension is refused with any one element in a form that DER forbids", async () => {
  const whole = derOf("a signing certificate");
  const oids = [...parseCertificate(whole, "certificate").extensions.keys()];
  const places = oids.flatMap((oid, index) => (IN_DER.test(oid) ? [{ oid, index }] : []));
  expect(places).toHaveLength(5 + 15 + 1);
  for (const { oid, index } of places) {
    const extension = derAt(whole, [...EXTENSIONS, index]);
    const value = [...EXTENSIONS, index, membersOf(extension).length - 1, 0];
    const forms = forbiddenForms(derAt(whole, value)).filter(
      ({ what, path }) =>
        oid !== AUTHORITY_KEY_IDENTIFIER || path.length === 0 || !what.startsWith("another"),
    );
    for (const { what, path, der } of forms) {
      const outcome = await outcomeOf(() => readAll(editDer(whole, value, () => der)));
      const subject = `${oid}: ${what} at ${path.join(".")}`;
      expect([subject, outcome]).toEqual([
        subject,
        expect.stringMatching(/^(?:DER|CERTIFICATE)_INVALID$/),
      ]);
    }
  }
});

/** It may hold the issuer's name and serial number too, which nothing is taken from. */
const AUTHORITY_KEY_IDENTIFIER = "2.5.29.35";

test("extensions of any content are refused or read: nothing else ever happens", async () => {
  const leaf = parseCertificate(derOf("a signing certificate"), "certificate");
  const oids = [...leaf.extensions.keys()];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...oids),
      fc.uint8Array({ maxLength: 60 }),
      async (oid, bytes) => {
        const extensions = new Map(leaf.extensions);
        const usual = extensions.get(oid);
        if (usual === undefined) throw new Error(`no extension ${oid}`);
        extensions.set(oid, { ...usual, content: new Uint8Array(bytes) });
        await settled(() => readSigner({ ...leaf, extensions }, "certificate"));
        await settled(() => parseScts({ ...leaf, extensions }, leaf.publicKey.spki, "certificate"));
      },
    ),
    { numRuns: 500 },
  );
});

test("the paths that are tried reach every kind of element of a certificate", () => {
  const leaf = derOf("a signing certificate");
  const tags = new Set(forbiddenForms(leaf).map(({ path }) => derAt(leaf, path)[0]));
  expect([...tags].toSorted((a = 0, b = 0) => a - b)).toEqual([
    0x01, 0x02, 0x03, 0x04, 0x06, 0x13, 0x17, 0x30, 0x31, 0xa0, 0xa3,
  ]);
});

test("a timestamp is not read beyond 24 nested levels", async () => {
  let nested = sequence();
  for (let depth = 0; depth < 24; depth++) nested = sequence(nested);
  const deep = editDer(derOf("a timestamp"), [0], (status) =>
    editDer(status, [0], (code) => concat(code, nested)),
  );
  expect(await codeOf(() => timestamp(deep))).toBe("LIMIT_EXCEEDED");
});
