/** Random but valid locks. */
import * as fc from "fast-check";
import type {
  Distribution,
  DistributionSource,
  Hash,
  InstallDirective,
  Lock,
  LockedFile,
} from "../../../packages/shared/src/model.ts";

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,3}$/);
/** Few, so that the same project turns up twice. */
const name = fc.constantFrom("a", "b", "c-d", "e");
const version = fc.constantFrom("1.0", "1.1", "2", "2.0.dev1");
const digit = fc.constantFrom("0", "3", "7", "a", "f");
const hex = digit.map((each) => each.repeat(64));
const commit = digit.map((each) => each.repeat(40));
const part = fc.option(word.map((each) => `subdirectory=${each}`));
const url = word.map((each) => `https://${each}.example/simple`);

const index: fc.Arbitrary<DistributionSource> = fc.record({
  kind: fc.constant("index" as const),
  url: fc.option(url, { nil: null }),
  alternatives: fc.array(url, { maxLength: 1 }),
});
const direct: fc.Arbitrary<DistributionSource> = fc.oneof(
  fc.record({
    kind: fc.constant("vcs"),
    vcs: fc.constant("git"),
    location: word.map((each) => `git+https://${each}.example/r`),
    commit: fc.option(commit),
    reference: fc.constant(null),
    part,
  }),
  fc.record({
    kind: fc.constantFrom("path", "directory", "editable", "virtual"),
    location: word.map((each) => `./${each}`),
    part,
  }),
);

const hash: fc.Arbitrary<Hash> = hex.map((value) => ({ algorithm: "sha256", value }));

const files: fc.Arbitrary<readonly LockedFile[]> = fc.uniqueArray(
  fc.record({
    filename: word.map((each) => `${each}.whl`),
    url: fc.option(word.map((each) => `https://files.example/${each}`)),
    path: fc.constant(null),
    hashes: fc.array(hash, { minLength: 1, maxLength: 1 }),
    size: fc.constant(null),
  }),
  { selector: ({ filename }) => filename, minLength: 1, maxLength: 3 },
);

const distribution: fc.Arbitrary<Distribution> = fc.oneof(
  fc.record({
    name,
    version,
    source: index,
    files,
    member: fc.constant(false),
    line: fc.option(fc.nat()),
  }),
  fc.record({
    name,
    version: fc.option(version),
    source: direct,
    files: fc.constant([]),
    member: fc.boolean(),
    line: fc.option(fc.nat()),
  }),
);

const directive: fc.Arbitrary<InstallDirective> = fc.record({
  option: fc.constantFrom("--no-binary", "--find-links"),
  value: fc.option(word),
  line: fc.option(fc.nat()),
});

/** A lock whose entries differ in name, version (members: by none) or source. */
export const locks: fc.Arbitrary<Lock> = fc.record({
  path: fc.constant("uv.lock"),
  format: fc.constant("uv"),
  distributions: fc.uniqueArray(distribution, {
    selector: ({ name: its, version: at, source, member }) =>
      JSON.stringify([its, member ? null : at, source]),
    minLength: 1,
    maxLength: 6,
  }),
  directives: fc.array(directive, { maxLength: 2 }),
  logins: fc.constant([]),
});
