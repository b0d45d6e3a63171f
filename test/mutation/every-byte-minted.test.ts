import { base64, fromBase64, fromUtf8, utf8 } from "@pubpin/test-kit";
import { expect, test } from "vitest";
import { changeByte, changeEveryByte } from "./every-byte.ts";
import { type JsonPlace, parseTree } from "./json-tree.ts";
import { mintedSpecimens } from "./specimens.ts";
import { UNCOVERED } from "./uncovered.ts";

const specimens = await mintedSpecimens();
const seen = new Set<string>();

test.each(specimens)(
  "a byte changed in $name: refused, or the same result and not covered",
  { timeout: 240_000 },
  async (specimen) => {
    const { refused, accepted, defects } = await changeEveryByte(specimen, 11);
    expect(defects).toEqual([]);
    expect(refused).toBeGreaterThan(200);
    for (const part of accepted.keys()) seen.add(part);
  },
);

test("a timestamp granted with changes counts like one granted as asked", async () => {
  const specimen = specimens.find(({ name }) => name.includes("two timestamps"));
  if (specimen === undefined) throw new Error("the specimen is missing");
  const isStamp = ({ path }: JsonPlace): boolean => path.endsWith(".0.signedTimestamp");
  const latin = new TextDecoder("latin1").decode(specimen.bytes);
  const place = parseTree(latin).places.findLast(isStamp);
  if (place === undefined) throw new Error("the timestamp is missing");
  const stamp = latin.slice(place.start + 1, place.end - 1);
  // TimeStampResp { PKIStatusInfo { INTEGER 0, ...: the number is the ninth byte.
  const changed = utf8(
    fromUtf8(specimen.bytes).replace(stamp, base64(fromBase64(stamp).with(8, 1))),
  );
  const byte = { original: specimen.bytes, changed, index: place.start + 12, place };
  const outcome = await changeByte(specimen, await specimen.verify(specimen.bytes), byte);
  expect(outcome).toEqual({
    part: "whether a timestamp was granted as asked or with changes",
  });
  if (typeof outcome === "object" && "part" in outcome) seen.add(outcome.part);
});

test.each(UNCOVERED)("there was a change that nothing refuses in: $name", ({ name }) => {
  expect(seen).toContain(name);
});
