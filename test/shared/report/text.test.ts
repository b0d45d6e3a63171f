import { DECISION_CODES } from "@pubpin/shared";
import { describe, expect, test } from "vitest";
import { acceptCommand } from "../../../packages/shared/src/report/acceptance.ts";
import { DECISION_WORDS } from "../../../packages/shared/src/report/decision-words.ts";
import { textReport } from "../../../packages/shared/src/report/text.ts";
import type { Painter, Style } from "../../../packages/shared/src/report/text-lines.ts";
import {
  changed,
  decision,
  hostileReport,
  largeReport,
  match,
  mixedReport,
  notice,
  release,
  report,
  verified,
  REQUESTS,
} from "./fixtures.ts";

const UNVERIFIABLE = new Set(["UNVERIFIABLE", "TRUST_ROOT_UNKNOWN_KEY"]);
const FAILING = DECISION_CODES.filter((code) => !UNVERIFIABLE.has(code));

describe("a text report", () => {
  test("says what is blocked, what is unknown, what to notice, and at the end what it comes to", () => {
    expect(textReport([mixedReport()]))
      .toBe(`blocked  ATTESTATION_INVALID  An attestation does not verify: the signature does not hold
  The index has an attestation for the file, and it does not hold. The cause says why.
  The content was altered, or somebody else signed it.

  tampered 1.0  uv.lock:40
    file        tampered-1.0-py3-none-any.whl
    message     the signature over "tampered-1.0-py3-none-any.whl" does not hold
    accept      pubpin accept tampered-1.0-py3-none-any.whl

  what to do  Do not install it. Compare the file with what the project's own repository
              released; if it stays, tell the project and the index.
  read on     docs/errors.md#signature_invalid
              docs/errors.md#attestation_invalid

blocked  PUBLISHER_CHANGED  The publisher changed
  Somebody else than the pinned publisher signed this file. The project may have moved,
  or somebody may have its publishing rights.

  requests 2.32.4  uv.lock:812
    files       requests-2.32.4-cp30-none-any.whl and 14 more files
    expected    https://github.com/psf/requests
                repository 1362490, owner 50630501, publish.yml
    found       https://github.com/psf-mirror/requests
                repository 987654321, owner 123456789, release.yml, refs/tags/v2.32.4,
                commit 0123456789ab, signed 2026-01-02
    accept      pubpin accept requests

  what to do  Find out from the project itself (its repository, its announcements)
              whether it moved. If it did, \`pubpin accept requests\` records it, and the
              changed line is there for review.
  read on     docs/errors.md#publisher_changed

blocked  PUBLISHER_UNPINNED  No publisher is pinned
  The file is attested, and \`.provenance.txt\` has no line for the package yet.

  newcomer 0.1  uv.lock:70
    file        newcomer-0.1-py3-none-any.whl
    expected    nobody is pinned
    found       https://gitlab.com/new/comer
                repository 77, owner 7, .gitlab-ci.yml, signed 2026-01-02
    accept      pubpin tofu

  what to do  \`pubpin tofu\` pins the publisher it sees; review the line it writes. Of
              several publishers \`pubpin accept newcomer --publisher URL\` pins one.
  read on     docs/errors.md#publisher_unpinned

not verified  UNVERIFIABLE  Could not be verified: the index did not answer
  The index, the network or the trust root did not answer as it should. Nothing is known
  of the file, and that is never a pass. The network, a proxy or the index failed, an
  answer was cut off, or it took too long.

  unreachable 3.1  uv.lock:99
    file        unreachable-3.1-py3-none-any.whl
    message     https://index.example/simple/unreachable/: expected an answer, found
                none in 60 s

  what to do  Try again in a while. Behind a proxy or mirror, check that it passes the
              index through; \`provenance-index\` names one that has what a mirror strips.
  read on     docs/errors.md#index_unreachable
              docs/errors.md#unverifiable

notice  REPOSITORY_RENAMED  The repository was renamed
  moved 4.0: pinned as https://github.com/old-home/moved, now https://github.com/new-home/moved: the same repository of the same owner
  what to do  \`pubpin accept moved\` writes the new URL into the pin.

notice  YANKED  The file was yanked
  idna 3.10: idna-3.10-py3-none-any.whl was yanked: "broken"
  what to do  Read the reason, and lock another version.

checked     uv.lock: 9 packages, 23 files
passed      3 signed by the pinned publisher, 1 accepted by bytes or source, 1 not attested
blocked     17 files
unknown     1 file
trust root  the one embedded in pubpin, newest entry of 2025-10-01
result      blocked: 3 packages, and 1 package could not be verified
`);
  });

  test("of 400 packages that match is four lines", () => {
    expect(textReport([largeReport()])).toBe(`checked     uv.lock: 400 packages, 800 files
passed      800 signed by the pinned publisher
trust root  the one embedded in pubpin, newest entry of 2025-10-01
result      nothing is blocked: every pinned publisher matches
`);
  });

  test("of nothing says so", () => {
    expect(textReport([report([])])).toBe(`checked     uv.lock: 0 packages, 0 files
trust root  the one embedded in pubpin, newest entry of 2025-10-01
result      nothing to check
`);
  });

  test("of several locks names each, and says once which trust root was used", () => {
    const text = textReport([
      report([decision("UNSIGNED")]),
      report([decision("UNVERIFIABLE", { name: "other" })], {
        subject: "tools/pylock.toml",
        strict: true,
        trustRoot: { origin: "refreshed", newestStart: new Date(Date.UTC(2026, 5, 7)) },
      }),
    ]);
    expect(text).toContain(`checked     uv.lock: 1 package, 1 file
            tools/pylock.toml: 1 package, 1 file, strict
passed      1 not attested
unknown     1 file
trust root  the one embedded in pubpin, newest entry of 2025-10-01
            refreshed from Sigstore, newest entry of 2026-06-07
result      1 package could not be verified: nothing is known of it
`);
  });

  test("calls nothing a match where nothing was signed by a pinned publisher", () => {
    expect(textReport([report([decision("UNSIGNED")])])).toContain(
      "result      nothing is blocked\n",
    );
  });

  test.each(FAILING)("of a failing %s has everything that a person needs", (code) => {
    const failing = decision(code, { verdict: "fail" });
    const text = textReport([report([failing])]);
    const { title } = DECISION_WORDS[code];
    expect(text).toContain(`blocked  ${code}  ${title}\n`);
    expect(text).toContain("requests 2.32.4  uv.lock:812\n");
    expect(text).toContain("file        requests-2.32.4-py3-none-any.whl\n");
    expect(text).toContain("message     as the decision says it\n");
    expect(text).toContain(`accept      ${acceptCommand(failing) ?? "no command accepts this"}\n`);
    expect(text).toContain(`read on     docs/errors.md#${code.toLowerCase()}\n`);
    expect(text).toMatch(/^ {2}what to do {2}\S/m);
    expect(text).not.toMatch(/\bNAME\b/);
  });

  test("names the version of none, the file of none and the place of none by leaving them out", () => {
    const bare = decision("INDEX_CHANGED", { filename: null, place: null });
    const text = textReport([report([{ ...bare, version: null }], { subject: "a request" })]);
    expect(text).toContain("\n  requests  a request\n    message     as the decision");
  });

  test("says of a missing attestation whose it should be", () => {
    const text = textReport([report([decision("ATTESTATION_MISSING", { expected: [REQUESTS] })])]);
    expect(text).toContain(`    expected    https://github.com/psf/requests
                repository 1362490, owner 50630501, publish.yml
    found       no attestation
    accept      pubpin accept requests-2.32.4-py3-none-any.whl
`);
  });

  test("tells a builder's attestation from one that publishes", () => {
    const builder = verified(REQUESTS, { predicateType: "https://slsa.dev/provenance/v1" });
    const text = textReport([report([changed({ found: [builder] })])]);
    expect(text.replace(/\s+/g, " ")).toContain("signed 2026-01-02, no publish attestation accept");
  });
});

describe("files of one release", () => {
  test("are one block where the same was decided, and as many as there are reasons", () => {
    const text = textReport([
      report([
        ...release(3, changed),
        decision("ATTESTATION_INVALID", { cause: "SIGNATURE_INVALID", filename: "a.whl" }),
        decision("ATTESTATION_INVALID", { cause: "TIME_MISSING", filename: "b.whl" }),
      ]),
    ]);
    expect(text.match(/^ {2}requests 2\.32\.4/gm)).toHaveLength(3);
    expect(text).toContain("files       requests-2.32.4-cp30-none-any.whl and 2 more files\n");
  });

  test("need a command each where the file is what is accepted", () => {
    const missing = release(3, (fields) => decision("ATTESTATION_MISSING", fields));
    expect(textReport([report(missing)])).toContain(`
    accept      pubpin accept requests-2.32.4-cp30-none-any.whl
                and so for 2 more files
`);
    expect(textReport([report(missing)], { verbose: true })).toContain(`
    accept      pubpin accept requests-2.32.4-cp30-none-any.whl
                pubpin accept requests-2.32.4-cp31-none-any.whl
                pubpin accept requests-2.32.4-cp32-none-any.whl
`);
  });

  test("of two locks are two blocks", () => {
    const text = textReport([report([changed()]), report([changed()], { subject: "b.lock" })]);
    expect(text.match(/^ {2}requests 2\.32\.4/gm)).toHaveLength(2);
  });
});

describe("a long list", () => {
  const names = Array.from({ length: 50 }, (_, index) => `package-${index}`);

  test("of findings with one remedy is cut, and says by how much", () => {
    const text = textReport([
      report(names.map((name) => decision("PUBLISHER_UNPINNED", { name, message: "published" }))),
    ]);
    expect(text.match(/^ {2}package-\d+ 2\.32\.4: published$/gm)).toHaveLength(20);
    expect(text).toContain("  and 30 more packages; --verbose lists them\n");
  });

  test("of changed publishers has each of them, with its command", () => {
    const text = textReport([report(names.map((name) => changed({ name })))]);
    for (const name of names) expect(text).toContain(`    pubpin accept ${name}\n`);
    expect(text.split("\n").length).toBeLessThan(170);
  });

  test("of notices is cut, and whole where everything is asked for", () => {
    const yanked = notice("YANKED", "was yanked");
    const many = report(names.map((name) => match({ name, notices: [yanked] })));
    expect(textReport([many])).toContain("and 30 more packages; --verbose lists them");
    expect(textReport([many], { verbose: true })).toContain("  package-49 2.32.4: was yanked\n");
  });
});

test("a verbose report has every file, those that passed included", () => {
  const large = largeReport();
  const text = textReport([large, mixedReport()], { verbose: true });
  const files = [...large.decisions, ...mixedReport().decisions].flatMap(
    ({ filename }) => filename ?? [],
  );
  expect(files.filter((file) => !text.includes(file))).toEqual([]);
  expect(text).toContain("PUBLISHER_MATCH  published by https://github.com/psf/requests");
});

describe("colours", () => {
  test("are only where there is a painter", () => {
    for (const each of [mixedReport(), largeReport(), hostileReport()]) {
      for (const verbose of [true, false]) {
        expect(textReport([each], { verbose })).toMatch(/^[ -~\n\u0400-\u04ff]*$/);
      }
    }
  });

  test("change nothing but the look, and the painter sees no control characters", () => {
    const styles = new Set<Style>();
    const paint: Painter = (style, text) => {
      expect(text).not.toMatch(/\p{Cc}/u);
      styles.add(style);
      return `\u001b[1m${text}\u001b[0m`;
    };
    const painted = textReport([mixedReport(), hostileReport()], { paint, verbose: true });
    const plain = textReport([mixedReport(), hostileReport()], { verbose: true });
    expect(painted.replaceAll("\u001b[1m", "").replaceAll("\u001b[0m", "")).toBe(plain);
    expect([...styles].toSorted()).toEqual(["bold", "dim", "fail", "ok", "warn"]);
  });
});

describe("text from outside", () => {
  const text = textReport([hostileReport()], { verbose: true });

  test("gives a workflow's log no commands", () => {
    expect(text).toContain("::error::forged");
    expect(text).not.toMatch(/^\s*::/m);
    expect(text).not.toContain("##[");
    const wrapped = report([
      decision("INDEX_CHANGED", { message: `${"x".repeat(80)} ::error::forged` }),
    ]);
    expect(textReport([wrapped])).toMatch(/^\s*\\u003a:error::forged$/m);
  });

  test("shows look-alike letters as what they are", () => {
    expect(text).toContain(String.raw`\u0440\u0443\u0440\u0430\u0443`);
  });

  test("is never part of a command", () => {
    expect(text).toContain("accept      no command accepts this\n");
    expect(text).not.toContain("pubpin accept \\u001b");
  });
});
