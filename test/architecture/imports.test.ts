import { describe, expect, test } from "vitest";
import { importViolations } from "./import-rules.ts";
import { ROOMS } from "./import-table.ts";
import { allSources, packageDependencies, packageSources } from "./sources.ts";
import { lookAwayComments, styleViolations } from "./style-rules.ts";

const SHARED = "packages/shared/src";
const GUARD = "packages/micropip-guard/src";
const HOOK = "packages/precommit/src";
const CLI = "packages/cli/src";
const DEPENDENCIES = { "packages/shared": ["smol-toml"], "packages/cli": ["sigstore"] };

/** The rules that a file with this text at this path breaks. */
function rulesBrokenBy(path: string, text: string): readonly string[] {
  const source = { path, text };
  const violations = [...importViolations(source, DEPENDENCIES), ...styleViolations(source)];
  return violations.map(({ rule }) => rule);
}

describe("the packages' sources", async () => {
  const sources = await packageSources();
  const dependencies = await packageDependencies();

  test("are found", () => {
    expect(sources.map(({ path }) => path)).toContain(`${SHARED}/bytes/crypto.ts`);
  });

  test("import only what the table allows", () => {
    expect(sources.flatMap((source) => importViolations(source, dependencies))).toEqual([]);
  });

  test("keep the rules of style that can be seen in one file", () => {
    expect(sources.flatMap(styleViolations)).toEqual([]);
  });
});

test("no comment in the repository makes a tool look away", async () => {
  expect((await allSources()).flatMap(lookAwayComments)).toEqual([]);
});

describe("the import table", () => {
  test("names only rooms that it has itself", () => {
    const named = new Set(Object.values(ROOMS).flat());
    expect([...named].filter((room) => !(room in ROOMS))).toEqual([]);
  });

  const forbidden = Object.keys(ROOMS).flatMap((from) =>
    Object.keys(ROOMS)
      .filter((to) => to !== from && !(ROOMS[from] ?? []).includes(to))
      .map((to) => [from, to] as const),
  );
  test.each(forbidden)("a planted import from %s of %s is found", (from, to) => {
    const found = rulesBrokenBy(`${SHARED}/${from}/a.ts`, `import { b } from "../${to}/b.ts";`);
    expect(found).toEqual(["room-import"]);
  });
});

describe("a planted violation is found:", () => {
  test.each([
    ["import type", `${SHARED}/x509/a.ts`, `import type { A } from "../sigstore/a.ts";`],
    ["import for effect", `${SHARED}/x509/a.ts`, `import "../sigstore/a.ts";`],
    ["export from", `${SHARED}/index.ts`, `export { a } from "./nowhere/a.ts";`],
    ["dynamic import", `${SHARED}/pins/a.ts`, `const a = await import("../lock/a.ts");`],
    ["dynamic import of a template", `${SHARED}/pins/a.ts`, "await import(`../lock/a.ts`);"],
    ["import type expression", `${SHARED}/lock/a.ts`, `type A = import("../pins/a.ts").A;`],
    ["from a folder without a rule", `${SHARED}/attic/a.ts`, `import { b } from "../bytes/b.ts";`],
    ["of the entry", `${SHARED}/lock/a.ts`, `import { a } from "../index.ts";`],
  ])("a forbidden room by %s", (_how, path, text) => {
    expect(rulesBrokenBy(path, text)).toContain("room-import");
  });

  test.each([
    ["node-import", `${SHARED}/bytes/a.ts`, `import { join } from "node:path";`],
    ["node-import", `${SHARED}/bytes/a.ts`, `import type { X } from "node:fs";`],
    ["node-import", `${GUARD}/a.ts`, `import { join } from "node:path";`],
    ["node-import", `${GUARD}/a.ts`, `import { a } from "./node/a.ts";`],
    ["undeclared-import", `${SHARED}/bytes/a.ts`, `import { join } from "path";`],
    ["undeclared-import", `${CLI}/a.ts`, `import { a } from "left-pad/a.js";`],
    ["room-dependency", `${SHARED}/bytes/a.ts`, `import { parse } from "smol-toml";`],
    ["package-import", `${SHARED}/bytes/a.ts`, `import { a } from "pubpin-precommit";`],
    ["package-import", `${SHARED}/bytes/a.ts`, `import { a } from "@pubpin/test-kit";`],
    ["package-import", `${GUARD}/a.ts`, `import { a } from "pubpin-precommit";`],
    ["package-import", `${HOOK}/a.ts`, `import { a } from "micropip-guard";`],
    ["package-import", `${CLI}/a.ts`, `import { a } from "micropip-guard";`],
    ["package-import", `${CLI}/a.ts`, `import { a } from "@pubpin/shared/src/errors.ts";`],
    ["leaves-package", `${CLI}/a.ts`, `import { a } from "../../shared/src/errors.ts";`],
    ["leaves-package", `${SHARED}/a.ts`, `import { a } from "../package.json";`],
    ["not-a-source", `${CLI}/a.ts`, `import { a } from "./b.js";`],
    ["computed-import", `${SHARED}/lock/a.ts`, `await import(name);`],
    ["default-export", `${CLI}/a.ts`, `export default 1;`],
    ["default-export", `${CLI}/a.ts`, `const a = 1; export { a as default };`],
    ["re-export", `${SHARED}/lock/a.ts`, `export * from "./b.ts";`],
    ["re-export", `${CLI}/lock/index.ts`, `export { a } from "./b.ts";`],
    ["class", `${SHARED}/lock/a.ts`, `export class A {}`],
    ["web-crypto", `${SHARED}/lock/a.ts`, `crypto.subtle.digest("SHA-256", a);`],
    ["web-crypto", `${SHARED}/lock/a.ts`, `const { subtle } = globalThis.crypto;`],
    ["web-crypto", `${CLI}/a.ts`, `crypto["subtle"].digest("SHA-256", a);`],
    ["promised-boolean", `${CLI}/a.ts`, `async function holds(): Promise<boolean> {}`],
    ["promised-boolean", `${CLI}/a.ts`, `type A = () => Promise<boolean | null>;`],
    ["promised-boolean", `${CLI}/a.ts`, `type A = PromiseLike<true>;`],
    ["node-global", `${SHARED}/lock/a.ts`, `Buffer.from("");`],
    ["node-global", `${GUARD}/a.ts`, `globalThis.process.exit();`],
    ["node-global", `${SHARED}/lock/a.ts`, `const a = { process };`],
    ["address", `${SHARED}/lock/a.ts`, `const a = "https://example.org/";`],
    ["address", `${CLI}/a.ts`, `const a = "files.example.org";`],
    ["address", `${SHARED}/lock/a.ts`, "const a = `https://example.org/${b}`;"],
    ["address", `${SHARED}/lock/a.ts`, String.raw`const a = /^https:\/\/example\.org/;`],
  ])("%s in %s: %s", (rule, path, text) => {
    const broken = new Set(rulesBrokenBy(path, text));
    expect([...broken].filter((found) => found !== "room-import")).toEqual([rule]);
  });
});

test.each(["oxlint-disable-next-line", "@ts-expect-error: later", "prettier-ignore"])(
  "a planted comment that makes a tool look away is found: %s",
  (comment) => {
    const source = { path: "scripts/a.ts", text: `const a = "";\n// ${comment}\nconst b = a;` };
    expect(lookAwayComments(source)).toMatchObject([{ rule: "ignore-comment", line: 2 }]);
    expect(lookAwayComments({ ...source, text: `const a = "// ${comment}";` })).toEqual([]);
  },
);

test("a file may have 350 lines and no more", () => {
  expect(rulesBrokenBy(`${SHARED}/lock/a.ts`, "const a = 1;\n".repeat(350))).toEqual([]);
  expect(rulesBrokenBy(`${SHARED}/lock/a.ts`, "const a = 1;\n".repeat(351))).toEqual(["length"]);
});

describe("what is allowed passes:", () => {
  test.each([
    [`${SHARED}/index.ts`, `export { fail } from "./errors.ts";`],
    [`${SHARED}/check.ts`, `import { a } from "./index/a.ts";`],
    [`${SHARED}/sigstore/a.ts`, `import type { A } from "../x509/a.ts";`],
    [`${SHARED}/lock/a.ts`, `import { a } from "./b/c.ts"; import { parse } from "smol-toml";`],
    [`${SHARED}/addresses.ts`, `export const A = "https://example.org/";`],
    [`${SHARED}/bytes/crypto.ts`, `async function a(): Promise<boolean> { crypto.subtle; }`],
    [`${SHARED}/errors.ts`, `export class A {}`],
    [
      `${SHARED}/lock/a.ts`,
      `/** See https://example.org/. */ const a = "application/vnd.dev.a+json";`,
    ],
    [
      `${SHARED}/lock/a.ts`,
      "const a = `https://${host}/ git+https://HOST/`; const b = options.process;",
    ],
    [`${GUARD}/a.ts`, `import { fail } from "@pubpin/shared"; await import(url);`],
    [`${CLI}/a.ts`, `import { a } from "pubpin-precommit"; import "sigstore"; import "node:fs";`],
    [`test/kit/src/a.ts`, `import a from "../../../packages/shared/src/errors.ts";`],
  ])("in %s: %s", (path, text) => {
    expect(rulesBrokenBy(path, text)).toEqual([]);
  });

  test("text that is not TypeScript is not passed over", () => {
    expect(() => rulesBrokenBy(`${SHARED}/lock/a.ts`, "const = ;")).toThrow(`${SHARED}/lock/a.ts`);
  });
});
