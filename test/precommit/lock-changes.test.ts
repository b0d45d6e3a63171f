/** What may change in a lock without the provenance file, and what may not. */
import { mintedFile, type MintedPackage, mintPins, mintUvLock } from "@pubpin/test-kit/node";
import { describe, expect, test } from "vitest";
import { hookSetting, verdict } from "./support/setting.ts";
import {
  BASE,
  BUMPED,
  GROWN,
  LATE_WHEEL,
  PINS,
  REFORMATTED,
  reviewed,
  withoutLine,
  WITHOUT_HASH,
} from "./support/states.ts";

const { startedWith } = hookSetting();
const MISMATCH = ["LOCK_DIGEST_MISMATCH .provenance.txt"];
const COMMITS = ["1", "2"].map((digit) => digit.repeat(40));

function fromGit(commit: string): MintedPackage {
  return { name: "tool", source: `{ git = "https://github.com/octo/tool.git?tag=v1#${commit}" }` };
}

function withProject(version: string): string {
  return mintUvLock([
    { name: "app", version, source: '{ editable = "." }' },
    { name: "alpha" },
    { name: "beta" },
  ]);
}

const ANOTHER_HASH = mintUvLock([
  { name: "alpha", files: [{ ...mintedFile("alpha"), sha256: "0".repeat(64) }] },
  { name: "beta" },
]);
const ANOTHER_INDEX = mintUvLock([
  {
    name: "alpha",
    source: '{ registry = "https://index.example/simple" }',
    files: [mintedFile("alpha")],
  },
  { name: "beta" },
]);

/** Changes of substance: name, before, after. */
const SUBSTANCE: readonly (readonly [string, string, string])[] = [
  ["a version bump by the same publisher", BASE, BUMPED],
  ["a package that is added", BASE, GROWN],
  ["a package that is removed", GROWN, BASE],
  ["a wheel that was uploaded later, at the same version", BASE, LATE_WHEEL],
  ["a file that is gone, at the same version", LATE_WHEEL, BASE],
  ["another hash of the same file", BASE, ANOTHER_HASH],
  ["another commit of a repository", ...repositoryBump()],
  ["a downgrade", BUMPED, BASE],
];

function repositoryBump(): readonly [string, string] {
  const [before = "", after = ""] = COMMITS;
  return [mintUvLock([fromGit(before)]), mintUvLock([fromGit(after)])];
}

describe.concurrent.each(SUBSTANCE)("%s", (_, before, after) => {
  test("is refused without the provenance file", async () => {
    const repository = await startedWith(await reviewed(before));
    expect(verdict(await repository.commit({ "uv.lock": after }))).toContain(MISMATCH[0]);
  });

  test("is accepted with it", async () => {
    const files = await reviewed(before);
    const repository = await startedWith(files);
    const pins = await mintPins({ "uv.lock": after }, { before: files[PINS] ?? "" });
    expect(verdict(await repository.commit({ "uv.lock": after, [PINS]: pins }))).toBe("accepted");
  });
});

describe.concurrent("a lock that is written again", () => {
  test("is accepted as it is where nothing that is installed changed", async () => {
    const repository = await startedWith(await reviewed(BASE));
    expect(verdict(await repository.commit({ "uv.lock": REFORMATTED }))).toBe("accepted");
  });

  test("is accepted as it is where only the project's own version moved", async () => {
    const repository = await startedWith(await reviewed(withProject("1.0")));
    expect(verdict(await repository.commit({ "uv.lock": withProject("1.1") }))).toBe("accepted");
  });

  test("is refused where the lock's bytes are recorded, and any of them changed", async () => {
    const files = {
      ...(await reviewed(BASE)),
      "pyproject.toml": '[tool.pubpin]\nbinding = "bytes"\n',
    };
    const pins = await recordingBytes(BASE);
    const repository = await startedWith({ ...files, [PINS]: pins });
    const end = await repository.commit({ "uv.lock": REFORMATTED });
    expect(verdict(end)).toEqual(MISMATCH);
  });

  test("is accepted where the lock's bytes are recorded, and are recorded anew", async () => {
    const files = {
      ...(await reviewed(BASE)),
      "pyproject.toml": '[tool.pubpin]\nbinding = "bytes"\n',
    };
    const repository = await startedWith({ ...files, [PINS]: await recordingBytes(BASE) });
    const pins = await recordingBytes(REFORMATTED);
    const end = await repository.commit({ "uv.lock": REFORMATTED, [PINS]: pins });
    expect(verdict(end)).toBe("accepted");
  });

  test("is not deleted while the line of its bytes stays", async () => {
    const repository = await startedWith({ "uv.lock": BASE, [PINS]: await recordingBytes(BASE) });
    expect(verdict(await repository.commit({ "uv.lock": null }))).toEqual(["LOCK_LOST uv.lock"]);
  });

  test("needs its bytes recorded where the configuration asks for it", async () => {
    const repository = await startedWith({
      ...(await reviewed(BASE)),
      "package.json": '{"pubpin": {"binding": "bytes"}}\n',
    });
    expect(verdict(await repository.commit(await reviewed(BUMPED)))).toEqual([
      "LOCK_NOT_RECORDED uv.lock",
    ]);
  });
});

/** The provenance file that binds a lock by its bytes. */
async function recordingBytes(lock: string): Promise<string> {
  const sha256 = Buffer.from(
    await crypto.subtle.digest("SHA-256", new TextEncoder().encode(lock)),
  ).toString("hex");
  const { [PINS]: before = "" } = await reviewed(lock, {
    entries: [{ kind: "lock-bytes", path: "uv.lock", sha256 }],
  });
  return withoutLine(before, "#lock:uv.lock");
}

describe.concurrent("what the pins forbid", () => {
  test("is refused also with a fitting digest: another index", async () => {
    const files = await reviewed(BASE);
    const repository = await startedWith(files);
    const pins = await digestOnly(ANOTHER_INDEX, files[PINS]);
    const end = await repository.commit({ "uv.lock": ANOTHER_INDEX, [PINS]: pins });
    expect(verdict(end)).toEqual(["INDEX_CHANGED uv.lock"]);
  });

  test("is refused also with a fitting digest: another repository", async () => {
    const [commit = ""] = COMMITS;
    const files = await reviewed(mintUvLock([fromGit(commit)]));
    const repository = await startedWith(files);
    const lock = mintUvLock([fromGit(commit)]).replace("octo/tool", "mallory/tool");
    const pins = await digestOnly(lock, files[PINS]);
    const end = await repository.commit({ "uv.lock": lock, [PINS]: pins });
    expect(verdict(end)).toEqual(["SOURCE_CHANGED uv.lock"]);
  });

  test("is refused also with a fitting digest: a pinned package from a repository", async () => {
    const files = await reviewed(BASE);
    const repository = await startedWith(files);
    const [commit = ""] = COMMITS;
    const lock = mintUvLock([{ ...fromGit(commit), name: "alpha" }, { name: "beta" }]);
    const pins = await digestOnly(lock, files[PINS]);
    const end = await repository.commit({ "uv.lock": lock, [PINS]: pins });
    expect(verdict(end)).toEqual(["SOURCE_CHANGED uv.lock"]);
  });

  test("is refused also with a fitting digest: other bytes of a pinned file", async () => {
    const { filename, sha256 } = mintedFile("alpha");
    const files = await reviewed(BASE, {
      entries: [{ kind: "file", filename, sha256: sha256 ?? "" }],
    });
    const repository = await startedWith(files);
    const pins = await digestOnly(ANOTHER_HASH, files[PINS]);
    const end = await repository.commit({ "uv.lock": ANOTHER_HASH, [PINS]: pins });
    expect(verdict(end)).toEqual(["FILE_CHANGED uv.lock"]);
  });

  test("is refused also with a fitting digest: a file of another project", async () => {
    const files = await reviewed(BASE);
    const repository = await startedWith(files);
    const lock = mintUvLock([{ name: "alpha", files: [mintedFile("evil")] }, { name: "beta" }]);
    const pins = await digestOnly(lock, files[PINS]);
    const end = await repository.commit({ "uv.lock": lock, [PINS]: pins });
    expect(verdict(end)).toEqual(["FILE_MISMATCH uv.lock"]);
  });

  test("is refused also with a fitting digest: a package without a line", async () => {
    const files = await reviewed(BASE);
    const repository = await startedWith(files);
    const pins = withoutLine(await digestOnly(GROWN, files[PINS]), "gamma");
    const end = await repository.commit({ "uv.lock": GROWN, [PINS]: pins });
    expect(verdict(end)).toEqual(["PACKAGE_NOT_RECORDED uv.lock"]);
    expect(end.stderr).toContain("gamma");
  });

  test("is not the hook's to judge where it needs the index", async () => {
    const files = await reviewed(BASE, { line: "unsigned" });
    const repository = await startedWith(files);
    const after = await mintPins({ "uv.lock": BUMPED }, { before: files[PINS] ?? "" });
    const end = await repository.commit({ "uv.lock": BUMPED, [PINS]: after });
    expect(verdict(end)).toBe("accepted");
  });
});

/** The text with the digest of another lock, and lines for packages that are new. */
async function digestOnly(lock: string, before: string = ""): Promise<string> {
  const after = await mintPins({ "uv.lock": lock }, { before });
  return after.replaceAll(/^#index:.*\n/gm, "");
}

describe.concurrent("a lock without hashes", () => {
  test("is refused as it is", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const end = await repository.commit({ "uv.lock": WITHOUT_HASH });
    expect(verdict(end)).toContain("HASH_UNUSABLE uv.lock");
  });

  test("is refused also with its digest", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const end = await repository.commit(await reviewed(WITHOUT_HASH));
    expect(verdict(end)).toEqual(["HASH_UNUSABLE uv.lock"]);
  });

  const hashed = `alpha==1.0 --hash=sha256:${"a".repeat(64)}\n`;

  test("is refused as requirements file, which is no lock any more", async () => {
    const pins = await mintPins({ "requirements.txt": hashed });
    const repository = await startedWith({ "requirements.txt": hashed, [PINS]: pins });
    const end = await repository.commit({ "requirements.txt": "alpha==1.0\n" });
    expect(verdict(end)).not.toBe("accepted");
    expect(verdict(end).toString()).toContain("requirements.txt");
  });

  test("is refused as requirements file also where its line goes with the hashes", async () => {
    const pins = await mintPins({ "requirements.txt": hashed });
    const repository = await startedWith({ "requirements.txt": hashed, [PINS]: pins });
    const end = await repository.commit({
      "requirements.txt": "alpha==1.0\n",
      [PINS]: withoutLine(pins, "#lock:requirements.txt"),
    });
    expect(verdict(end)).toEqual(["LOCK_LOST requirements.txt"]);
  });

  test("never was one as requirements file", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const end = await repository.commit({ "requirements.txt": "alpha==1.0\n" });
    expect(verdict(end)).toBe("accepted");
  });
});

describe.concurrent("a requirements file that includes another", () => {
  const hashed = (name: string, digit: string): string =>
    `${name}==1.0 --hash=sha256:${digit.repeat(64)}\n`;
  const locks = {
    "requirements.txt": `-r base.txt\n${hashed("alpha", "a")}`,
    "base.txt": hashed("beta", "b"),
  };

  test("is refused while that one is not recorded", async () => {
    const repository = await startedWith({ "README.md": "hello\n" });
    const { "requirements.txt": including } = locks;
    const pins = await mintPins({ "requirements.txt": including });
    const end = await repository.commit({ ...locks, [PINS]: pins });
    expect(verdict(end)).toEqual(["LOCK_NOT_RECORDED requirements.txt"]);
    expect(end.stderr).toContain("base.txt");
  });

  test("is accepted with it, which is checked from then on, whatever its name", async () => {
    const repository = await startedWith({ "README.md": "hello\n" });
    const end = await repository.commit({ ...locks, [PINS]: await mintPins(locks) });
    expect(verdict(end)).toBe("accepted");
    const changed = await repository.commit({ "base.txt": hashed("beta", "c") });
    expect(verdict(changed)).toEqual(MISMATCH);
  });

  test("is refused where the other one loses its hashes", async () => {
    const repository = await startedWith({ ...locks, [PINS]: await mintPins(locks) });
    const end = await repository.commit({ "base.txt": "beta==1.0\n" });
    expect(verdict(end)).toEqual(["LOCK_LOST base.txt"]);
  });
});

describe.concurrent("a lock that cannot be read", () => {
  const CONFLICT = BASE.replace(
    'version = "1.0"',
    '<<<<<<< HEAD\nversion = "1.0"\n=======\nversion = "2.0"\n>>>>>>> other',
  );

  test("is refused with conflict markers, and the line is named", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const end = await repository.commit({ "uv.lock": CONFLICT });
    expect(verdict(end)).toEqual(["LOCK_INVALID uv.lock"]);
    expect(end.stderr).toContain("uv.lock:7");
  });

  test.each([
    ["is not what its name says", "hello\n"],
    ["ends within a table", BASE.slice(0, -20)],
    ["is not UTF-8", Buffer.from([0x76, 0xff, 0xfe])],
  ])("is refused where it %s", async (_, text) => {
    const repository = await startedWith(await reviewed(BASE));
    const end = await repository.commit({ "uv.lock": text });
    expect(verdict(end)).toEqual(["LOCK_INVALID uv.lock"]);
  });

  test("is refused where it is of a version that nobody knows", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const end = await repository.commit({ "uv.lock": BASE.replace("version = 1", "version = 99") });
    expect(verdict(end)).toEqual(["LOCK_UNSUPPORTED uv.lock"]);
  });

  test("is refused also where its bytes are recorded", async () => {
    const repository = await startedWith({
      ...(await reviewed(BASE)),
      "pyproject.toml": '[tool.pubpin]\nbinding = "bytes"\n',
      [PINS]: await recordingBytes(BASE),
    });
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(CONFLICT));
    const hex = Buffer.from(digest).toString("hex");
    const pins = (await recordingBytes(BASE)).replace(/sha256:[0-9a-f]{64}/, `sha256:${hex}`);
    const end = await repository.commit({ "uv.lock": CONFLICT, [PINS]: pins });
    expect(verdict(end)).toEqual(["LOCK_INVALID uv.lock"]);
  });

  test("can be repaired", async () => {
    const repository = await startedWith({ ...(await reviewed(BASE)), "uv.lock": "hello\n" });
    expect(verdict(await repository.commit(await reviewed(BUMPED)))).toBe("accepted");
  });
});
