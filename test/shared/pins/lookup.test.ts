import { describe, expect, it } from "vitest";
import { parsePins } from "../../../packages/shared/src/pins/file.ts";
import {
  acceptedPublishers,
  entriesOf,
  findFile,
  findIndex,
  findLock,
  findLockBytes,
  findNote,
  findPin,
  findSource,
  findUnsigned,
} from "../../../packages/shared/src/pins/lookup.ts";

const A = "a".repeat(64);
const PINS = parsePins(
  new TextEncoder().encode(
    [
      "#also:packaging:10 https://github.com/third/packaging",
      "#also:packaging:2 https://github.com/second/packaging",
      `#file:my%20file.zip sha256:${A}`,
      "#index:* https://index.example/simple",
      "#index:torch https://wheels.example/simple/",
      `#lock-bytes:a/uv.lock sha256:${A}`,
      `#lock:a%20b/uv.lock v1-sha256:${A}`,
      "#note:why because%20of%20that",
      "#source:My.Lib ./libs/my%20lib",
      "#unsigned:pepper_corn allowed",
      "Packaging https://github.com/pypa/packaging#repository-id=1&owner-id=2&workflow=publish.yml",
    ].join("\n"),
  ),
);

describe("the lookups of a .provenance.txt", () => {
  it("find a pin by any spelling of the name", () => {
    for (const name of ["packaging", "PACKAGING"]) {
      expect(findPin(PINS, name)).toEqual({
        line: 11,
        entry: {
          kind: "pin",
          name: "packaging",
          publisher: {
            kind: "GitHub",
            url: "https://github.com/pypa/packaging",
            repositoryId: "1",
            ownerId: "2",
            workflow: "publish.yml",
          },
        },
      });
    }
    expect(findPin(PINS, "other")).toBeNull();
  });

  it("list accepted publishers, the pin first and the others by their numbers", () => {
    expect(acceptedPublishers(PINS, "packaging").map((publisher) => publisher.url)).toEqual([
      "https://github.com/pypa/packaging",
      "https://github.com/second/packaging",
      "https://github.com/third/packaging",
    ]);
    expect(acceptedPublishers(PINS, "other")).toEqual([]);
  });

  it("find what is said of a project", () => {
    expect(findUnsigned(PINS, "Pepper.Corn")).toMatchObject({
      line: 10,
      entry: { state: "allowed" },
    });
    expect(findSource(PINS, "my-lib")).toMatchObject({
      line: 9,
      entry: { source: "./libs/my lib" },
    });
    expect(findUnsigned(PINS, "packaging")).toBeNull();
    expect(findSource(PINS, "packaging")).toBeNull();
  });

  it("find a project's own index before the one for every project", () => {
    expect(findIndex(PINS, "Torch")?.entry.url).toBe("https://wheels.example/simple");
    expect(findIndex(PINS, "packaging")?.entry).toEqual({
      kind: "index",
      name: "*",
      url: "https://index.example/simple",
    });
    expect(findIndex(parsePins(new Uint8Array()), "packaging")).toBeNull();
  });

  it("find files, locks and notes by what they are called, not by how that is encoded", () => {
    expect(findFile(PINS, "my file.zip")).toMatchObject({ line: 3, entry: { sha256: A } });
    expect(findFile(PINS, "my%20file.zip")).toBeNull();
    expect(findFile(PINS, "My file.zip")).toBeNull();
    expect(findLock(PINS, "a b/uv.lock")).toMatchObject({ entry: { digest: `v1-sha256:${A}` } });
    expect(findLock(PINS, "a/uv.lock")).toBeNull();
    expect(findLockBytes(PINS, "a/uv.lock")).toMatchObject({ entry: { sha256: A } });
    expect(findLockBytes(PINS, "a b/uv.lock")).toBeNull();
    expect(findNote(PINS, "why")).toMatchObject({ entry: { text: "because of that" } });
    expect(findNote(PINS, "how")).toBeNull();
  });

  it("list all entries of one kind with their lines", () => {
    expect(entriesOf(PINS, "index").map(({ line, entry }) => [line, entry.name])).toEqual([
      [4, "*"],
      [5, "torch"],
    ]);
    expect(entriesOf(PINS, "pin")).toHaveLength(1);
  });

  it("refuse what is no name", () => {
    expect(() => findPin(PINS, "#lock:x")).toThrow(
      expect.objectContaining({ code: "NAME_INVALID" }),
    );
  });
});
