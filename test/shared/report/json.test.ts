import { describe, expect, test } from "vitest";
import { jsonReport } from "../../../packages/shared/src/report/json.ts";
import { changed, HOSTILE, hostileReport, mixedReport, notice, report } from "./fixtures.ts";

describe("a JSON report", () => {
  test("is this, key by key", () => {
    const one = changed({
      notices: [notice("YANKED", "it was yanked")],
      place: { line: 812, path: "uv.lock" },
    });
    expect(jsonReport([report([one], { strict: true })])).toBe(`{
  "schema": "pubpin-report/1",
  "exitCode": 1,
  "summary": {
    "packages": 1,
    "files": 1,
    "attested": 1,
    "verdicts": {
      "pass": 0,
      "fail": 1,
      "unverifiable": 0
    },
    "codes": {
      "PUBLISHER_CHANGED": 1
    },
    "notices": {
      "YANKED": 1
    }
  },
  "reports": [
    {
      "subject": "uv.lock",
      "strict": true,
      "trustRoot": {
        "origin": "embedded",
        "newestStart": "2025-10-01T00:00:00.000Z"
      },
      "decisions": [
        {
          "code": "PUBLISHER_CHANGED",
          "verdict": "fail",
          "name": "requests",
          "version": "2.32.4",
          "filename": "requests-2.32.4-py3-none-any.whl",
          "sha256": "2727272727272727272727272727272727272727272727272727272727272727",
          "source": null,
          "index": "https://pypi.org/simple",
          "place": {
            "path": "uv.lock",
            "line": 812
          },
          "message": "expected https://github.com/psf/requests (repository 1362490, owner 50630501, publish.yml), found https://github.com/psf-mirror/requests (repository 987654321, owner 123456789, release.yml)",
          "expected": [
            {
              "kind": "GitHub",
              "url": "https://github.com/psf/requests",
              "repositoryId": "1362490",
              "ownerId": "50630501",
              "workflow": "publish.yml"
            }
          ],
          "found": [
            {
              "kind": "GitHub",
              "url": "https://github.com/psf-mirror/requests",
              "workflow": "release.yml",
              "ref": "refs/tags/v2.32.4",
              "commit": "0123456789abcdef0123456789abcdef01234567",
              "repositoryId": "987654321",
              "ownerId": "123456789",
              "issuer": "https://token.actions.githubusercontent.com",
              "predicateType": "https://docs.pypi.org/attestations/publish/v1",
              "time": "2026-01-02T12:00:00.000Z",
              "logIndex": "9007199254740993"
            }
          ],
          "notices": [
            {
              "code": "YANKED",
              "message": "it was yanked"
            }
          ],
          "cause": null,
          "accept": "pubpin accept requests",
          "docs": "docs/errors.md#publisher_changed"
        }
      ]
    }
  ]
}
`);
  });

  test("offers a command only where something is blocked", () => {
    const { reports } = JSON.parse(jsonReport([mixedReport()])) as {
      readonly reports: readonly { readonly decisions: readonly Record<string, unknown>[] }[];
    };
    const offered = reports.flatMap(({ decisions }) =>
      decisions.filter(({ accept }) => accept !== null).map(({ verdict }) => verdict),
    );
    expect(new Set(offered)).toEqual(new Set(["fail"]));
    expect(offered).toHaveLength(17);
  });

  test("is ASCII that no terminal obeys, and gives hostile text back as it was", () => {
    const text = jsonReport([hostileReport()]);
    expect(text).toMatch(/^[ -~\n]+$/);
    expect(JSON.parse(text)).toMatchObject({
      reports: [{ subject: HOSTILE, decisions: [{ name: HOSTILE, version: HOSTILE }, {}] }],
    });
  });

  test("of nothing has no decisions and exit code 0", () => {
    expect(JSON.parse(jsonReport([]))).toMatchObject({ exitCode: 0, reports: [] });
  });
});
