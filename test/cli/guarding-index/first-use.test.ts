/** Trust on first use, for as long as a guarding index lives. */
import { describe, expect, test } from "vitest";
import { addWheel, MALLORY, OCTO, startSetting } from "./support/guard.ts";

const { upstream, start } = await startSetting();
// The second verifier fails on a trust root that holds a log's key of this kind; pubpin does not.
const disagreeing = await startSetting({ keys: { rekor2: "RSA-2048" } });

const wheels = ["1.0", "1.1", "1.2"].map((version) => addWheel(upstream, "foo", OCTO, { version }));
const [first] = wheels;
const filename = first?.filename ?? "";

describe("a project that is new", () => {
  test("is asked about once, however many of its files are asked for at once", async () => {
    const asked: string[] = [];
    const guard = await start({
      pins: [],
      tofu: "accept",
      onFirstUse: async ({ name, decision }) => {
        asked.push(`${name} ${decision.code}`);
        return "accept";
      },
    });
    const statuses = await Promise.all(
      wheels.map(async (wheel) => (await guard.file(wheel.filename)).status),
    );
    expect(statuses).toEqual([200, 200, 200]);
    expect(asked).toEqual(["foo PUBLISHER_UNPINNED"]);
    expect([...guard.index.pins.byKey.keys()]).toEqual(["foo"]);
  });

  test("is not served where a person refuses it", async () => {
    const guard = await start({ pins: [], tofu: "accept", onFirstUse: async () => "refuse" });
    const response = await guard.file(filename);
    expect([response.status, await response.text()]).toEqual([
      403,
      expect.stringContaining("PUBLISHER_UNPINNED"),
    ]);
    expect(guard.index.firstUses).toEqual([]);
    expect([...guard.index.pins.byKey.keys()]).toEqual([]);
  });

  test("is not pinned on one verifier's word", async () => {
    const wheel = addWheel(disagreeing.upstream, "foo", OCTO);
    const asked: string[] = [];
    const guard = await disagreeing.start({
      pins: [],
      tofu: "accept",
      onFirstUse: async ({ name }) => {
        asked.push(name);
        return "accept";
      },
    });
    const response = await guard.file(wheel.filename);
    expect([response.status, await response.text()]).toEqual([
      403,
      expect.stringContaining("SECOND_OPINION_DISAGREES"),
    ]);
    expect(asked).toEqual([]);
  });

  test("that nobody signed is noted, and nobody is asked", async () => {
    const plain = addWheel(upstream, "plain", null);
    const guard = await start({
      pins: [],
      tofu: "accept",
      onFirstUse: async () => {
        throw new Error("nothing to ask");
      },
    });
    expect((await guard.file(plain.filename)).status).toBe(200);
    expect(guard.index.firstUses).toMatchObject([
      { name: "plain", entries: [{ kind: "unsigned", name: "plain", state: "seen" }] },
    ]);
  });

  test("of which another publisher signed a file is another's from then on", async () => {
    addWheel(upstream, "other", OCTO);
    const second = addWheel(upstream, "other", MALLORY, { version: "2.0" });
    const guard = await start({ pins: [], tofu: "accept" });
    expect((await guard.file("other-1.0-py3-none-any.whl")).status).toBe(200);
    const response = await guard.file(second.filename);
    expect([response.status, await response.text()]).toEqual([
      403,
      expect.stringContaining("PUBLISHER_CHANGED"),
    ]);
  });
});
