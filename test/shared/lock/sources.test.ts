import { parsePins } from "@pubpin/shared";
import { describe, expect, it } from "vitest";
import { A, COMMIT, entry, expectRefused, read } from "./reading.ts";

/** A uv.lock with one package from this source. */
function uv(source: string, more = ""): string {
  return `version = 1\n\n[[package]]\nname = "x"\nversion = "1"\nsource = { ${source} }\n${more}`;
}

function uvSource(source: string, path = "uv.lock"): object {
  return entry(read(path, uv(source)), "x").source;
}

function requirement(line: string, path = "requirements.txt"): object {
  return read(path, `${line}\n`).distributions[0] ?? {};
}

function vcs(location: string, more: object = {}): object {
  return { kind: "vcs", vcs: "git", location, commit: null, reference: null, part: null, ...more };
}

describe("a repository in a uv.lock", () => {
  it.each([
    [`https://github.com/o/r#${COMMIT}`, { location: "git+https://github.com/o/r" }],
    [
      `https://user:secret@GitHub.com:443/o/r.git#${COMMIT}`,
      { location: "git+https://github.com/o/r.git" },
    ],
    [
      `ssh://git@github.com/o/r.git?branch=b#${COMMIT}`,
      { location: "git+ssh://github.com/o/r.git", reference: "b" },
    ],
    [
      `https://h.example/r?rev=abc&lfs=true#${COMMIT}`,
      { location: "git+https://h.example/r", reference: "abc", part: "lfs=true" },
    ],
    [
      `https://h.example/r?lfs=false#${COMMIT.toUpperCase()}`,
      { location: "git+https://h.example/r" },
    ],
    [
      `https://h.example/r?subdirectory=a%2Fb+c&path=d&lfs=true#${COMMIT}`,
      { location: "git+https://h.example/r", part: "lfs=true&path=d&subdirectory=a%2Fb%2Bc" },
    ],
    [`file:///srv/r#${COMMIT}`, { location: "git+file:///srv/r" }],
  ])("%s", (git, expected) => {
    expect(uvSource(`git = "${git}"`)).toEqual(vcs("", { commit: COMMIT, ...expected }));
  });

  it.each([
    ["https://h.example/r", "LOCK_INVALID", /full commit/],
    ["https://h.example/r#main", "LOCK_INVALID", /full commit/],
    [`https://h.example/r@${COMMIT}#${COMMIT}`, "LOCK_INVALID", /one commit/],
    [`https://h.example/r?depth=1#${COMMIT}`, "LOCK_UNSUPPORTED", /"depth"/],
    [`https://h.example/r?tag=a&tag=b#${COMMIT}`, "LOCK_INVALID", /"tag" once/],
    [`ext::sh -c id#${COMMIT}`, "LOCK_INVALID", /expected a URL/],
    [`ext::id#${COMMIT}`, "LOCK_UNSUPPORTED", /http, https, file, ssh or git/],
    [`ftp://h.example/r#${COMMIT}`, "LOCK_UNSUPPORTED", /http, https, file, ssh or git/],
    [`https://h.example/o/../r#${COMMIT}`, "LOCK_INVALID", /without dot segments/],
    [`ssh://git@h.example/./r#${COMMIT}`, "LOCK_INVALID", /without dot segments/],
    [`git@h.example:../r#${COMMIT}`, "LOCK_INVALID", /without dot segments/],
    [`https://h.example/o/%2E./r#${COMMIT}`, "LOCK_INVALID", /without dot segments/],
  ] as const)("%s is refused", (git, code, message) => {
    expectRefused("uv.lock", uv(`git = "${git}"`), code, message);
  });
});

describe("a repository as pip writes it", () => {
  it.each([
    [`git+https://h.example/r@${COMMIT}`, { location: "git+https://h.example/r", commit: COMMIT }],
    ["git+https://h.example/r@v1.0", { location: "git+https://h.example/r", reference: "v1.0" }],
    ["git+https://h.example/r", { location: "git+https://h.example/r" }],
    ["git+file:/srv/r", { location: "git+file:///srv/r" }],
    [
      "git+ssh://git@h.example/o/r.git@main",
      { location: "git+ssh://h.example/o/r.git", reference: "main" },
    ],
    [
      "git+https://h.example/r#egg=y&subdirectory=s",
      { location: "git+https://h.example/r", part: "subdirectory=s" },
    ],
    [
      "hg+https://h.example/r@tip",
      { vcs: "hg", location: "hg+https://h.example/r", commit: "tip" },
    ],
  ])("x @ %s", (url, expected) => {
    expect(requirement(`x @ ${url}`)).toMatchObject({
      name: "x",
      source: vcs("", expected),
      files: [],
    });
  });

  it("is named by its fragment where nothing else names it", () => {
    expect(requirement("-e git+https://h.example/r.git@main#egg=My_Pkg[extra]")).toMatchObject({
      name: "my-pkg",
      source: vcs("git+https://h.example/r.git", { reference: "main" }),
    });
    expect(requirement("git+https://h.example/some.repo.git@main")).toMatchObject({
      name: "some-repo",
    });
  });

  it("is refused with a query or another fragment", () => {
    const path = "requirements.txt";
    expectRefused(path, "x @ git+https://h.example/r?a=b", "LOCK_UNSUPPORTED", /line 1.*query/);
    expectRefused(path, "x @ git+https://h.example/r#a=b", "LOCK_UNSUPPORTED", /line 1.*"a"/);
  });
});

it("the short form of SSH is a URL as well", () => {
  const lock = (url: string): string =>
    `[metadata]\nlock_version = "4.5.0"\n[[package]]\nname = "x"\nversion = "1"\n` +
    `git = "${url}"\nrevision = "${COMMIT}"\n`;
  for (const url of ["git@github.com:o/r.git", "ssh://git@github.com/o/r.git"]) {
    expect(entry(read("pdm.lock", lock(url)), "x").source).toEqual(
      vcs("git+ssh://github.com/o/r.git", { commit: COMMIT }),
    );
  }
});

describe("a folder or file on disk", () => {
  it.each([
    [".", "."],
    ["./", "."],
    ["a", "./a"],
    ["./a/", "./a"],
    ["a/../b//c/.", "./b/c"],
    ["..", ".."],
    ["../a", "../a"],
    ["a/../../b", "../b"],
    ["../../a b", "../../a b"],
    ["/srv/a b%/ö", "file:///srv/a%20b%25/%C3%B6"],
    ["/../srv/./a", "file:///srv/a"],
    ["C:/a/b", "file:///C:/a/b"],
  ])("%j is at %j", (path, location) => {
    expect(uvSource(`directory = "${path}"`)).toEqual({ kind: "directory", location, part: null });
  });

  it.each([
    [".", "./sub/app"],
    ["..", "./sub"],
    ["../..", "."],
    ["../../../x", "../x"],
    ["/x", "file:///x"],
  ])("%j counts from the folder of the lock", (path, location) => {
    expect(uvSource(`editable = "${path}"`, "sub/app/uv.lock")).toMatchObject({ location });
  });

  it.each([
    ["", "LOCK_INVALID"],
    ["a\\u0007b", "LOCK_INVALID"],
    ["a\\u202eb", "LOCK_INVALID"],
    ["a\\\\b", "LOCK_UNSUPPORTED"],
  ])("%j is refused", (path, code) => {
    expectRefused("uv.lock", uv(`directory = "${path}"`), code, /^uv\.lock, line 3, package "x"/);
  });

  it("is the same as a file URL and as a path", () => {
    const hash = `--hash=sha256:${A}`;
    expect(requirement("file:///srv/My_Folder")).toMatchObject({
      name: "my-folder",
      source: { kind: "directory", location: "file:///srv/My_Folder" },
    });
    for (const line of [
      `x @ file:///w/x-1-py3-none-any.whl ${hash}`,
      `/w/x-1-py3-none-any.whl ${hash}`,
    ]) {
      expect(requirement(line)).toMatchObject({
        name: "x",
        source: { kind: "path", location: "file:///w/x-1-py3-none-any.whl" },
        files: [
          { filename: "x-1-py3-none-any.whl", path: "file:///w/x-1-py3-none-any.whl", url: null },
        ],
      });
    }
  });

  it("is refused as a file URL with a host, a query or a slash in disguise", () => {
    for (const url of ["file://host/a", "file:///a?b", "file:///a%2Fb"]) {
      expectRefused(
        "requirements.txt",
        `x @ ${url}`,
        url.includes("%") ? "LOCK_INVALID" : "LOCK_UNSUPPORTED",
        /line 1/,
      );
    }
  });
});

describe("an archive by URL", () => {
  it("keeps its query, loses its login, and has the hashes of its fragment", () => {
    const url = "https://u:secret@h.example/x-1.0%2Bcpu-py3-none-any.whl?sig=1";
    expect(requirement(`x @ ${url}#sha256=${A}&subdirectory=s`)).toMatchObject({
      source: {
        kind: "url",
        location: "https://h.example/x-1.0%2Bcpu-py3-none-any.whl?sig=1",
        part: "subdirectory=s",
      },
      files: [
        {
          filename: "x-1.0+cpu-py3-none-any.whl",
          url: "https://h.example/x-1.0%2Bcpu-py3-none-any.whl?sig=1",
          hashes: [{ algorithm: "sha256", value: A }],
        },
      ],
    });
  });

  it("has the name of its URL in a uv.lock, of wheels and of sdists", () => {
    const url = "https://h.example/x-1.tar.gz";
    const text = uv(`url = "${url}", subdirectory = "s"`, `sdist = { hash = "sha256:${A}" }\n`);
    expect(entry(read("uv.lock", text), "x")).toMatchObject({
      source: { kind: "url", location: url, part: "subdirectory=s" },
      files: [{ filename: "x-1.tar.gz", url, hashes: [{ algorithm: "sha256", value: A }] }],
    });
  });

  it.each([
    "https://h.example/%2e%2e%2fx.whl",
    "https://h.example/a%5cb.whl",
    "https://h.example/",
  ])("%s has no name of a file", (url) => {
    expectRefused(
      "requirements.txt",
      `x @ ${url} --hash=sha256:${A}`,
      "LOCK_INVALID",
      /name of a file/,
    );
  });
});

describe("an index", () => {
  it.each([
    ["https://Index.Example:443/simple/", "https://index.example/simple"],
    ["http://user:secret@index.example:8080/simple//", "http://index.example:8080/simple"],
    ["../links", "../links"],
    ["file:///srv/links", "file:///srv/links"],
  ])("%s is %s", (registry, url) => {
    const wheel = `wheels = [{ url = "https://f.example/x-1-py3-none-any.whl", hash = "sha256:${A}" }]\n`;
    const lock = read("uv.lock", uv(`registry = "${registry}"`, wheel));
    expect(entry(lock, "x").source).toEqual({ kind: "index", url, alternatives: [] });
    expect(lock.logins).toEqual(registry.includes("secret") ? [registry] : []);
  });

  it.each(["https://index.example/a/../simple", "https://index.example/simple/."])(
    "%s is refused for its dot segments",
    (registry) => {
      const text = uv(`registry = "${registry}"`);
      expectRefused("uv.lock", text, "LOCK_INVALID", /line 3, package "x".*without dot segments/);
    },
  );

  it("may be a folder of files, whose paths count from there", () => {
    const lock = uv('registry = "../links"', `wheels = [{ path = "a/x-1-py3-none-any.whl" }]\n`);
    expect(entry(read("app/uv.lock", lock), "x").files).toMatchObject([
      { filename: "x-1-py3-none-any.whl", url: null, path: "./links/a/x-1-py3-none-any.whl" },
    ]);
  });

  it.each([
    "https://index.example/simple?token=secret",
    "https://index.example/simple#a",
    "ssh://index.example/simple",
    "s3://bucket/simple",
    "https://${HOST}/simple",
  ])("%s is refused", (registry) => {
    expectRefused(
      "uv.lock",
      uv(`registry = "${registry}"`),
      "LOCK_UNSUPPORTED",
      /^uv\.lock, line 3/,
    );
  });
});

describe("a user name and password", () => {
  const urls = [
    "https://me:secret@h.example/a b",
    "https://me:secret@h.example/%zz",
    "https://me:secret@h.example/${X}",
    "https://me:sec@secret@h.example/x",
    "ftp://me:secret@h.example/x",
    "https://me:secret@/x",
    "https://me:secret@h.example/simple?a#b",
  ];
  const uvTexts = urls.flatMap((url) =>
    ["registry", "git", "url"].map((key): [string, string] => ["uv.lock", uv(`${key} = "${url}"`)]),
  );
  const lines = ["x @ *", "x==1 @ *", "x>=1 @ *", "-e *", "--index-url *", '--find-links "*"'];
  const requirements = urls.flatMap((url) =>
    lines.map((line): [string, string] => ["requirements.txt", line.replace("*", url)]),
  );

  it.each(uvTexts.concat(requirements))(
    "are in no message about a %s that holds %j",
    (path, text) => {
      let shown: string;
      try {
        shown = JSON.stringify(read(path, text).distributions);
      } catch (error) {
        shown = String(error);
      }
      expect(shown).not.toMatch(/secret|me:/);
    },
  );
});

it("locations are what a #source: line of a .provenance.txt can hold", () => {
  const sources = [
    `git = "ssh://git@H.example/o/r.git?branch=b#${COMMIT}"`,
    `git = "https://user@h.example:8443/o/r.git#${COMMIT}"`,
    'url = "https://h.example/x-1.0%2Bcpu-py3-none-any.whl"',
    'path = "/srv/a/x.whl"',
    'directory = "../../a"',
    'editable = "."',
    'virtual = "a/b"',
  ];
  for (const source of sources) {
    const { location } = uvSource(source) as { readonly location: string };
    const pins = parsePins(new TextEncoder().encode(`#source:x  ${location}\n`));
    expect([...pins.byKey.values()].map(({ entry: each }) => each)).toEqual([
      { kind: "source", name: "x", source: location },
    ]);
  }
});
