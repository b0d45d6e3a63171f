import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { embeddedTrustedRootJson, type IndexStore } from "@pubpin/shared";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { createTransport } from "../../../packages/cli/src/node/http.ts";
import { createMemoryStore } from "../../../packages/cli/src/node/memory-cache.ts";
import {
  type LoadedTrustRoot,
  loadTrustRoot,
  refreshAgain,
  type TrustRootOptions,
} from "../../../packages/cli/src/node/trust-root.ts";
import { sigstoreRepository } from "../../../packages/cli/src/node/tuf.ts";
import { temporaryFolder } from "./support/folder.ts";
import { refusalOf } from "./support/refusal.ts";
import { deadPort, startServer, type TestServer } from "./support/servers.ts";
import {
  createTufPublisher,
  type TufContent,
  type TufFiles,
  type TufRole,
} from "./support/tuf-repository.ts";

/** A trust root other than the embedded one: an older one, with one log less. */
const TARGET = other(embeddedTrustedRootJson());

interface Mirror {
  readonly server: TestServer;
  readonly options: TrustRootOptions;
  readonly publish: (content: Partial<TufContent>) => void;
  /** Puts something else in the place of a file, or a status, for one answer or for all. */
  readonly replace: (path: string, by: Uint8Array | number, isOnce?: boolean) => void;
}

async function startMirror(more: Partial<TrustRootOptions> = {}): Promise<Mirror> {
  const publisher = createTufPublisher();
  let files: TufFiles = publisher.publish({ target: TARGET });
  const replaced = new Map<string, Uint8Array | number>();
  const once = new Set<string>();
  const server = await startServer(({ url = "" }, response) => {
    const by = replaced.get(url);
    if (once.delete(url)) replaced.delete(url);
    const body = by ?? files.get(url);
    if (typeof by === "number") response.writeHead(by).end();
    else if (body === undefined) response.writeHead(404).end();
    else response.end(body);
  });
  const { fetch, close } = createTransport({ env: {} });
  onTestFinished(close);
  const repository = { url: server.url, rootJson: publisher.rootJson };
  return {
    server,
    options: { offline: false, fetch, store: createMemoryStore(), repository, ...more },
    publish: (content) => {
      files = publisher.publish({ target: TARGET, ...content });
    },
    replace: (path, by, isOnce = false) => {
      replaced.set(path, by);
      if (isOnce) once.add(path);
    },
  };
}

function other(json: Uint8Array): Uint8Array<ArrayBuffer> {
  const root = JSON.parse(Buffer.from(json).toString()) as { tlogs: unknown[] };
  return new TextEncoder().encode(JSON.stringify({ ...root, tlogs: root.tlogs.slice(0, 1) }));
}

function summary({ origin, json, root, newestStart, notRefreshed }: LoadedTrustRoot): object {
  return {
    origin,
    isEmbedded: Buffer.from(json).equals(embeddedTrustedRootJson()),
    isConsistent: newestStart.getTime() === root.newestStart,
    notRefreshed,
  };
}

const EMBEDDED = { origin: "embedded", isEmbedded: true, isConsistent: true };
const REFRESHED = {
  origin: "refreshed",
  isEmbedded: false,
  isConsistent: true,
  notRefreshed: null,
};

describe("the trust root is", () => {
  test("the one of the TUF repository, and is as it was signed", async () => {
    const { options, server } = await startMirror();
    const loaded = await loadTrustRoot(options);
    expect(summary(loaded)).toEqual(REFRESHED);
    expect(Buffer.from(loaded.json).equals(TARGET)).toBe(true);
    expect(loaded.root.logs.size).toBe(1);
    expect(server.asked.slice(0, 3)).toEqual([
      "GET /2.root.json",
      "GET /3.root.json",
      "GET /timestamp.json",
    ]);
    expect(await refreshAgain(loaded, options)).toBeNull();
  });

  test("asked for anew in each run, but not what is kept already", async () => {
    const { options, server, publish } = await startMirror();
    await loadTrustRoot(options);
    server.asked.length = 0;
    expect(summary(await loadTrustRoot(options))).toEqual(REFRESHED);
    expect(server.asked).toEqual(["GET /2.root.json", "GET /3.root.json", "GET /timestamp.json"]);
    publish({ version: 2, target: other(TARGET) });
    server.asked.length = 0;
    const { json } = await loadTrustRoot(options);
    expect(Buffer.from(json).equals(other(TARGET))).toBe(true);
    expect(server.asked).toContain("GET /2.snapshot.json");
  });

  test("the embedded one when offline, and nothing is asked", async () => {
    const { options, server } = await startMirror({ offline: true });
    const loaded = await loadTrustRoot(options);
    expect(summary(loaded)).toEqual({ ...EMBEDDED, notRefreshed: null });
    expect(server.asked).toEqual([]);
    expect(await refreshAgain(loaded, options)).toBeNull();
  });

  test("the given one before all others, and nothing is asked", async () => {
    const { options, server } = await startMirror();
    const file = join(temporaryFolder(), "root.json");
    writeFileSync(file, TARGET);
    expect(summary(await loadTrustRoot({ ...options, file }))).toEqual({
      ...REFRESHED,
      origin: "given",
    });
    expect(server.asked).toEqual([]);
  });
});

describe("the embedded one is taken, and it is said why, where the repository", () => {
  test("cannot be reached", async () => {
    const { options } = await startMirror();
    const url = `http://127.0.0.1:${await deadPort()}`;
    const repository = { url, rootJson: options.repository?.rootJson ?? new Uint8Array() };
    const loaded = await loadTrustRoot({ ...options, repository });
    expect(summary(loaded)).toEqual({
      ...EMBEDDED,
      notRefreshed: expect.stringMatching(/^http:.*2\.root\.json: .*refuses connections$/),
    });
    expect(await refreshAgain(loaded, { ...options, repository })).toBeNull();
    expect((await refreshAgain(loaded, options))?.logs.size).toBe(1);
  });

  test.each([
    ["/2.root.json", 500],
    ["/timestamp.json", 404],
    ["/timestamp.json", 403],
    ["/timestamp.json", 503],
    ["/1.snapshot.json", 404],
    ["/1.snapshot.json", 502],
    ["/1.targets.json", 404],
  ])("answers for %s with status %i", async (path, status) => {
    const { options, replace } = await startMirror();
    replace(path, status);
    expect(summary(await loadTrustRoot(options))).toEqual({
      ...EMBEDDED,
      notRefreshed: expect.stringContaining(`status ${status}`),
    });
  });

  test("does not give the target", async () => {
    const { options, server, replace } = await startMirror();
    await loadTrustRoot(options);
    const target =
      server.asked.find((each) => each.includes("/targets/"))?.slice("GET ".length) ?? "";
    replace(target, 404);
    expect(summary(await loadTrustRoot({ ...options, store: createMemoryStore() }))).toEqual({
      ...EMBEDDED,
      notRefreshed: expect.stringContaining("status 404"),
    });
  });

  test("takes too long", async () => {
    const server = await startServer(() => undefined);
    const { options } = await startMirror();
    const repository = {
      url: server.url,
      rootJson: options.repository?.rootJson ?? new Uint8Array(),
    };
    expect(summary(await loadTrustRoot({ ...options, repository, timeoutMs: 300 }))).toEqual({
      ...EMBEDDED,
      notRefreshed: expect.stringContaining("no answer in time"),
    });
  });
});

test("a repository that fails once is asked again", async () => {
  const { options, server, replace } = await startMirror();
  replace("/timestamp.json", 503, true);
  expect(summary(await loadTrustRoot(options))).toEqual(REFRESHED);
  expect(server.asked.filter((each) => each === "GET /timestamp.json")).toHaveLength(2);
});

describe("no trust root is taken, not even the embedded one, where", () => {
  test.each<[string, Partial<TufContent>]>([
    ...(["root", "timestamp", "snapshot", "targets"] satisfies TufRole[]).flatMap(
      (role): [string, Partial<TufContent>][] => [
        [`somebody else signed the ${role}`, { forged: [role] }],
        [`the ${role} has expired`, { expired: [role] }],
      ],
    ),
    ["there is no such target", { target: null }],
    ["the target is no trust root", { target: Buffer.from("{}") }],
  ])("%s", async (_what, content) => {
    const { options, publish } = await startMirror();
    publish(content);
    expect((await refusalOf(loadTrustRoot(options))).code).toBe("TRUST_ROOT_INVALID");
  });

  test.each([
    ["the timestamp is a web page", "/timestamp.json", Buffer.from("<!doctype html>")],
    ["the snapshot is too large", "/1.snapshot.json", Buffer.alloc(2_000_001, " ")],
    ["the targets are cut off", "/1.targets.json", Buffer.from("{")],
  ])("%s", async (_what, path, by) => {
    const { options, replace } = await startMirror();
    replace(path, by);
    expect((await refusalOf(loadTrustRoot(options))).code).toBe("TRUST_ROOT_INVALID");
  });

  test("the target is not the one that was signed", async () => {
    const { options, server, replace } = await startMirror();
    await loadTrustRoot(options);
    const target =
      server.asked.find((each) => each.includes("/targets/"))?.slice("GET ".length) ?? "";
    replace(target, TARGET.toReversed());
    const again = loadTrustRoot({ ...options, store: createMemoryStore() });
    expect((await refusalOf(again)).code).toBe("TRUST_ROOT_INVALID");
  });

  test("the repository went back to an older state", async () => {
    const { options, publish } = await startMirror();
    publish({ version: 5 });
    await loadTrustRoot(options);
    publish({ version: 4 });
    expect(await refusalOf(loadTrustRoot(options))).toMatchObject({
      code: "TRUST_ROOT_INVALID",
      message: expect.stringContaining("less than current version 5"),
    });
  });

  test.each([
    ["is no trust root", "{}", "TRUST_ROOT_INVALID"],
    ["is no JSON", "nonsense", "TRUST_ROOT_INVALID"],
    ["is too large", " ".repeat(1024 * 1024 + 1), "LIMIT_EXCEEDED"],
    ["is not there", null, "FILE_UNREADABLE"],
  ])("the given file %s", async (_what, content, code) => {
    const { options } = await startMirror();
    const file = join(temporaryFolder(), "root.json");
    if (content !== null) writeFileSync(file, content);
    expect((await refusalOf(loadTrustRoot({ ...options, file }))).code).toBe(code);
  });
});

describe("what is kept between runs", () => {
  const KEPT = ["timestamp.json", "snapshot.json", "targets.json", "targets/trusted_root.json"];

  test("is no reason to trust anything else, nor to fail", async () => {
    const { options, server } = await startMirror();
    const store: IndexStore = {
      get: async (key) => new TextEncoder().encode(key.includes("root") ? "{}" : "nonsense"),
      put: async () => undefined,
    };
    expect(summary(await loadTrustRoot({ ...options, store }))).toEqual(REFRESHED);
    expect(server.asked).toContain("GET /timestamp.json");
  });

  test("does not hold the root metadata, which every run takes from the program", async () => {
    const { options } = await startMirror();
    const keys: string[] = [];
    const store: IndexStore = {
      get: async () => null,
      put: async (key) => void keys.push(key),
    };
    await loadTrustRoot({ ...options, store });
    expect(keys).toEqual(KEPT.map((name) => `tuf ${options.repository?.url} ${name}`));
  });

  test("leaves nothing in the folder for temporary files", async () => {
    const { options } = await startMirror();
    const folder = temporaryFolder();
    for (const name of ["TMPDIR", "TEMP", "TMP"]) vi.stubEnv(name, folder);
    onTestFinished(() => void vi.unstubAllEnvs());
    await loadTrustRoot(options);
    expect(readdirSync(folder)).toEqual([]);
  });
});

test("a cancelled run ends with the signal's reason", async () => {
  const server = await startServer(() => undefined);
  const { options } = await startMirror();
  const repository = {
    url: server.url,
    rootJson: options.repository?.rootJson ?? new Uint8Array(),
  };
  const reason = new Error("enough");
  const controller = new AbortController();
  setTimeout(() => controller.abort(reason), 100);
  const asked = loadTrustRoot({ ...options, repository, signal: controller.signal });
  await expect(asked).rejects.toBe(reason);
});

test("Sigstore's repository is known with its root metadata", async () => {
  const { url, rootJson } = await sigstoreRepository();
  expect(url).toMatch(/^https:\/\/[^/]+$/);
  const root = JSON.parse(Buffer.from(rootJson).toString()) as {
    readonly signed: { readonly _type: string };
  };
  expect(root.signed._type).toBe("root");
});
