/** What is asked, told and kept when `.provenance.txt` is written. */
import { execFileSync } from "node:child_process";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { lineEndHint } from "../../../packages/cli/src/node/line-ends.ts";
import { locked, OCTO, OCTO_PIN, startSetting, uvLock, wheel } from "./support/project.ts";

const { index, lock, newFolder, run } = await startSetting();
const one = wheel("one", "1", OCTO);
const late = wheel("late", "2", OCTO);
for (const file of [one, late]) index.addFile(file);

const ONE = { name: "one", version: "1.0", files: [locked(one)] };
const LATE = { name: "late", version: "1.0", files: [locked(late)] };
const STRANGER = "https://github.com/some/other#repository-id=7&owner-id=7";

function pinsAt(folder: string): string {
  return join(folder, ".provenance.txt");
}

/** Another address of the index: each time that a page is asked for, something happens first. */
async function indexThat(happens: () => void): Promise<string> {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const accept = request.headers.accept ?? "";
    const page = await fetch(`${index.url}${request.url ?? ""}`, { headers: { accept } });
    const type = page.headers.get("content-type") ?? "";
    response.writeHead(page.status, { "content-type": type });
    response.end(Buffer.from(await page.arrayBuffer()));
  };
  const server = createServer((request, response) => {
    happens();
    void answer(request, response);
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple`;
}

describe("a line that somebody else writes meanwhile", () => {
  test.each([
    ["tofu", undefined],
    ["accept late", `late ${STRANGER}0\n`],
  ])("is not overwritten by %s, which says what to do", async (command, before) => {
    const folder = newFolder();
    if (before !== undefined) writeFileSync(pinsAt(folder), before);
    const url = await indexThat(() => writeFileSync(pinsAt(folder), `late ${STRANGER}\n`));
    writeFileSync(join(folder, "uv.lock"), uvLock(url, [LATE]));
    const parameters = ["--index", url, ...command.split(" ")];
    const { exitCode, stdout, stderr } = await run(folder, parameters);
    expect([exitCode, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(
      /PINS_CONFLICT: the line for "?late"?: expected .*, found .*some\/other/,
    );
    expect(stderr).toContain("what to do: Run the command again");
    expect(readFileSync(pinsAt(folder), "utf8")).toBe(`late ${STRANGER}\n`);
  });
});

test("what somebody else writes meanwhile, and would be written too, is said to be there", async () => {
  const folder = newFolder();
  const url = await indexThat(() => writeFileSync(pinsAt(folder), `late ${OCTO_PIN}\n`));
  writeFileSync(join(folder, "uv.lock"), uvLock(url, [LATE]));
  const { exitCode, stdout, stderr } = await run(folder, ["--index", url, "accept", "late"]);
  expect([exitCode, stdout]).toEqual([0, ""]);
  expect(stderr).toContain(".provenance.txt: nothing to write: all of it is there\n");
  expect(stderr).not.toContain("written");
});

describe("the credentials for an index", () => {
  test("are collected once for an acceptance", async () => {
    const folder = newFolder();
    lock(folder, [ONE]);
    writeFileSync(join(folder, "netrc"), "machine\n");
    const { exitCode, stderr } = await run(folder, ["accept", "one"], {
      NETRC: join(folder, "netrc"),
    });
    expect(exitCode).toBe(0);
    expect(stderr.match(/no credentials are taken from it/g)).toHaveLength(1);
  });
});

describe("a new .provenance.txt", () => {
  function repository(autocrlf: string, attributes?: string): string {
    const folder = newFolder();
    execFileSync("git", ["init", "--quiet"], { cwd: folder });
    execFileSync("git", ["config", "core.autocrlf", autocrlf], { cwd: folder });
    if (attributes !== undefined) writeFileSync(join(folder, ".gitattributes"), attributes);
    lock(folder, [ONE]);
    return folder;
  }
  const HINT = "add the line `.provenance.txt text eol=lf` to .gitattributes";
  const ATTRIBUTES = ".provenance.txt text eol=lf\n";

  test("comes with a hint where Git would give it carriage returns, once", async () => {
    const folder = repository("true");
    const first = await run(folder, ["tofu"]);
    expect(first).toMatchObject({ exitCode: 0, stderr: expect.stringContaining(HINT) as string });
    const second = await run(folder, ["tofu"]);
    expect(second.exitCode).toBe(0);
    expect(second.stderr).not.toContain(HINT);
  });

  test.each([
    ["where .gitattributes has the line", repository("true", ATTRIBUTES)],
    ["where Git changes nothing", repository("false")],
    ["outside of a repository", newFolder()],
  ])("comes without it %s", async (_where, folder) => {
    if (!existsSync(join(folder, "uv.lock"))) lock(folder, [ONE]);
    const { exitCode, stderr } = await run(folder, ["tofu"], {
      GIT_CEILING_DIRECTORIES: folder,
      GIT_CONFIG_NOSYSTEM: "1",
    });
    expect(exitCode).toBe(0);
    expect(stderr).not.toContain("hint");
  });

  test("comes with it on Windows, whatever the repository's own settings", async () => {
    const { signal } = new AbortController();
    const hint = (folder: string, platform: NodeJS.Platform): Promise<string | null> =>
      lineEndHint(pinsAt(folder), signal, platform);
    expect(await hint(repository("false"), "win32")).toContain(HINT);
    expect(await hint(repository("false"), "linux")).toBeNull();
    expect(await hint(repository("false", ATTRIBUTES), "win32")).toBeNull();
  });

  test("can be brought back with line feeds by what the error says", async () => {
    const folder = repository("true");
    const git = (...parameters: readonly string[]): void => {
      const settings = ["-c", "user.name=A", "-c", "user.email=a@example.org"];
      execFileSync("git", [...settings, ...parameters], { cwd: folder, stdio: "ignore" });
    };
    writeFileSync(pinsAt(folder), `one ${OCTO_PIN}\r\n`);
    git("add", ".");
    git("commit", "--message", "a");
    const { exitCode, stderr } = await run(folder, ["verify"]);
    expect(exitCode).toBe(2);
    const [attribute = "", renormalize = "", checkout = ""] = [
      ...stderr.matchAll(/`([^`]*\.provenance\.txt[^`]*)`/g),
    ].map(([, words]) => words);
    writeFileSync(join(folder, ".gitattributes"), `${attribute}\n`);
    git(...renormalize.split(" ").slice(1));
    execFileSync("rm", [pinsAt(folder)]);
    git(...checkout.split(" ").slice(1));
    expect((await run(folder, ["verify"])).exitCode).toBe(0);
  });
});
