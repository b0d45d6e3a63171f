/** `pubpin index`: the guarding index as a service, run as a process of its own. */
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Ended, type Running, startPubpin } from "../command/support/command.ts";
import { startSetting as startProject } from "../command/support/project.ts";
import { addWheel, JSON_PAGE, MALLORY, OCTO, OCTO_PIN, roomsIn } from "./support/guard.ts";

const PATIENCE = 60_000;
const { index: upstream, newFolder, sigstore } = await startProject();
const root = join(newFolder(), "trusted_root.json");
writeFileSync(root, await sigstore.trustedRootJson());

const wheel = addWheel(upstream, "foo", OCTO);
const evil = addWheel(upstream, "evil", MALLORY);

/** A service that listens. */
interface Service {
  readonly variables: Readonly<Record<string, string>>;
  readonly base: string;
  readonly temporary: string;
  /** Asks it to end, and tells how it did. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<Ended>;
}

function launch(
  parameters: readonly string[],
  env: NodeJS.ProcessEnv = {},
): { readonly running: Running; readonly temporary: string } {
  const folder = newFolder();
  const temporary = newFolder();
  writeFileSync(join(folder, ".provenance.txt"), `evil ${OCTO_PIN}\nfoo ${OCTO_PIN}\n`);
  writeFileSync(join(folder, "token"), "a-token-from-a-file\n");
  const common = ["--trusted-root", root, "--index", upstream.simpleUrl];
  const running = startPubpin(folder, [...common, ...parameters], { TMPDIR: temporary, ...env });
  return { running, temporary };
}

async function serve(
  parameters: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<Service> {
  const { running, temporary } = launch(["index", ...parameters], env);
  const { child, ended } = running;
  const [printed] = (await Promise.race([
    once(child.stdout ?? process.stdin, "data"),
    ended.then(({ stderr }) => Promise.reject(new Error(stderr))),
  ])) as [Buffer];
  const variables = Object.fromEntries(
    printed
      .toString()
      .trim()
      .split("\n")
      .map((line) => line.split(/=(.*)/) as [string, string]),
  );
  return {
    variables,
    base: variables["UV_DEFAULT_INDEX"]?.replace(/\/\d\/simple$/, "") ?? "",
    temporary,
    stop: async (signal = "SIGTERM") => {
      child.kill(signal);
      return ended;
    },
  };
}

/** Asks for the one file of a project. */
async function fileOf(service: Service, name: string): Promise<number> {
  const page = `${service.base}/0/simple/${name}/`;
  const response = await fetch(page, { headers: { accept: JSON_PAGE } });
  const { files } = (await response.json()) as { readonly files: { readonly url: string }[] };
  return (await fetch(new URL(files[0]?.url ?? "", page))).status;
}

describe("pubpin index", () => {
  test(
    "serves, says how to use it, logs each decision, and ends without leaving anything",
    async () => {
      const service = await serve();
      expect(service.variables).toEqual({
        UV_DEFAULT_INDEX: `${service.base}/0/simple`,
        UV_HTTP_TIMEOUT: "600",
        PIP_INDEX_URL: `${service.base}/0/simple`,
        PIP_DEFAULT_TIMEOUT: "600",
      });
      expect((await fetch(`${service.base}/health`)).status).toBe(200);
      expect((await fetch(`${service.base}/metrics`)).status).toBe(404);
      expect(await fileOf(service, "foo")).toBe(200);
      expect(await fileOf(service, "evil")).toBe(403);
      const { exitCode, stderr } = await service.stop();
      expect(exitCode).toBe(0);
      const log = stderr.split("\n").filter((line) => /^\d{4}-/.test(line));
      expect(log).toEqual([
        expect.stringMatching(`served PUBLISHER_MATCH ${wheel.filename}: published by https`),
        expect.stringMatching(`refused PUBLISHER_CHANGED ${evil.filename}: expected https`),
      ]);
      expect(roomsIn(service)).toEqual([]);
    },
    PATIENCE,
  );

  test(
    "has figures for Prometheus, and a log in JSON, and several indexes",
    async () => {
      const extra = upstream.simpleUrl.replace("127.0.0.1", "localhost");
      const more = ["--metrics", "--format", "json", "--extra-index", extra];
      const service = await serve([...more, "--file", ".provenance.txt"]);
      expect(service.variables).toMatchObject({
        UV_DEFAULT_INDEX: `${service.base}/1/simple`,
        UV_INDEX: `${service.base}/0/simple`,
        PIP_EXTRA_INDEX_URL: `${service.base}/0/simple`,
      });
      const page = `${service.base}/1/simple/evil/`;
      const response = await fetch(page, { headers: { accept: JSON_PAGE } });
      const { files } = (await response.json()) as { readonly files: { readonly url: string }[] };
      await fetch(new URL(files[0]?.url ?? "", page));
      const figures = await (await fetch(`${service.base}/metrics`)).text();
      expect(figures).toContain('pubpin_files_total{code="PUBLISHER_CHANGED",verdict="fail"} 1\n');
      expect(figures).toMatch(/^pubpin_pages_total 1$/m);
      expect(figures).toMatch(/^pubpin_upstream_requests_total\{status="200"\} \d+$/m);
      expect(figures).toMatch(/^pubpin_upstream_seconds_total 0\.\d+$/m);
      const { stderr } = await service.stop("SIGINT");
      const line = stderr.split("\n").find((each) => each.startsWith("{")) ?? "{}";
      expect(JSON.parse(line)).toMatchObject({
        event: "refused",
        code: "PUBLISHER_CHANGED",
        name: "evil",
        version: "1.0",
        file: evil.filename,
        sha256: evil.sha256,
        index: upstream.simpleUrl,
      });
    },
    PATIENCE,
  );

  test(
    "takes its token from a file, or from the environment",
    async () => {
      const fromFile = await serve(["--token-file", "token"]);
      expect(new URL(fromFile.base).pathname).toBe("/a-token-from-a-file");
      await fromFile.stop();
      const token = "a-token-from-the-environment";
      const fromEnvironment = await serve([], { PUBPIN_INDEX_TOKEN: token });
      expect(new URL(fromEnvironment.base).pathname).toBe(`/${token}`);
      await fromEnvironment.stop();
    },
    PATIENCE,
  );

  test(
    "says what another address than this machine's own means",
    async () => {
      const service = await serve(["--host", "0.0.0.0"]);
      const { stderr } = await service.stop();
      expect(stderr).toContain("0.0.0.0: others can reach this index");
    },
    PATIENCE,
  );

  test.each([
    [["--port", "70000"], "--port: expected a number from 0 to 65535"],
    [["--token-file", "nothing"], "--token-file nothing: there is no such file"],
    [["--file", "nothing"], "--file nothing: expected pins"],
    [["--format", "html"], "--format: index has text and json"],
  ] as const)("does not start with %j", async (parameters, reason) => {
    const { exitCode, stdout, stderr } = await launch(["index", ...parameters]).running.ended;
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(reason);
  });
});
