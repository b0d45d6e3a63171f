import { expect, test } from "vitest";
import { describeWithData } from "../support/data.ts";
import { changeEveryByte } from "./every-byte.ts";
import { realSpecimens } from "./specimens.ts";

/** One of each kind of publisher, of which no byte is left out. */
const COMPLETE = [
  "sampleproject-4.0.0-py3-none-any.whl.provenance",
  "pep740_sampleproject-1.0.0.tar.gz.provenance",
  "sampleproject-3.0.0.tar.gz.provenance",
];

describeWithData("a real provenance object with one byte changed", async () => {
  const specimens = await realSpecimens();

  test("is looked at for three kinds of publisher, byte by byte", () => {
    expect(specimens.map(({ name }) => name)).toEqual(expect.arrayContaining(COMPLETE));
  });

  test.each(specimens)(
    "is refused, or gives the same result and was changed where nothing covers it: $name",
    { timeout: 240_000 },
    async (specimen) => {
      const step = COMPLETE.includes(specimen.name) ? 1 : 17;
      const { refused, defects } = await changeEveryByte(specimen, step);
      expect(defects).toEqual([]);
      expect(refused).toBeGreaterThan(specimen.bytes.length / step - 200);
    },
  );
});
