import { expect, it } from "vitest";
import { findFiles } from "../../../packages/shared/src/index/find.ts";
import { createIndexClient } from "../../../packages/shared/src/index/client.ts";
import { fakeFetch, jsonFile, jsonPage, ok } from "./fake.ts";

const digest = (byte: string): string => byte.repeat(32);
const { fetch } = fakeFetch({
  "https://index.example/simple/foo/": ok(
    jsonPage("foo", [
      jsonFile("foo-1.0.tar.gz", { hashes: { sha256: digest("01") } }),
      jsonFile("foo-1.0.zip", { hashes: { sha256: digest("01") } }),
      jsonFile("foo-2.0-py3-none-any.whl", { hashes: { sha256: digest("02") } }),
      jsonFile("evil-1.0-py3-none-any.whl", { hashes: { sha256: digest("03") } }),
      jsonFile("nonsense.whl", { hashes: { sha256: digest("03") } }),
      jsonFile("foo-3.0.zip", { hashes: {} }),
    ]),
  ),
});
const project = await createIndexClient({
  indexUrl: "https://index.example/simple",
  fetch,
}).project("foo");

function names(version: string | null, digests: readonly string[]): readonly unknown[] {
  return findFiles(project, version, digests).map(({ sha256, files, strangers }) => [
    sha256.slice(0, 2),
    files.map(({ filename }) => filename),
    strangers.map(({ filename }) => filename),
  ]);
}

it("finds files by digest, in the order of the digests", () => {
  expect(names("1.0.0", [digest("04"), digest("01"), digest("01")])).toEqual([
    ["04", [], []],
    ["01", ["foo-1.0.tar.gz", "foo-1.0.zip"], []],
    ["01", ["foo-1.0.tar.gz", "foo-1.0.zip"], []],
  ]);
});

it("tells files of another version or project apart", () => {
  expect(names("1.0", [digest("02"), digest("03")])).toEqual([
    ["02", [], ["foo-2.0-py3-none-any.whl"]],
    ["03", [], ["evil-1.0-py3-none-any.whl", "nonsense.whl"]],
  ]);
  expect(names(null, [digest("02")])).toEqual([["02", ["foo-2.0-py3-none-any.whl"], []]]);
});

it("a file without digest is found by none, and a digest that is none finds nothing", () => {
  expect(names("3.0", [digest("05"), ""])).toEqual([
    ["05", [], []],
    ["", [], []],
  ]);
});
