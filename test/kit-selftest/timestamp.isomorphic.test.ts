import { expect, test } from "vitest";
import {
  type Bytes,
  type TimestampChanges,
  type TimestampOptions,
  ATTRIBUTE,
  contentOf,
  createSigstore,
  derAt,
  digest,
  flipBit,
  hex,
  membersOf,
  mintTimestamp,
  oid,
  put,
  sha256,
  trailing,
  utf8,
  withTag,
} from "@pubpin/test-kit";
import { isSignedBy } from "./checks.ts";

const sigstore = await createSigstore();
const { tsa } = sigstore.authorities;
const signature = utf8("a signature");
const time = new Date("2026-01-02T03:04:05Z");

/** What of a time stamp holds by itself. */
interface Findings {
  readonly imprint: boolean;
  readonly messageDigest: boolean;
  readonly signature: boolean;
}

const SOUND: Findings = { imprint: true, messageDigest: true, signature: true };
const SIGNED_DATA = [1, 1, 0];

function stamp(options: TimestampOptions): Promise<Bytes> {
  return mintTimestamp(sigstore.authorities, signature, time, options);
}

async function examine(response: Bytes): Promise<Findings> {
  const tstInfo = contentOf(derAt(response, [...SIGNED_DATA, 2, 1, 0]));
  const signerInfo = derAt(response, [...SIGNED_DATA, 4, 0]);
  const attributes = withTag(derAt(signerInfo, [3]), 0x31);
  const id = hex(oid(ATTRIBUTE.messageDigest));
  const attribute = membersOf(attributes).find((each) => hex(derAt(each, [0])) === id);
  const stated = attribute === undefined ? null : contentOf(derAt(attribute, [1, 0]));
  return {
    imprint: hex(contentOf(derAt(tstInfo, [2, 1]))) === hex(await sha256(signature)),
    messageDigest: stated !== null && hex(stated) === hex(await sha256(tstInfo)),
    signature: await isSignedBy(
      tsa.signer,
      attributes,
      contentOf(derAt(signerInfo, [5])),
      "SHA-256",
    ),
  };
}

test("a time stamp holds in all its parts, with and without a certificate in it", async () => {
  const without = await stamp({});
  expect(await examine(without)).toEqual(SOUND);
  expect(hex(derAt(without, [...SIGNED_DATA, 3]))).toBe("a000");
  const embedded = await stamp({ embedCertificate: true });
  expect(await examine(embedded)).toEqual(SOUND);
  expect(hex(derAt(embedded, [...SIGNED_DATA, 3, 0]))).toBe(hex(tsa.chain[0] ?? new Uint8Array()));
});

test.each<{ what: string; change: TimestampChanges; unsound: Partial<Findings> }>([
  { what: "what is stamped", change: { stamped: flipBit }, unsound: { imprint: false } },
  {
    what: "the imprint",
    change: { tstInfo: put("imprint", new Uint8Array(32)) },
    unsound: { imprint: false },
  },
  { what: "the version", change: { tstInfo: put("version", 2) }, unsound: {} },
  { what: "the time", change: { tstInfo: put("genTime", new Date(0)) }, unsound: {} },
  {
    what: "all optional fields",
    change: { tstInfo: (info) => ({ ...info, accuracySeconds: null, nonce: null, tsa: null }) },
    unsound: {},
  },
  {
    what: "the encoding of the content",
    change: { tstInfoDer: trailing },
    unsound: {},
  },
  {
    what: "the message digest",
    change: { signedAttributes: put("2.values.0", Uint8Array.of(4, 0)) },
    unsound: { messageDigest: false },
  },
  {
    what: "the certificate's hash",
    change: { signedAttributes: put("3.values", []) },
    unsound: {},
  },
  { what: "the signature", change: { timestampSignature: flipBit }, unsound: { signature: false } },
  { what: "the signer", change: { signerInfo: put("sid", Uint8Array.of(0x30, 0)) }, unsound: {} },
  { what: "the content's type", change: { signedData: put("contentType", "1.2.3") }, unsound: {} },
  { what: "the type of the whole", change: { signedData: put("outerType", "1.2.3") }, unsound: {} },
  {
    what: "the number of signers",
    change: {
      signedData: (data) => ({ ...data, signerInfos: [...data.signerInfos, ...data.signerInfos] }),
    },
    unsound: {},
  },
  { what: "the status", change: { timestampResponse: put("status", 2) }, unsound: {} },
])("a change of $what makes nothing else unsound", async ({ change, unsound }) => {
  const response = await stamp({ change });
  expect(await examine(response)).toEqual({ ...SOUND, ...unsound });
  expect(hex(response)).not.toBe(hex(await stamp({})));
});

test("a response can come without a token, and with trailing bytes", async () => {
  const empty = await stamp({ change: { timestampResponse: () => ({ status: 2, token: null }) } });
  expect(hex(empty)).toBe("30053003020102");
  expect((await stamp({ change: { timestampDer: trailing } })).at(-1)).toBe(0);
});

test("the imprint's hash can be another", async () => {
  const tstInfo = derAt(await stamp({ imprintHash: "SHA-384" }), [...SIGNED_DATA, 2, 1, 0, 0]);
  expect(hex(contentOf(derAt(tstInfo, [2, 1])))).toBe(hex(await digest("SHA-384", signature)));
});
