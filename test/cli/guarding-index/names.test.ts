/** Several indexes behind one: a name belongs to one of them (dependency confusion). */
import { describe, expect, test } from "vitest";
import { addWheel, MALLORY, OCTO, OCTO_PIN, startSetting } from "./support/guard.ts";

const { upstream: main, newUpstream, start } = await startSetting();
const own = await newUpstream();
const OWN = { url: own.simpleUrl, name: "own" };
const MAIN = { url: main.simpleUrl, name: null };
const upstreams = [OWN, MAIN];

addWheel(main, "public", OCTO);
addWheel(own, "internal", OCTO);
const imposter = addWheel(main, "internal", MALLORY, { version: "9.0" });
addWheel(own, "both", OCTO);
addWheel(main, "both", OCTO);

describe("a name", () => {
  test("that is new belongs to the first index that has it, and to no other", async () => {
    const guard = await start({ pins: [], upstreams });
    expect((await guard.page("internal", 0)).size).toBe(1);
    expect((await guard.page("internal", 1)).size).toBe(0);
    expect((await guard.page("public", 0)).size).toBe(0);
    expect((await guard.page("public", 1)).size).toBe(1);
  });

  test("that a line binds to an index belongs to that one alone", async () => {
    const pins = [`#index:both ${own.simpleUrl}`, `#index:internal ${own.simpleUrl}`];
    const guard = await start({ pins, upstreams: [MAIN, OWN] });
    expect((await guard.page("both", 0)).size).toBe(0);
    expect((await guard.page("both", 1)).size).toBe(1);
    expect([...(await guard.page("internal", 0)).keys()]).not.toContain(imposter.filename);
  });

  test("that the pins know belongs to the index that packages come from", async () => {
    const guard = await start({ pins: [`both ${OCTO_PIN}`], upstreams });
    expect((await guard.page("both", 0)).size).toBe(0);
    expect((await guard.page("both", 1)).size).toBe(1);
    const elsewhere = await start({
      pins: [`#index:* ${own.simpleUrl}`, `both ${OCTO_PIN}`],
      upstreams,
    });
    expect((await elsewhere.page("both", 0)).size).toBe(1);
    expect((await elsewhere.page("both", 1)).size).toBe(0);
  });

  test("is not taken from a later index while an earlier one does not say whether it has it", async () => {
    own.setFault({ part: "page", name: "public", fault: { kind: "status", status: 503 } });
    const guard = await start({ pins: [], upstreams });
    const response = await guard.get("1/simple/public/");
    expect([response.status, await response.text()]).toEqual([
      502,
      expect.stringContaining("INDEX_ERROR"),
    ]);
    own.clearFault("page", "public");
  });

  test("does not belong to an explicit index only because that has it", async () => {
    const explicit = [{ ...OWN, explicit: true }, MAIN];
    const guard = await start({ pins: [], upstreams: explicit });
    expect((await guard.page("both", 1)).size).toBe(1);
    expect((await guard.page("both", 0)).size).toBe(1);
  });

  test("that is new on a further index is refused, and bound to it by trust on first use", async () => {
    const pins = [`#index:* ${main.simpleUrl}`];
    const refusing = await start({ pins, upstreams });
    const url = [...(await refusing.page("internal", 0)).values()][0]?.url ?? "";
    const refused = await fetch(url);
    expect([refused.status, await refused.text()]).toEqual([
      403,
      expect.stringContaining("INDEX_CHANGED"),
    ]);
    const guard = await start({ pins, upstreams, tofu: "accept" });
    const file = [...(await guard.page("internal", 0)).values()][0]?.url ?? "";
    expect((await fetch(file)).status).toBe(200);
    expect(guard.index.firstUses).toMatchObject([
      {
        name: "internal",
        entries: [
          { kind: "index", name: "internal", url: own.simpleUrl },
          { kind: "pin", name: "internal" },
        ],
      },
    ]);
  });

  test("of a file that another index has is not served by the file's address either", async () => {
    const guard = await start({ pins: [], upstreams: [MAIN, OWN] });
    const url = [...(await guard.page("internal", 0)).values()][0]?.url ?? "";
    const careful = await start({ pins: [], upstreams });
    const path = url.slice(guard.index.baseUrl.length + 1);
    expect((await careful.get(path)).status).toBe(404);
  });
});
