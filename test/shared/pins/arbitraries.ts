/** Random but valid contents of a `.provenance.txt`. */
import * as fc from "fast-check";
import { entryKey } from "../../../packages/shared/src/pins/entry.ts";
import type { PinnedPublisher, PinsEntry } from "../../../packages/shared/src/pins/model.ts";

const word = fc.stringMatching(/^[a-z0-9]{1,8}$/);
const name = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join("-"));
const digest = fc.stringMatching(/^[0-9a-f]{64}$/);
const identifier = fc.bigInt({ min: 1n, max: 10n ** 19n }).map(String);
/** Letters, spaces, number and percent signs, and letters of several bytes. */
const text = fc.string({
  unit: fc.constantFrom(...Array.from("aZ09 .-_&=#%+~ö✓𝄞")),
  minLength: 1,
  maxLength: 12,
});
const segment = text.filter((each) => each !== "." && each !== "..");
const path = fc
  .array(segment, { minLength: 1, maxLength: 3 })
  .map((segments) => segments.join("/"));

const repository = fc.record({
  identifiers: fc.option(fc.tuple(identifier, identifier)),
  workflow: fc.option(segment),
});

const publisher: fc.Arbitrary<PinnedPublisher> = fc.oneof(
  fc
    .tuple(fc.constantFrom("GitHub", "GitLab"), word, word, repository)
    .map(([kind, owner, project, { identifiers, workflow }]): PinnedPublisher => ({
      kind,
      url: `https://${kind.toLowerCase()}.com/${owner}/${project}`,
      repositoryId: identifiers?.[0] ?? null,
      ownerId: identifiers?.[1] ?? null,
      workflow,
    })),
  word.map((account): PinnedPublisher => ({
    kind: "Google",
    url: `mailto:${account}@project.example`,
    repositoryId: null,
    ownerId: null,
    workflow: null,
  })),
);

const entry: fc.Arbitrary<PinsEntry> = fc.oneof(
  fc.record({ kind: fc.constant("pin"), name, publisher }),
  fc.record({ kind: fc.constant("unsigned"), name, state: fc.constantFrom("seen", "allowed") }),
  fc.record({
    kind: fc.constant("file"),
    filename: word.map((stem) => `${stem} 1.zip`),
    sha256: digest,
  }),
  fc.record({
    kind: fc.constant("index"),
    name: fc.oneof(name, fc.constant("*")),
    url: word.map((host) => `https://${host}.example/simple`),
  }),
  fc.record({
    kind: fc.constant("source"),
    name,
    source: fc.oneof(
      word.map((project) => `git+https://git.example/${project}`),
      path.map((below) => `./${below}`),
    ),
  }),
  fc.record({ kind: fc.constant("lock"), path, digest: digest.map((hex) => `v1-sha256:${hex}`) }),
  fc.record({ kind: fc.constant("lock-bytes"), path, sha256: digest }),
  fc.record({ kind: fc.constant("note"), key: text, text }),
);

/** Entries of different keys; a third of the pins with a further publisher. */
export const entries: fc.Arbitrary<readonly PinsEntry[]> = fc
  .tuple(fc.uniqueArray(entry, { selector: entryKey, maxLength: 30 }), publisher)
  .map(([list, further]) =>
    list.flatMap((each, index): readonly PinsEntry[] =>
      each.kind === "pin" && index % 3 === 0
        ? [each, { kind: "also", name: each.name, ordinal: 2 + index, publisher: further }]
        : [each],
    ),
  );
