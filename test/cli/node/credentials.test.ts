import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createIndexes } from "@pubpin/shared";
import { startLocalIndex } from "@pubpin/test-kit/node";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  type Authorization,
  collectCredentials,
  type CredentialSources,
} from "../../../packages/cli/src/node/credentials.ts";
import { createTransport } from "../../../packages/cli/src/node/http.ts";
import { temporaryFolder } from "./support/folder.ts";
import { refusalOf } from "./support/refusal.ts";

const INDEX = "https://index.example/team/simple";

/** Collects credentials in a folder of its own, with these files in it; its home is `home` in it. */
async function collect(
  env: Record<string, string>,
  files: Readonly<Record<string, string>> = {},
  more: Partial<CredentialSources> = {},
): Promise<Authorization> {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const onWarning = (message: string): void => {
    throw new Error(message);
  };
  return collectCredentials({ env, folder, home: folder, onWarning, ...more });
}

/** `user:password` that a URL would be asked with, or null. */
function login(authorization: Authorization, url: string): string | null {
  const header = authorization(url);
  return header === null ? null : Buffer.from(header.slice("Basic ".length), "base64").toString();
}

describe("an index gets the credentials", () => {
  const withLogin = INDEX.replace("://", "://me:s%40crét@");
  test.each<[string, Record<string, string>]>([
    ["UV_DEFAULT_INDEX", { UV_DEFAULT_INDEX: withLogin }],
    ["UV_INDEX, among others", { UV_INDEX: `https://a.example/ team=${withLogin}` }],
    ["UV_INDEX_URL", { UV_INDEX_URL: withLogin }],
    ["UV_EXTRA_INDEX_URL", { UV_EXTRA_INDEX_URL: ` ${withLogin}\n` }],
    ["PIP_INDEX_URL", { PIP_INDEX_URL: withLogin }],
    ["PIP_EXTRA_INDEX_URL", { PIP_EXTRA_INDEX_URL: `https://a.example ${withLogin}/` }],
  ])("of the URL in %s", async (_variable, env) => {
    const authorization = await collect(env);
    expect(login(authorization, INDEX)).toBe("me:s@crét");
    expect(login(authorization, "https://index.example/other/simple")).toBe("me:s@crét");
    expect(login(authorization, "https://other.example/team/simple")).toBeNull();
    expect(login(authorization, "http://index.example/team/simple")).toBeNull();
    expect(login(authorization, "https://index.example:8443/team/simple")).toBeNull();
  });

  test("of a lock's own URL before all others", async () => {
    const urls = [INDEX.replace("://", "://lock:one@")];
    const authorization = await collect({ PIP_INDEX_URL: withLogin }, {}, { urls });
    expect(login(authorization, INDEX)).toBe("lock:one");
  });

  const variables = { UV_INDEX_MY_TEAM_USERNAME: "me", UV_INDEX_MY_TEAM_PASSWORD: "secret" };
  test.each<[string, Record<string, string>, Record<string, string>]>([
    [
      "pyproject.toml",
      {},
      { "pyproject.toml": `[[tool.uv.index]]\nname = "my-team"\nurl = "${INDEX}"` },
    ],
    ["uv.toml", {}, { "uv.toml": `[[index]]\nname = "my.team"\nurl = "${INDEX}"` }],
    ["UV_INDEX", { UV_INDEX: `x=https://a.example my-team=${INDEX}` }, {}],
    ["UV_DEFAULT_INDEX", { UV_DEFAULT_INDEX: `My_Team=${INDEX}` }, {}],
  ])("of uv's variables by the name in %s", async (_where, env, files) => {
    const authorization = await collect({ ...variables, ...env }, files);
    expect(login(authorization, INDEX)).toBe("me:secret");
    expect(login(authorization, "https://other.example/simple")).toBeNull();
  });

  test("of uv.toml, which hides the settings of pyproject.toml", async () => {
    const named = (url: string, key: string): string =>
      `[[${key}]]\nname = "my-team"\nurl = "${url}"`;
    const authorization = await collect(variables, {
      "uv.toml": named("https://other.example/simple", "index"),
      "pyproject.toml": named(INDEX, "tool.uv.index"),
    });
    expect(login(authorization, INDEX)).toBeNull();
    expect(login(authorization, "https://other.example/simple")).toBe("me:secret");
  });

  test("of uv's variable with a password or user name alone", async () => {
    const env = { UV_INDEX: `a=https://a.example b=https://b.example` };
    const authorization = await collect({
      ...env,
      UV_INDEX_A_USERNAME: "me",
      UV_INDEX_B_PASSWORD: "s",
    });
    expect(login(authorization, "https://a.example")).toBe("me:");
    expect(login(authorization, "https://b.example/")).toBe(":s");
  });

  test("of its own path where an origin has several", async () => {
    const env = { PIP_EXTRA_INDEX_URL: "https://a:1@x.example/a https://b:2@x.example/b" };
    const authorization = await collect(env);
    expect(login(authorization, "https://x.example/a/")).toBe("a:1");
    expect(login(authorization, "https://x.example/b")).toBe("b:2");
    expect(login(authorization, "https://x.example/c")).toBeNull();
  });

  test("of netrc for its host, over https or to this machine alone", async () => {
    const hosts = ["index.example", "localhost", "127.0.0.1"];
    const netrc = hosts.map((host) => `machine ${host} login me password secret`).join("\n");
    const authorization = await collect({}, { ".netrc": netrc });
    expect(login(authorization, INDEX)).toBe("me:secret");
    expect(login(authorization, "https://index.example:8443/")).toBe("me:secret");
    expect(login(authorization, "http://localhost:3141/root/pypi")).toBe("me:secret");
    expect(login(authorization, "http://127.0.0.1:3141/")).toBe("me:secret");
    expect(login(authorization, "http://index.example/")).toBeNull();
    expect(login(authorization, "https://sub.index.example/")).toBeNull();
  });

  test("of nobody where there are none, or it is no URL", async () => {
    const authorization = await collect({});
    expect([login(authorization, INDEX), login(authorization, "./wheels")]).toEqual([null, null]);
  });
});

describe("credentials that cannot be read", () => {
  test.each<[string, Record<string, string>]>([
    ["PIP_INDEX_URL", { PIP_INDEX_URL: "https://me:secret@[/" }],
    ["UV_INDEX", { UV_INDEX: "https://me:%secret@index.example/" }],
  ])("in %s are an error that does not show them", async (variable, env) => {
    const refusal = await refusalOf(collect(env));
    expect(refusal.code).toBe("CREDENTIALS_INVALID");
    expect(refusal.message).toContain(variable);
    expect(refusal.message).not.toContain("secret");
  });

  test("by name, because the project's file is no TOML, are an error", async () => {
    const env = { UV_INDEX_A_PASSWORD: "secret" };
    const refusal = await refusalOf(collect(env, { "pyproject.toml": "[tool" }));
    expect(refusal).toMatchObject({
      code: "USAGE_INVALID",
      message: expect.stringContaining("pyproject.toml: expected TOML"),
    });
  });

  test("in netrc are a warning, and nobody gets any of them", async () => {
    const warnings: string[] = [];
    const onWarning = (message: string): void => void warnings.push(message);
    const files = { ".netrc": "machine index.example login me password secret nonsense" };
    const authorization = await collect({}, files, { onWarning });
    expect(login(authorization, INDEX)).toBeNull();
    expect(warnings).toEqual([
      expect.stringMatching(/\.netrc, line 1: (?!.*secret).*no credentials/),
    ]);
  });
});

test("an index that wants credentials gets them from the environment", async () => {
  const index = await startLocalIndex({ credentials: { user: "me", password: "secret" } });
  onTestFinished(() => index.close());
  const { fetch, close } = createTransport({ env: {} });
  onTestFinished(close);
  const ask = async (env: Record<string, string>): Promise<string> => {
    const indexes = createIndexes({ fetch, authorization: await collect(env) });
    return (await refusalOf(indexes.at(index.simpleUrl).project("absent"))).code;
  };
  expect(await ask({})).toBe("INDEX_REFUSED");
  const env = { UV_INDEX: `local=${index.simpleUrl}`, UV_INDEX_LOCAL_USERNAME: "me" };
  expect(await ask({ ...env, UV_INDEX_LOCAL_PASSWORD: "wrong" })).toBe("INDEX_REFUSED");
  expect(await ask({ ...env, UV_INDEX_LOCAL_PASSWORD: "secret" })).toBe("PROJECT_NOT_ON_INDEX");
});
