/** Reports to write out: small ones with one of each, large ones, hostile ones. */
import type { DecisionCode } from "@pubpin/shared";
import type {
  Decision,
  ExpectedPublisher,
  Notice,
  Report,
  VerifiedPublisher,
  Verdict,
} from "../../../packages/shared/src/model.ts";

export const REQUESTS: ExpectedPublisher = {
  kind: "GitHub",
  url: "https://github.com/psf/requests",
  repositoryId: "1362490",
  ownerId: "50630501",
  workflow: "publish.yml",
};

const INTRUDER: ExpectedPublisher = {
  ...REQUESTS,
  url: "https://github.com/psf-mirror/requests",
  repositoryId: "987654321",
  ownerId: "123456789",
  workflow: "release.yml",
};

/** A publisher as it is verified: at noon of the second day of 2026. */
export function verified(
  publisher: ExpectedPublisher,
  fields: Partial<VerifiedPublisher> = {},
): VerifiedPublisher {
  return {
    ...publisher,
    ref: "refs/tags/v2.32.4",
    commit: "0123456789abcdef0123456789abcdef01234567",
    issuer: "https://token.actions.githubusercontent.com",
    predicateType: "https://docs.pypi.org/attestations/publish/v1",
    time: new Date(Date.UTC(2026, 0, 2, 12)),
    logIndex: 9_007_199_254_740_993n,
    ...fields,
  };
}

const VERDICTS: Readonly<Partial<Record<DecisionCode, Verdict>>> = {
  UNVERIFIABLE: "unverifiable",
  TRUST_ROOT_UNKNOWN_KEY: "unverifiable",
  FILE_PINNED: "pass",
  SOURCE_PINNED: "pass",
  NOT_FROM_INDEX: "pass",
  PUBLISHER_MATCH: "pass",
  REPOSITORY_RENAMED: "pass",
  UNSIGNED: "pass",
};

/** A decision with this code: about requests 2.32.4, in line 812 of uv.lock, unless it is said. */
export function decision(code: DecisionCode, fields: Partial<Decision> = {}): Decision {
  const name = fields.name ?? "requests";
  const version = fields.version ?? "2.32.4";
  return {
    code,
    verdict: VERDICTS[code] ?? "fail",
    name,
    version,
    filename: `${name.replaceAll("-", "_")}-${version}-py3-none-any.whl`,
    sha256: "27".repeat(32),
    source: null,
    index: "https://pypi.org/simple",
    place: { path: "uv.lock", line: 812 },
    message: "as the decision says it",
    expected: [],
    found: [],
    notices: [],
    cause: null,
    ...fields,
  };
}

/** The pinned publisher signed. */
export function match(fields: Partial<Decision> = {}): Decision {
  return decision("PUBLISHER_MATCH", {
    message: "published by https://github.com/psf/requests",
    expected: [REQUESTS],
    found: [verified(REQUESTS)],
    ...fields,
  });
}

/** Somebody else signed. */
export function changed(fields: Partial<Decision> = {}): Decision {
  return decision("PUBLISHER_CHANGED", {
    message:
      "expected https://github.com/psf/requests (repository 1362490, owner 50630501, publish.yml), " +
      "found https://github.com/psf-mirror/requests (repository 987654321, owner 123456789, release.yml)",
    expected: [REQUESTS],
    found: [verified(INTRUDER)],
    ...fields,
  });
}

/** A notice of a decision. */
export function notice(code: Notice["code"], message: string): Notice {
  return { code, message };
}

/** A report about uv.lock, with the embedded trust root. */
export function report(decisions: readonly Decision[], fields: Partial<Report> = {}): Report {
  return {
    subject: "uv.lock",
    decisions,
    trustRoot: { origin: "embedded", newestStart: new Date(Date.UTC(2025, 9, 1)) },
    strict: false,
    ...fields,
  };
}

/** The files of one release: an sdist and wheels. */
export function release(
  count: number,
  one: (fields: Partial<Decision>) => Decision,
  fields: Partial<Decision> = {},
): readonly Decision[] {
  return Array.from({ length: count }, (_, index) =>
    one({ filename: `requests-2.32.4-cp3${index}-none-any.whl`, ...fields }),
  );
}

/** A report with one release for each outcome that there is. */
export function mixedReport(): Report {
  return report([...release(15, changed), ...troubles(), ...passes()]);
}

function troubles(): readonly Decision[] {
  return [
    decision("ATTESTATION_INVALID", {
      name: "tampered",
      version: "1.0",
      place: { path: "uv.lock", line: 40 },
      message: 'the signature over "tampered-1.0-py3-none-any.whl" does not hold',
      cause: "SIGNATURE_INVALID",
    }),
    decision("PUBLISHER_UNPINNED", {
      name: "newcomer",
      version: "0.1",
      place: { path: "uv.lock", line: 70 },
      message: "published by https://gitlab.com/new/comer, and no publisher is pinned",
      found: [
        verified(
          {
            kind: "GitLab",
            url: "https://gitlab.com/new/comer",
            repositoryId: "77",
            ownerId: "7",
            workflow: ".gitlab-ci.yml",
          },
          { ref: null, commit: null, issuer: "https://gitlab.com" },
        ),
      ],
    }),
    decision("UNVERIFIABLE", {
      name: "unreachable",
      version: "3.1",
      place: { path: "uv.lock", line: 99 },
      message: "https://index.example/simple/unreachable/: expected an answer, found none in 60 s",
      cause: "INDEX_UNREACHABLE",
    }),
  ];
}

function passes(): readonly Decision[] {
  return [
    match({ name: "urllib3", version: "2.5.0", place: { path: "uv.lock", line: 950 } }),
    match({
      name: "idna",
      version: "3.10",
      place: { path: "uv.lock", line: 200 },
      notices: [notice("YANKED", 'idna-3.10-py3-none-any.whl was yanked: "broken"')],
    }),
    decision("REPOSITORY_RENAMED", {
      name: "moved",
      version: "4.0",
      place: { path: "uv.lock", line: 300 },
      message: "published by https://github.com/new-home/moved",
      expected: [REQUESTS],
      found: [verified({ ...REQUESTS, url: "https://github.com/new-home/moved" })],
      notices: [
        notice(
          "REPOSITORY_RENAMED",
          "pinned as https://github.com/old-home/moved, now https://github.com/new-home/moved: " +
            "the same repository of the same owner",
        ),
      ],
    }),
    decision("UNSIGNED", {
      name: "peppercorn",
      version: "0.6",
      place: { path: "uv.lock", line: 400 },
      message: "not attested",
    }),
    decision("FILE_PINNED", {
      name: "vendored",
      version: "1.2",
      place: { path: "uv.lock", line: 500 },
      message: `accepted by its bytes, sha256:${"27".repeat(32)}`,
    }),
  ];
}

/** Four hundred packages with two files each, all signed by whom they should be. */
export function largeReport(): Report {
  return report(
    Array.from({ length: 400 }, (_, index) => {
      const name = `package-${String(index).padStart(3, "0")}`;
      const publisher = { ...REQUESTS, url: `https://github.com/org-${index % 40}/${name}` };
      const fields = {
        name,
        version: `1.${index}`,
        place: { path: "uv.lock", line: index * 12 + 5 },
        expected: [publisher],
        found: [verified(publisher)],
      };
      return [match(fields), match({ ...fields, filename: `${name}-1.${index}.tar.gz` })];
    }).flat(),
  );
}

/** Text that would do something if it were written as it is, wherever that is. */
export const HOSTILE = [
  "\u001b[31m\u001b]8;;https://evil.example\u0007",
  "\n::error::forged\n::stop-commands::x",
  "##[add-mask]x",
  "<img src=x onerror=alert(1)><script>alert(1)</script>",
  "\"'`$(touch pwned)`;&|",
  "](https://evil.example) | **bold** `code` {0}",
  "\u0440\u0443\u0440\u0430\u0443",
  "\u202eslw.\u2028\ufeff\ud800",
].join("");

/** A report in which everything that can come from outside is hostile. */
export function hostileReport(): Report {
  const publisher = { ...REQUESTS, url: `https://github.com/${HOSTILE}`, workflow: HOSTILE };
  return report(
    [
      changed({
        name: HOSTILE,
        version: HOSTILE,
        filename: HOSTILE,
        message: HOSTILE,
        place: { path: `${HOSTILE}/uv.lock`, line: 3 },
        expected: [publisher],
        found: [verified(publisher, { ref: HOSTILE, commit: HOSTILE, issuer: HOSTILE })],
      }),
      match({
        name: `${HOSTILE}2`,
        filename: `${HOSTILE}2`,
        notices: [notice("YANKED", HOSTILE)],
        message: HOSTILE,
        found: [verified(publisher)],
      }),
    ],
    { subject: HOSTILE },
  );
}
